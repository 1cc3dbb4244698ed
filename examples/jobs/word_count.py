"""Counts the words below one prefix and writes the counts below another."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

source, target = sys.argv[1:]
spark = SparkSession.builder.appName("word count").getOrCreate()
words = spark.read.text(source).select(f.explode(f.split("value", r"\W+")).alias("word")).where("word != ''")
words.groupBy(f.lower("word").alias("word")).count().write.mode("overwrite").parquet(target)
