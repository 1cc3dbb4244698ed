"""Sums the sales of a day for each product.

    spark-submit daily_sales.py --day 2026-11-23 --orders data/orders.csv --products data/products.csv --output sales

Runs unchanged on a cluster, and on a laptop with ``pip install pyspark``. A second run for a day replaces the first.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ORDERS = (
    "order_id STRING, ordered_at TIMESTAMP, product_id STRING, quantity INT, unit_price DECIMAL(12, 2), status STRING"
)
PRODUCTS = "product_id STRING, name STRING, category STRING"


def daily_sales(orders: DataFrame, products: DataFrame, day: str) -> DataFrame:
    """Units and revenue of each product on ``day``; cancelled orders, and rows that are no orders, do not count."""
    counted = orders.where(f.to_date("ordered_at") == f.lit(day).cast("date")).where(
        "status <> 'cancelled' AND quantity > 0"
    )
    sold = counted.dropDuplicates(["order_id"]).groupBy("product_id")
    totals = sold.agg(f.sum("quantity").alias("units"), f.sum(f.expr("quantity * unit_price")).alias("revenue"))
    named = totals.join(f.broadcast(products), "product_id", "left")
    return named.select(
        f.lit(day).cast("date").alias("day"),
        "product_id",
        f.coalesce("name", f.lit("unknown")).alias("name"),
        f.coalesce("category", f.lit("unknown")).alias("category"),
        "units",
        "revenue",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("day", "orders", "products", "output"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    spark = SparkSession.builder.appName(f"daily sales {options.day}").getOrCreate()
    orders = spark.read.csv(options.orders, schema=ORDERS, header=True)
    products = spark.read.csv(options.products, schema=PRODUCTS, header=True)
    sales = daily_sales(orders, products, options.day)
    sales.coalesce(1).write.mode("overwrite").parquet(f"{options.output.rstrip('/')}/day={options.day}")
    spark.stop()


if __name__ == "__main__":
    main()
