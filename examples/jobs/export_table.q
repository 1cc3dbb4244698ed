-- Copies the items of the DynamoDB table ${TABLE} to text files below ${FOLDER}, with half of its read capacity.
DROP TABLE IF EXISTS live_items;
CREATE EXTERNAL TABLE live_items (item MAP<STRING, STRING>)
STORED BY 'org.apache.hadoop.hive.dynamodb.DynamoDBStorageHandler'
TBLPROPERTIES ("dynamodb.table.name" = "${TABLE}", "dynamodb.throughput.read.percent" = "0.5");

DROP TABLE IF EXISTS stored_items;
CREATE EXTERNAL TABLE stored_items (item MAP<STRING, STRING>)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' LINES TERMINATED BY '\n'
LOCATION '${FOLDER}';

INSERT OVERWRITE TABLE stored_items SELECT * FROM live_items;
