-- The ten products that sold most on a day; ${SALES} is a folder of daily_sales.py, ${TOP} the folder to write to.
INSERT OVERWRITE DIRECTORY '${TOP}'
USING parquet
SELECT product_id, name, units, revenue
FROM parquet.`${SALES}`
ORDER BY revenue DESC
LIMIT 10;
