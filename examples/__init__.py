"""Small stacks, one for each thing that people want; each is synthesized, snapshotted, linted and checked in the tests.

``cdk --app "python3 -m examples.quickstart" deploy``
"""
