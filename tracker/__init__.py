"""The program: from a registry file to the list of accounts that fail."""

__version__ = "0.1.0"
