"""Company rules: sets of policies and functions over clusters, separate from the rules of the library.

Nothing here imports CDK, and nothing is registered: a ``rule_set.RuleSet`` only runs where it is passed.
"""
