"""What the rules of ``emr_constructs.rules.studio`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import SESSION_MAPPING, STUDIO, STUDIO_ROLE, TOKEN, Case, mapping, sign_in, studio

CASES = [
    # Studio
    Case("emr-studio-name", STUDIO, studio(Name="***"), "'***'", studio(Name="Data science")),
    Case("emr-studio-name", STUDIO, studio(Name="s" * 257),
         "name of the Studio must have 1 to 256 characters, and at least one letter, digit, hyphen or underscore, "
         "got "
         "'ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
         "sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
         "ssssssssssssssssssssssssssssssssssssssssssss'",
         studio(Name="s" * 256)),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[]), "number of subnets must be 1 to 5, got 0", studio()),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[f"subnet-{number}" for number in range(6)]),
         "number of subnets must be 1 to 5, got 6",
         studio(SubnetIds=[f"subnet-{number}" for number in range(5)])),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[TOKEN] * 6), "number of subnets must be 1 to 5, got 6",
         studio(SubnetIds=[TOKEN] * 5)),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=["subnet-1", "subnet-1"]), "'subnet-1' 2 times",
         studio(SubnetIds=["subnet-1", "subnet-2"])),
    Case("emr-studio-location", STUDIO, studio(DefaultS3Location="hdfs:///notebooks"), "'hdfs:///notebooks'",
         studio(DefaultS3Location="s3://company-workspaces")),
    Case("emr-studio-security-group-id", STUDIO, studio(EngineSecurityGroupId="engine"),
         "EngineSecurityGroupId must be the ID of a security group, got 'engine'", studio()),
    Case("emr-studio-security-groups", STUDIO, studio(EngineSecurityGroupId="sg-11111111"), "'sg-11111111'", studio()),
    Case("emr-studio-arn", STUDIO, studio(ServiceRole="studio"), "ServiceRole must be an ARN, got 'studio'", studio()),
    Case("emr-studio-arn", STUDIO, studio(EncryptionKeyArn="alias/studio"),
         "EncryptionKeyArn must be an ARN, got 'alias/studio'",
         studio(EncryptionKeyArn="arn:aws-cn:kms:cn-north-1:111111111111:key/1")),
    Case("emr-studio-arn", "StudioAuthMode", sign_in("SSO", IdcInstanceArn="ssoins-1"),
         "IdcInstanceArn must be an ARN, got 'ssoins-1'",
         sign_in("SSO", IdcInstanceArn="arn:aws:sso:::instance/ssoins-1")),
    Case("emr-studio-arn", SESSION_MAPPING, mapping(SessionPolicyArn=STUDIO_ROLE),
         "SessionPolicyArn must be an ARN, got 'arn:aws:iam::111111111111:role/studio'",
         mapping(SessionPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
    Case("emr-studio-user-role", STUDIO, studio("SSO"), "authentication mode SSO requires a user role",
         studio("SSO", UserRole=STUDIO_ROLE)),
    Case("emr-studio-auth-mode", STUDIO, studio(UserRole=STUDIO_ROLE),
         "UserRole can't be combined with the authentication mode IAM",
         studio()),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("SSO", IdpAuthUrl="https://idp.example.com"),
         "IdpAuthUrl can't be combined with the authentication mode SSO",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("IAM", IdcUserAssignment="REQUIRED"),
         "IdcUserAssignment can't be combined with the authentication mode IAM",
         sign_in("IAM", TrustedIdentityPropagationEnabled=False)),
    Case("emr-studio-idp-url", "StudioAuthMode", sign_in("IAM", IdpAuthUrl="http://idp.example.com"), "'http://idp",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com:8443/sso?app=emr")),
    Case("emr-studio-relay-state", "StudioAuthMode", sign_in("IAM", IdpRelayStateParameterName="RelayState"),
         "IdpRelayStateParameterName requires IdpAuthUrl",
         sign_in("IAM", IdpRelayStateParameterName="RelayState", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-id", SESSION_MAPPING, mapping(StudioId="analysts"), "'analysts'", mapping()),
    Case("emr-studio-identity", SESSION_MAPPING, mapping(IdentityName=""),
         "name of the user or group must have 1 to 256 characters, got ''",
         mapping(IdentityName="Data science", IdentityType="USER")),
    Case("emr-studio-engine-port", "StudioSecurityGroups",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": [
             {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]},
         "engine security group of a Studio must allow TCP 18888 from the Workspace security group, got 'Engine'",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": [
             {"IpProtocol": "tcp", "FromPort": 18888, "ToPort": 18888}]}),
    Case("emr-studio-engine-port", "StudioSecurityGroups",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": []}, "got 'Engine'",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": [{"IpProtocol": "-1"}]}),
    Case("emr-studio-mapping-mode", "MappedStudio", {"LogicalId": "Studio", "AuthMode": "IAM"},
         "users and groups must be assigned to a Studio with the authentication mode SSO, because IAM policies control "
         "access to other Studios, got IAM in 'Studio'", {"LogicalId": "Studio", "AuthMode": "SSO"}),
    Case("emr-studio-security-groups", STUDIO, studio(EngineSecurityGroupId=TOKEN, WorkspaceSecurityGroupId=TOKEN),
         "security groups of the engine and of Workspaces must be different, got one group for both",
         studio(EngineSecurityGroupId=TOKEN)),
    Case("emr-studio-engine-port", "StudioSecurityGroups",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": [{"IpProtocol": "-1", "Source": "Other"}]},
         "got 'Engine'",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Engine": [
             {"IpProtocol": "-1", "Source": "Workspace"}]}),
    Case("emr-studio-workspace-egress", "StudioSecurityGroups",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Egress": [
             {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]},
         "Workspace security group of a Studio must allow TCP 18888 to the engine security group, got 'Workspace'",
         {"EngineGroup": "Engine", "WorkspaceGroup": "Workspace", "Egress": [
             {"IpProtocol": "tcp", "FromPort": 18888, "ToPort": 18888, "Source": "Engine"}]}),
]  # fmt: skip
