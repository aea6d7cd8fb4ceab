"""Roles and rights. One table says what a role may do; pages and API ask the same table."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the check."""

    ADMIN = "admin"
    CITY = "city"
    COUNTY = "county"
    UNIT = "unit"


TITLES: Mapping[Role, str] = {Role.ADMIN: "管理员", Role.CITY: "市级", Role.COUNTY: "县区", Role.UNIT: "单位"}
"""How people call the roles."""


class Right(StrEnum):
    """One thing that somebody may do; each route of the console names exactly one."""

    SELF = "self"
    """One's own password, sessions and tokens."""
    SAMPLE = "sample"
    """Enter the invented workspace: only where one person works alone, for it changes what everybody would see."""
    START = "start"
    """What the office does next."""
    SEE = "see"
    """Accounts, verdicts and evidence within one's scope."""
    REGISTRY = "registry"
    """Import, change and export the registry."""
    PERIOD = "period"
    """Periods, draws, the workspace's settings."""
    COLLECT = "collect"
    """Paste links, sort pictures."""
    LOOK = "look"
    """Look at accounts within one's scope and record it."""
    RUN = "run"
    """Begin, stop and resume sweeps; judge."""
    REVIEW = "review"
    """Confirm, dismiss, ask."""
    REPORT = "report"
    """Drafts, versions, comparisons, the check of a bulletin."""
    PRINT = "print"
    """The final print."""
    CONSULT = "consult"
    """Send consultations, take replies in, rule on objections; hold rectification against findings."""
    OWN = "own"
    """Findings of one's own accounts that were sent out or printed."""
    ANSWER = "answer"
    """Reply to, object against findings of one's own accounts, with proof."""
    RECTIFY = "rectify"
    """Report the rectification of one's own accounts."""
    RULES = "rules"
    """Read the rules."""
    WHATIF = "what-if"
    """Hold one profile against another."""
    SYSTEM = "system"
    """Users, credentials, schedule."""
    AUDIT = "audit"
    """Read and verify the audit log."""


_CITY = frozenset(Right) - {Right.SAMPLE, Right.SYSTEM, Right.AUDIT}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right) - {Right.SAMPLE},
    Role.CITY: _CITY,
    Role.COUNTY: frozenset({Right.SELF, Right.SEE, Right.LOOK, Right.OWN, Right.ANSWER, Right.RECTIFY, Right.RULES}),
    Role.UNIT: frozenset({Right.SELF, Right.OWN, Right.ANSWER, Right.RECTIFY, Right.RULES}),
}
"""What is not listed is refused."""
