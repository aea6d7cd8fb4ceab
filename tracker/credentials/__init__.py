"""Credentials (凭据: 登录态, 授权), encrypted at rest; their secrets are never in logs, errors, evidence or the database."""

from tracker.credentials.key import VARIABLE, Key, Keys, fresh
from tracker.credentials.places import Place, places
from tracker.credentials.records import DEAD, Credential, Hidden, Kind, minute
from tracker.credentials.shapes import FIELDS, ends, from_fields, from_file, only
from tracker.credentials.vault import FOLDER, Vault

__all__ = [
    "DEAD",
    "FIELDS",
    "FOLDER",
    "VARIABLE",
    "Credential",
    "Hidden",
    "Key",
    "Keys",
    "Kind",
    "Place",
    "Vault",
    "ends",
    "fresh",
    "from_fields",
    "from_file",
    "only",
    "minute",
    "places",
]
