"""How something was looked at, what the look gave, and what the engine does about it."""

from collections.abc import Mapping
from enum import StrEnum


class Route(StrEnum):
    """How something was looked at."""

    API = "api"
    HTTP = "http"
    BROWSER = "browser"
    FEED = "feed"
    LINK = "link"
    MANUAL = "manual"


class Aspect(StrEnum):
    """What is looked at (检查项)."""

    EXISTENCE = "existence"
    VERIFICATION = "verification"
    POSTS = "posts"
    COMMENT_POLICY = "comment_policy"
    REPLIES = "replies"
    LIKES = "likes"
    MENU = "menu"
    FOOTERS = "footers"
    BIO = "bio"


class Outcome(StrEnum):
    """The one vocabulary of what a look gave (formats/*.md §5/§6)."""

    OK = "ok"
    EMPTY = "empty"
    GONE = "gone"
    ITEM_GONE = "item_gone"
    PARTIAL = "partial"
    RESTRICTED = "restricted"
    LOGIN_WALL = "login_wall"
    CHALLENGE = "challenge"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    AUTH = "auth"
    QUOTA = "quota"
    AMBIGUOUS_EMPTY = "ambiguous_empty"
    INCONSISTENT = "inconsistent"
    FOREIGN_ROWS = "foreign_rows"
    DRIFT = "drift"
    TRANSPORT = "transport"
    NOT_OBSERVABLE = "not_observable"
    NOT_RECORDED = "not_recorded"


KNOWLEDGE = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.GONE, Outcome.ITEM_GONE})
HALF_KNOWLEDGE = frozenset({Outcome.PARTIAL, Outcome.RESTRICTED})
IGNORANCE = frozenset(Outcome) - KNOWLEDGE - HALF_KNOWLEDGE


class Handling(StrEnum):
    """What the engine does with a lane after an outcome."""

    GO_ON = "go_on"
    RETRY = "retry"
    REST = "rest"
    """The lane ends for this sweep; it may be tried again later by itself."""
    STOP = "stop"
    """The lane ends and a person is asked: a wall is never worked around."""
    FREEZE = "freeze"
    """Judging of the platform is to be frozen until a developer has looked."""


HANDLING: Mapping[Outcome, Handling] = {
    **dict.fromkeys(KNOWLEDGE | HALF_KNOWLEDGE, Handling.GO_ON),
    Outcome.LOGIN_WALL: Handling.STOP,
    Outcome.CHALLENGE: Handling.STOP,
    Outcome.RATE_LIMITED: Handling.REST,
    Outcome.REFUSED: Handling.REST,
    Outcome.AUTH: Handling.STOP,
    Outcome.QUOTA: Handling.REST,
    Outcome.AMBIGUOUS_EMPTY: Handling.GO_ON,
    Outcome.INCONSISTENT: Handling.GO_ON,
    Outcome.FOREIGN_ROWS: Handling.GO_ON,
    Outcome.DRIFT: Handling.FREEZE,
    Outcome.TRANSPORT: Handling.RETRY,
    Outcome.NOT_OBSERVABLE: Handling.GO_ON,
    Outcome.NOT_RECORDED: Handling.GO_ON,
}
"""The one table outcome → what the engine does."""
