"""Writes the pages of the documentation site, which ``make docs`` builds; imports neither CDK nor Node.js."""
