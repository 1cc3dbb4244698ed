"""Reads the EMR resources of CloudFormation templates, without CDK.

:mod:`.parsing` reads the text, :mod:`.intrinsics` resolves static values, :mod:`.requests` converts resources to
requests to the EMR API. :mod:`.checking` runs the rules, :mod:`.updates` predicts the effects of an update,
:mod:`.overview` summarizes what a cluster launches.
"""
