"""Deployable stacks, which compose constructs."""
