"""Reads the EMR resources of CloudFormation templates, without CDK.

``parsing`` reads the text, ``intrinsics`` resolves static values, ``requests`` converts resources to
requests to the EMR API. ``checking`` runs the rules, ``updates`` predicts the effects of an update,
``overview`` summarizes what a cluster launches.
"""
