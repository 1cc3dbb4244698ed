from __future__ import annotations

import pytest

from emr_constructs import EmrError, HiveConfigurations


def test_external_metastore_keeps_the_password_out_of_the_template(shared_stack, secret):
    (found,) = HiveConfigurations.external_metastore(
        jdbc_url="jdbc:mysql://host:3306/hive", user="hive", password=secret
    )
    rendered = shared_stack.resolve(found.render()["Properties"])
    arn = rendered.pop("EMR.secret@javax.jdo.option.ConnectionPassword")
    assert "secret:hive" in str(arn)
    assert rendered == {
        "javax.jdo.option.ConnectionURL": "jdbc:mysql://host:3306/hive",
        "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver",
        "javax.jdo.option.ConnectionUserName": "hive",
    }
    assert list(found.secrets) == [secret]


def test_refuses_a_password_as_text():
    with pytest.raises(EmrError, match="the password of the metastore is not a secret; keep it in Secrets Manager"):
        HiveConfigurations.external_metastore(jdbc_url="jdbc:mysql://host/hive", user="hive", password="hunter2")


def test_refuses_an_address_that_is_no_url(secret):
    with pytest.raises(EmrError, match="the metastore is at 'host:3306'; give a URL such as 'jdbc:mysql"):
        HiveConfigurations.external_metastore(jdbc_url="host:3306", user="hive", password=secret)
