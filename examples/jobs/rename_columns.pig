-- Gives the lines below $SOURCE the columns of an order and stores them below $TARGET.
orders = LOAD '$SOURCE' USING PigStorage(',') AS (order_id:chararray, day:chararray, product_id:chararray, units:int);
sold = FILTER orders BY units > 0;
STORE sold INTO '$TARGET' USING PigStorage('\t');
