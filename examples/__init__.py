"""Small stacks, one for each feature; the tests synthesize, snapshot, lint and check each of them.

``cdk --app "python3 -m examples.quickstart" deploy``
"""
