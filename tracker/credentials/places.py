"""Where a person logs in, per platform, and which cookies a login lives in: data, see logins.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("logins.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One platform's login. `hosts` may be opened by a person's login window beside the adapter's own."""

    open: str
    hosts: frozenset[str]
    cookies: frozenset[str]
    revoke: str
    """Where a login, or a grant, is ended at the platform itself."""


@cache
def places() -> dict[str, Place]:
    """All that there are, by platform."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: Place(
            open=str(one.get("open", "")),
            hosts=frozenset(one.get("hosts", ())),
            cookies=frozenset(one.get("cookies", ())),
            revoke=str(one["revoke"]),
        )
        for name, one in told.items()
    }
