"""What one visit can say of an account: one value type per aspect, and the observation that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.model.outcome import IGNORANCE, Aspect, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a page says that it shows; the value of `existence`. `ids` by kind, as in `Account.ids`."""

    ids: Mapping[str, str]
    name: str
    closed: str = ""
    """The platform's own words that the account was cancelled or frozen (此帐号已自主注销); empty = it does not say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the platform says of 认证. `kind` is the platform's own code or word, for a person to map."""

    verified: bool
    kind: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One own public post. `at` is aware; a source that tells only a day gives 00:00 Asia/Shanghai."""

    id: str
    at: datetime
    title: str = ""
    text: str = ""
    """The account's own words, shortened to what findings need (`text.clip`); empty = the route does not tell them."""
    url: str = ""
    pinned: bool = False
    repost: bool = False
    comments: int | None = None
    """Number of comments that the platform states; None = not told."""
    comments_open: bool | None = None
    """Whether this post takes comments; None = not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Own public posts that one visit shows, newest first.

    `as_of`: last instant that the route could show. `complete_since`: from there to `as_of` no own post is missing;
    None = the list proves nothing about silence (login-filtered, single article, feed).
    """

    items: tuple[Post, ...]
    as_of: datetime
    complete_since: datetime | None = None

    @property
    def latest(self) -> Post | None:
        """The newest post by date, pinned ones included but never first by trust."""
        return max(self.items, key=lambda post: post.at, default=None)

    @property
    def exact(self) -> bool:
        """Whether the newest date is the newest that exists, not only a lower bound."""
        return self.complete_since is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One piece of evidence: what was found, where, and the words as they stand there."""

    kind: str
    quote: str
    url: str = ""
    at: datetime | None = None
    why: str = ""
    """Why it counts, one Chinese clause; empty = it speaks for itself."""
    sure: bool = True
    """False = low confidence: only a person can say."""
    file: str = ""
    """The visit whose bytes show it (`StoredVisit.file`); filled in where facts are built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A search result: `hits` were seen; `whole` = everything that had to be searched was searched."""

    hits: tuple[Hit, ...] = ()
    whole: bool = False


class CommentState(StrEnum):
    """Whether outsiders can comment."""

    OPEN = "open"
    SCREENED = "screened"
    SUSPECTED_CLOSED = "suspected_closed"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPolicy:
    """Comment setting over the last `of` posts, of which `seen` told something; `why` quotes the sign."""

    state: CommentState
    seen: int = 0
    of: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """The account's answers to comments: `seen` of `of` comments were read, `answered` of those have its reply."""

    seen: int
    of: int | None
    answered: int
    oldest: datetime | None = None
    """When the oldest comment read without an answer was written; None = not told, or all were answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """One post of somebody else that the account liked. `at` is the liked post's date, never the like's."""

    post_id: str
    owner: str
    owner_kind: str = ""
    """One of 政府, 媒体, 企业, 机构, 个人, or empty when the platform does not say."""
    text: str = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """Liked posts that one visit shows; `whole` = the platform gave all of them."""

    items: tuple[Like, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What opening a menu entry's link or a column (栏目) showed.

    `outcome`: `ok` = it opens; `empty` = it opens and holds nothing; `item_gone` = deleted or dead; anything else = not known.
    """

    outcome: Outcome
    detail: str = ""
    """The platform's own words (该内容已被发布者删除), or why it is not known."""
    title: str = ""
    """What the page or list calls itself."""
    own: bool | None = None
    """Whether it belongs to the account or its organisation; None = not told."""
    items: int | None = None
    """Number of pieces in the column; None = not told, or no column."""
    latest: datetime | None = None
    """Date of the newest piece seen; None = not told."""
    exact: bool = False
    """Whether `latest` is surely the newest there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One menu button or column; `path` names it from the top (互动交流/留言), `kind` is the platform's word for its sort."""

    path: str
    kind: str
    url: str = ""
    target: Target | None = None
    """What it leads to; None = nobody looked, or it leads nowhere that a machine can open (click, miniprogram)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The account's menu and what else its owner data says of interaction.

    `channels` hits are ways for the public to speak (menu entry, open comments); `channels.whole` = every way was asked for.
    """

    is_open: bool
    entries: tuple[MenuEntry, ...] = ()
    channels: Found = Found()
    auto_reply: bool | None = None
    """Whether automatic replies are on; None = not told."""
    listed: bool = True
    """Whether `entries` are all there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bio:
    """Self-description of the account."""

    text: str


Value = Identity | Verification | Posts | CommentPolicy | Replies | Likes | Menu | Found | Bio

VALUE_OF: Mapping[Aspect, type[Value]] = {
    Aspect.EXISTENCE: Identity,
    Aspect.VERIFICATION: Verification,
    Aspect.POSTS: Posts,
    Aspect.COMMENT_POLICY: CommentPolicy,
    Aspect.REPLIES: Replies,
    Aspect.LIKES: Likes,
    Aspect.MENU: Menu,
    Aspect.FOOTERS: Found,
    Aspect.BIO: Bio,
}
"""The type of `Seen.value` for each aspect. Footers are `Found`: hits are commercial content at the page bottom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An aspect that was understood. `outcome` is knowledge or half-knowledge, never ignorance."""

    value: Value
    outcome: Outcome = Outcome.OK

    def __post_init__(self) -> None:
        if self.outcome in IGNORANCE:
            raise ValueError(f"an aspect cannot be seen with outcome {self.outcome}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An aspect that was not understood, with the reason; `detail` is one Chinese clause for the 未能核查 list."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a person reported (route `manual`): `code` of the rule, `broken` or not, the words as written."""

    code: str
    broken: bool
    phrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one visit says. An aspect that is absent was not the business of this visit."""

    outcome: Outcome
    """Of the page as a whole: the engine's table acts on it."""
    aspects: Mapping[Aspect, Seen | Unseen] = field(default_factory=dict)
    detail: str = ""
    """One Chinese clause that says why, where outcome is not `ok`."""
    reported: tuple[Reported, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks for the verdict card (a date was in the future, rows were dropped …)."""
