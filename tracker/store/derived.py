"""The columns that lists are sorted, filtered and searched by, derived from a record when it is written; never null.

What is compared for equality is `short`, what is sorted is clipped: a PostgreSQL index refuses rows over 2,704 bytes.
"""

from collections.abc import Iterable

from tracker import text
from tracker.model import Account, Status, Verdict
from tracker.store.codec import scrub
from tracker.store.tables import digest

LINE = ("conclusion", "word", "platform", "region", "owner", "name", "latest", "idle", "waiting", "search")
"""Columns of `verdict_line` after judgement and position, in the order of `verdict_line`."""

UNKNOWN = -1
"""Idle days of which nothing is known: sorted behind every number."""

_MOST = 60
"""Characters of a sort key, and of a text that is compared as it is."""


def account_columns(account: Account) -> dict[str, str]:
    """The derived columns of an account."""
    return {
        "region": short(account.region),
        "org_type": short(account.org_type),
        "status": short(account.status),
        "owner": owner(account.organisation),
        "name": sort_key(account.name),
        "organisation": sort_key(account.organisation),
        "search": search(account),
    }


def verdict_line(verdict: Verdict) -> tuple[object, ...]:
    """The short row of a verdict: see `LINE`."""
    account = verdict.account
    return (
        str(verdict.conclusion),
        scrub(verdict.word),
        short(account.platform),
        short(account.region),
        owner(account.organisation),
        sort_key(account.name),
        verdict.latest_post.isoformat() if verdict.latest_post else "",
        verdict.idle_days.least if verdict.idle_days else UNKNOWN,
        sum(one.status is Status.CANDIDATE for one in verdict.findings),
        search(account),
    )


def short(told: str) -> str:
    """A text that is compared as a whole: itself, or its beginning and its digest where it is long."""
    told = scrub(told)
    return told if len(told) <= _MOST else f"{told[:_MOST]}…{digest(told)[:16]}"


def owner(organisation: str) -> str:
    """Whose it is: digest of the organisation's name as the field compares names."""
    return owner_of(text.folded(organisation))


def owner_of(key: str) -> str:
    """The same for a name that is a `text.key` already."""
    return digest(key)[:32]


def sort_key(name: str) -> str:
    """What a name is sorted by."""
    return text.folded(scrub(name))[:_MOST]


def search(account: Account) -> str:
    """Everything that a list is searched in, as names are compared: name, organisation, filed id, our id."""
    return joined((account.name, account.organisation, account.filed_id, account.account_id))


def joined(told: Iterable[str]) -> str:
    """Texts as names are compared, one a line: no search word reaches over the end of one."""
    return "\n".join(text.folded(scrub(one)) for one in told)
