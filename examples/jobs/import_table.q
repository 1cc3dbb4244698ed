-- Writes the items that export_table.q stored below ${FOLDER} into the DynamoDB table ${TABLE}, which has the same keys.
DROP TABLE IF EXISTS stored_items;
CREATE EXTERNAL TABLE stored_items (item MAP<STRING, STRING>)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' LINES TERMINATED BY '\n'
LOCATION '${FOLDER}';

DROP TABLE IF EXISTS new_items;
CREATE EXTERNAL TABLE new_items (item MAP<STRING, STRING>)
STORED BY 'org.apache.hadoop.hive.dynamodb.DynamoDBStorageHandler'
TBLPROPERTIES ("dynamodb.table.name" = "${TABLE}", "dynamodb.throughput.write.percent" = "0.5");

INSERT OVERWRITE TABLE new_items SELECT * FROM stored_items;
