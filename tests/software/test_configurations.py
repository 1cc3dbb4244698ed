from __future__ import annotations

import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import Application, Configuration, EmrError
from emr_constructs.software.configurations import merge, render, secret_arns


def test_numbers_and_booleans_become_the_strings_that_emr_wants():
    configuration = Configuration("spark-defaults", {"a": True, "b": False, "c": 4, "d": 0.75, "e": "8g"})
    assert configuration._render() == {
        "Classification": "spark-defaults",
        "Properties": {"a": "true", "b": "false", "c": "4", "d": "0.75", "e": "8g"},
    }


def test_nests_configurations():
    configuration = Configuration("hadoop-env", configurations=[Configuration("export", {"HADOOP_HEAPSIZE": 4096})])
    assert configuration._render() == {
        "Classification": "hadoop-env",
        "Configurations": [{"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096"}}],
    }


def test_environment_nests_an_export():
    assert Configuration.environment("yarn-env", {"YARN_HEAPSIZE": 2048}) == Configuration(
        "yarn-env", configurations=[Configuration("export", {"YARN_HEAPSIZE": 2048})]
    )


def test_environment_rejects_what_is_none():
    with pytest.raises(EmrError, match="classification must end with -env, got 'yarn-site'; use a classification of"):
        Configuration.environment("yarn-site", {"YARN_HEAPSIZE": 2048})
    with pytest.raises(EmrError, match="configuration 'export' must not be empty; specify properties"):
        Configuration.environment("yarn-env", {})


def test_finds_the_secrets_that_are_named_by_arn():
    arn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:hive-a1b2c3"
    named = Configuration("hive-site", {"EMR.secret@password": arn, "user": "hive"})
    nested = Configuration("a", configurations=[named])
    assert list(secret_arns({"Instances": {"InstanceGroups": [{"Configurations": render([nested])}]}})) == [arn]


def test_does_not_change_with_what_it_was_made_of():
    properties = {"a": "1"}
    configuration = Configuration("spark-defaults", properties)
    properties["a"] = "2"
    assert configuration.properties == {"a": "1"}


def test_merges_the_same_classification_at_every_depth():
    export = Configuration("export", {"A": "1"})
    merged = render(
        [
            Configuration("spark-env", {"x": "1"}, [export]),
            Configuration("spark-defaults", {"y": 2}),
            Configuration("spark-env", {"x": "1", "z": True}, [Configuration("export", {"B": "2"})]),
        ]
    )
    assert merged == [
        {
            "Classification": "spark-env",
            "Properties": {"x": "1", "z": "true"},
            "Configurations": [{"Classification": "export", "Properties": {"A": "1", "B": "2"}}],
        },
        {"Classification": "spark-defaults", "Properties": {"y": "2"}},
    ]


def test_values_that_render_alike_agree():
    assert render([Configuration("a", {"k": True}), Configuration("a", {"k": "true"})]) == [
        {"Classification": "a", "Properties": {"k": "true"}}
    ]


def test_rejects_values_that_disagree_naming_all_of_them():
    with pytest.raises(EmrError) as error:
        merge([Configuration("a", {"k": 1, "l": "x"}), Configuration("a", {"k": 2, "l": "y"})])
    assert error.value.problems == (
        "'k' of 'a' must have one value, got 1 and 2; remove one of them",
        "'l' of 'a' must have one value, got 'x' and 'y'; remove one of them",
    )


def test_keeps_a_secret_out_of_the_template(stack):
    secret = secretsmanager.Secret(stack, "Password")
    configuration = Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": secret})
    properties = configuration._render()["Properties"]
    assert list(properties) == ["EMR.secret@javax.jdo.option.ConnectionPassword"]
    (value,) = properties.values()
    assert stack.resolve(value) == {"Ref": "Password67973E0B"}
    nested = Configuration("a", configurations=[configuration])
    assert list(nested.secrets) == [secret]


@pytest.mark.parametrize(
    ("application", "classification", "key"),
    [
        (Application.SPARK, "spark-hive-site", "hive.metastore.client.factory.class"),
        (Application.HIVE, "hive-site", "hive.metastore.client.factory.class"),
        (Application.PRESTO, "presto-connector-hive", "hive.metastore"),
        (Application.TRINO, "trino-connector-hive", "hive.metastore"),
    ],
)
def test_glue_data_catalog_is_one_call(application, classification, key):
    (configuration,) = Configuration.glue_data_catalog(application)
    assert configuration.classification == classification
    assert list(configuration.properties) == [key]


def test_glue_data_catalog_of_another_account():
    found = Configuration.glue_data_catalog(Application.SPARK, Application.HIVE, catalog_id="222222222222")
    assert [part.properties["hive.metastore.glue.catalogid"] for part in found] == ["222222222222"] * 2


def test_glue_data_catalog_rejects_applications_that_cannot_use_it():
    with pytest.raises(EmrError, match="applications must not be empty; specify one or more of Spark"):
        Configuration.glue_data_catalog()
    with pytest.raises(EmrError, match="applications must support the Glue Data Catalog, got Pig; use some of Spark"):
        Configuration.glue_data_catalog(Application.SPARK, Application.PIG)


def test_rejects_an_empty_configuration():
    with pytest.raises(EmrError, match="configuration 'spark' must not be empty; specify properties or nested"):
        Configuration("spark")


def test_rejects_a_value_that_is_no_setting():
    with pytest.raises(
        EmrError,
        match="properties\\['a'\\] must be a string, a number, a boolean or a secretsmanager\\.ISecret, got None",
    ):
        Configuration("spark", {"a": None})


def test_merges_a_preset_that_was_not_unpacked():
    preset = Configuration.glue_data_catalog(Application.SPARK)
    assert merge([preset]) == merge([*preset])


def test_takes_a_number_that_is_known_at_deployment(stack):
    from aws_cdk import CfnParameter

    parameter = CfnParameter(stack, "Cores", type="Number")
    rendered = Configuration("spark-defaults", {"spark.executor.cores": parameter.value_as_number})._render()
    assert stack.resolve(rendered["Properties"]["spark.executor.cores"]) == {"Ref": "Cores"}
