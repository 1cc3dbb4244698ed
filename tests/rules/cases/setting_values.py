"""What the rules of ``emr_constructs.rules.setting_values`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, settings

CASES = [
    Case("emr-maximize-resource-allocation", "Configuration",
         settings("spark-defaults", maximizeResourceAllocation="true"),
         "maximizeResourceAllocation must be in the classification spark, because spark-defaults ignores it; move it "
         "to the classification spark",
         settings("spark", maximizeResourceAllocation="true")),
    Case("emr-spark-default", "Configuration", settings("spark-defaults", executor__memory="4g"),
         "name of a property in spark-defaults must begin with spark., because Spark ignores others, got "
         "'executor.memory'",
         settings("spark-defaults", spark__executor__memory="4g")),
    Case("emr-spark-classification", "Configuration", settings("spark", spark__executor__memory="4g"),
         "Spark properties must be in the classification spark-defaults, because they have no effect in others, got "
         "'spark.executor.memory' in 'spark'",
         settings("spark", enableSparkRapids="true")),
    Case("emr-spark-classification", "Configuration",
         settings("spark", spark__executor__memory="4g", spark__driver__memory="4g"),
         "got 'spark.executor.memory', 'spark.driver.memory' in 'spark'; move them to spark-defaults",
         settings("spark-defaults", spark__executor__memory="4g", spark__driver__memory="4g")),
    Case("emr-spark-classification", "Configuration", settings("yarn-site", spark__executor__memory="4g"),
         "got 'spark.executor.memory' in 'yarn-site'", settings("yarn-site", spark__shuffle__service__port="7337")),
    Case("emr-environment-export", "Configuration", settings("spark-env", PYSPARK__PYTHON="python3"),
         "environment variables must be in the nested classification export, got 'PYSPARK.PYTHON' in 'spark-env'; move "
         "the properties to a nested classification export",
         settings("spark-env", settings("export", A="b"))),
    Case("emr-classification-value", "Configuration", settings("spark", maximizeResourceAllocation="yes"),
         "value of a setting must be one that the application can read, got 'yes' for maximizeResourceAllocation of "
         "spark, which must be true or false; correct the value",
         settings("spark", maximizeResourceAllocation="TRUE")),
    Case("emr-classification-value", "Configuration", {
             "Classification": "yarn-site", "Properties": {"yarn.nodemanager.resource.memory-mb": "12g"}},
         "got '12g' for yarn.nodemanager.resource.memory-mb of yarn-site, which must be a whole number without unit", {
             "Classification": "yarn-site", "Properties": {"yarn.nodemanager.resource.memory-mb": "12288"}}),
    Case("emr-classification-value", "Configuration", {
             "Classification": "trino-config", "Properties": {"query.max-memory": "20"}},
         "which must be a size with a unit such as 20GB", {
             "Classification": "trino-config", "Properties": {"query.max-memory": "20GB"}}),
    Case("emr-classification-value", "Configuration", settings("hbase", hbase__emr__storageMode="S3"),
         "which must be s3 or hdfs", settings("hbase", hbase__emr__storageMode="s3")),
    Case("emr-setting-name", "Configuration", settings("spark", maximizeResourceAllication="true"),
         "name of a setting must be spelled as documented, because applications ignore others, got "
         "'maximizeResourceAllication' instead of 'maximizeResourceAllocation' in 'spark'; correct the name",
         settings("hive-site", hive__exec__parallel__thread__number="8")),
    Case("emr-setting-name", "Configuration",
         {"Classification": "yarn-site", "Properties": {"yarn.log-aggregation.retainSeconds": "3600"}},
         "got 'yarn.log-aggregation.retainSeconds' instead of 'yarn.log-aggregation.retain-seconds'",
         settings("hbase", hbase__emr__readreplica__enabled__v2="true")),
    Case("emr-yarn-allocation-range", "Configuration",
         {"Classification": "yarn-site", "Properties": {"yarn.scheduler.minimum-allocation-mb": "8192",
                                                        "yarn.scheduler.maximum-allocation-mb": "4096"}},
         "minimum of a YARN allocation must be at most the maximum, because the ResourceManager does not start "
         "otherwise, got a minimum of 8192 and a maximum of 4096 for allocation-mb",
         {"Classification": "yarn-site", "Properties": {"yarn.scheduler.minimum-allocation-mb": "4096",
                                                        "yarn.scheduler.maximum-allocation-mb": "4096"}}),
    Case("emr-consistent-view", "Configuration",
         {"Classification": "emrfs-site", "Properties": {"fs.s3.consistent": "true"}},
         "EMRFS consistent view must not be enabled, because AWS ended support for it in 2023",
         {"Classification": "emrfs-site", "Properties": {"fs.s3.consistent": "false"}}),
    Case("emr-metastore-driver", "Configuration",
         {"Classification": "hive-site", "Properties": {
             "javax.jdo.option.ConnectionURL": "jdbc:postgresql://db:5432/hive",
             "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver"}},
         "driver of the Hive metastore must be that of the database in its URL, got org.mariadb.jdbc.Driver for "
         "jdbc:postgresql:",
         {"Classification": "hive-site", "Properties": {
             "javax.jdo.option.ConnectionURL": "jdbc:mysql://db:3306/hive",
             "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver"}}),
    Case("emr-classification-value", "Configuration",
         {"Classification": "jupyter-s3-conf", "Properties": {"s3.persistence.bucket": "s3://notebooks"}},
         "'s3://notebooks' for s3.persistence.bucket of jupyter-s3-conf, which must be the name of a bucket",
         {"Classification": "jupyter-s3-conf", "Properties": {"s3.persistence.bucket": "notebooks"}}),
    Case("emr-classification-value", "Configuration",
         {"Classification": "spark-hive-site", "Properties": {
             "hive.metastore.client.factory.class":
                 "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClient"}},
         "which must be com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory",
         {"Classification": "spark-hive-site", "Properties": {
             "hive.metastore.client.factory.class": "com.example.ClientFactory"}}),
    Case("emr-classification-value", "Configuration",
         {"Classification": "flink-conf", "Properties": {"taskmanager.memory.process.size": "4 gig"}},
         "'4 gig' for taskmanager.memory.process.size of flink-conf, which must be a size such as 4096m",
         {"Classification": "flink-conf", "Properties": {"taskmanager.memory.process.size": "4 gb"}}),
    Case("emr-classification-value", "Configuration",
         {"Classification": "hive-site", "Properties": {"hive.metastore.glue.catalogid": "analytics"}},
         "'analytics' for hive.metastore.glue.catalogid of hive-site, which must be the 12 digits of an account",
         {"Classification": "hive-site", "Properties": {"hive.metastore.glue.catalogid": "111122223333"}}),
    Case("emr-classification-value", "Configuration", settings("hdfs-site", dfs__blocksize="128MB"),
         "which must be bytes, or a size such as 128m", settings("hdfs-site", dfs__blocksize="128m")),
    Case("emr-classification-value", "Configuration", settings("hive-site", hive__metastore__uris="host:9083"),
         "which must be thrift://HOST:PORT",
         settings("hive-site", hive__metastore__uris="thrift://a.example.com:9083,thrift://b.example.com:9083")),
    Case("emr-classification-value", "Configuration",
         settings("hive-site", javax__jdo__option__ConnectionURL="jdbc:postgres://host:5432/hive"),
         "which must be jdbc:mysql, jdbc:mariadb or jdbc:postgresql and an address",
         settings("hive-site", javax__jdo__option__ConnectionURL="jdbc:postgresql://host:5432/hive")),
    Case("emr-plain-password", "Configuration", settings("core-site", fs__s3__awsSecretAccessKey="a"),
         "got plain text for 'fs.s3.awsSecretAccessKey'", settings("core-site", fs__s3__maxConnections="500")),
    Case("emr-java-heap", "Configuration",
         settings("mapred-site", mapreduce__map__memory__mb="2048", mapreduce__map__java__opts="-Xmx4g"),
         "heap of a Java program must be at most the memory of its YARN container, because YARN stops it otherwise, "
         "got -Xmx4g in mapreduce.map.java.opts and 2048 MiB as mapreduce.map.memory.mb",
         settings("mapred-site", mapreduce__map__memory__mb="2048", mapreduce__map__java__opts="-Xmx1638m")),
    Case("emr-java-heap", "Configuration",
         settings("hive-site", hive__tez__container__size="1024", hive__tez__java__opts="-server -Xmx3276m"),
         "got -Xmx3276m in hive.tez.java.opts", settings("hive-site", hive__tez__java__opts="-Xmx3276m")),
    Case("emr-classification-missing", "Configuration", {"Properties": {"spark.executor.memory": "4g"}},
         "a configuration must have a classification, because its properties belong to no file otherwise; specify "
         "Classification", {"Classification": "spark-defaults", "Properties": {"spark.executor.memory": "4g"}}),
    Case("emr-spark-property-name", "Configuration", settings("spark-defaults", spark__pyspark__pythn="python3"),
         "got 'spark.pyspark.pythn' instead of 'spark.pyspark.python'",
         settings("spark-defaults", spark__pyspark__python="python3")),
]  # fmt: skip
