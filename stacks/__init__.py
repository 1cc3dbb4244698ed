"""Deployable stacks; they only compose constructs."""
