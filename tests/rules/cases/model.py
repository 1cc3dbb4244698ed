"""What the rules that follow from the service model reject, and what they accept instead."""

from __future__ import annotations

from .parts import DOCUMENT, Case, dedicated, group, step, volume

CASES = [
    # The engine, from the service model of EMR.
    Case("emr-type", "InstanceGroupConfig", group(InstanceCount="2"),
         "InstanceCount must be a whole number, got '2'",
         group(InstanceCount=2)),
    Case("emr-type", "VolumeSpecification", volume(SizeInGB=True),
         "SizeInGB must be a whole number, got true",
         volume(SizeInGB=1)),
    Case("emr-unknown-property", "Configuration", {"Classification": "a", "properties": {"b": "c"}},
         "no 'properties'; use 'Properties'", {"Classification": "a", "Properties": {"b": "c"}}),
    Case("emr-unknown-setting", DOCUMENT, {"InstanceMetadataServiceConfiguration": {
             "MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1, "HopLimit": 1}},
         "InstanceMetadataServiceConfiguration must have only documented members, got 'HopLimit'",
         {"InstanceMetadataServiceConfiguration": {
             "MinimumInstanceMetadataServiceVersion": "2", "HttpPutResponseHopLimit": 1.0}}),
    Case("emr-missing-property", "VolumeSpecification", {"VolumeType": "gp3"}, "lacks SizeInGB", volume()),
    Case("emr-enum", "InstanceGroupConfig", group(Market="RESERVED"),
         "Market must be one of ON_DEMAND, SPOT, got 'RESERVED'",
         group(Market="SPOT")),
    Case("emr-enum", "StepConfig", step("a", ActionOnFailure="IGNORE"),
         "ActionOnFailure must be one of TERMINATE_JOB_FLOW, TERMINATE_CLUSTER, CANCEL_AND_WAIT, CONTINUE, got "
         "'IGNORE'; use one of these values",
         step("a", ActionOnFailure="CANCEL_AND_WAIT")),
    Case("emr-length", "StepConfig", step("a", Name="n" * 257),
         "Name must have 0 to 256 characters, got 257 "
         "('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...')",
         step("a", Name="n" * 256)),
    Case("emr-range", "VolumeSpecification", volume(Throughput=-1),
         "Throughput must be at least 0, got -1",
         volume(Throughput=125)),
    # Security configuration
    Case("emr-unknown-setting", DOCUMENT, {"EnableAtRestEncryption": True}, "got 'EnableAtRestEncryption'",
         {"EncryptionConfiguration": {"EnableAtRestEncryption": False}}),
    Case("emr-unknown-setting", DOCUMENT, {"AuthorizationConfiguration": {"KerberosConfiguration": dedicated()}},
         "got 'KerberosConfiguration'; it belongs in AuthenticationConfiguration",
         {"AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}),
]  # fmt: skip
