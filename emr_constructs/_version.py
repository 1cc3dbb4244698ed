"""The version, which the package metadata, the command line and SARIF reports share."""

__all__ = ["__version__"]

__version__ = "0.2.0"
