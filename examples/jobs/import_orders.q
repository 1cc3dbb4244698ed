-- Makes a table of the tab-separated lines below ${SOURCE} and stores it as ORC below ${TARGET}.
DROP TABLE IF EXISTS legacy_orders;
CREATE EXTERNAL TABLE legacy_orders (order_id STRING, day STRING, product_id STRING, units INT)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
LOCATION '${SOURCE}';

DROP TABLE IF EXISTS orders;
CREATE EXTERNAL TABLE orders (order_id STRING, product_id STRING, units INT)
PARTITIONED BY (day STRING)
STORED AS ORC
LOCATION '${TARGET}';

SET hive.exec.dynamic.partition.mode = nonstrict;
INSERT OVERWRITE TABLE orders PARTITION (day) SELECT order_id, product_id, units, day FROM legacy_orders;
