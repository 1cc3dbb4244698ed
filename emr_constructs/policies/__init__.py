"""Rules of a company: sets of policies and functions over clusters, apart from the rules of the library.

Nothing here imports CDK, and nothing is registered: a ``rule_set.RuleSet`` only runs where it is passed.
"""
