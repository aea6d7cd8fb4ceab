"""The records of the evidence: what a file says of its visit, where it lies, and what is wrong with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from tracker.model import Account, Observation, Outcome, Route, Visit, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMeta:
    """What a stored file says of its own visit: enough to make the same `Visit` again, years later."""

    account_id: str
    """Empty for a pasted link."""
    account_key: str
    """`platform:name` as at the time of the visit: another workspace finds its own account by it."""
    platform: str
    route: Route
    window: Window
    today: date
    at: datetime
    url: str = ""
    cursor: str = ""
    outcome: Outcome | None = None
    """Only for a visit that fetched nothing (its lane had stopped): what the engine recorded instead of a reading."""
    detail: str = ""
    version: str = ""
    """Version of the program that wrote the file."""
    lane: str = ""
    control: bool = False
    twice: bool = False
    """These three as in `Visit`; files of older versions do not tell them."""

    @classmethod
    def of(cls, visit: Visit, *, platform: str, at: datetime, version: str, unread: Observation | None = None) -> Self:
        """The record of a visit; `unread` = what was recorded when nothing was fetched."""
        account = visit.account
        return cls(
            account_id=account.account_id if account else "",
            account_key=f"{platform}:{account.name}" if account else "",
            platform=platform,
            route=visit.route,
            window=visit.window,
            today=visit.today,
            at=at,
            # of a control account nothing is filed: where it is found is kept with each look
            url=account.url if account and visit.control else visit.url,
            cursor=visit.cursor,
            outcome=unread.outcome if unread else None,
            detail=unread.detail if unread else "",
            version=version,
            lane=visit.lane,
            control=visit.control,
            twice=visit.twice,
        )

    def visit(self, account: Account | None) -> Visit:
        """The visit as it was made, on `account` (None for a pasted link)."""
        return Visit(
            account=account,
            route=self.route,
            window=self.window,
            today=self.today,
            url="" if self.control else self.url,
            cursor=self.cursor,
            lane=self.lane,
            control=self.control,
            twice=self.twice,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file of the evidence: path below the root with forward slashes, SHA-256 of its bytes (hex)."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing that is wrong with a sweep's evidence; `reason` is one Chinese sentence."""

    file: str
    reason: str
