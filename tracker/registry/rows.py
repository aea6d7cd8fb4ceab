"""What one row of a registry file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One row as filed; empty = not filed. Fields as in `Account`; `sheet` and `row` say where it stands in the file."""

    sheet: str
    row: int
    platform: str
    kind: str
    filed_kind: str
    name: str
    organisation: str
    supervisor: str = ""
    org_type: str = ""
    region: str = ""
    certified_org: str = ""
    opened_on: date | None = None
    update_freq: str = ""
    status: str = ""
    status_date: date | None = None
    successor: str = ""
    url: str = ""
    site_code: str = ""
    filed_id: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
