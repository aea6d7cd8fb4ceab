"""One cell of the list: whose it is, when it was published, and what it says of comments (formats/toutiao.md §3)."""

from dataclasses import dataclass
from datetime import datetime

from adapters.toutiao.home import verified
from tracker.clock import from_unix
from tracker.model import Verification
from tracker.payload import Json, Surprise
from tracker.text import clip, squeeze

_NUMBERS = (
    ("user_info", "user_id"),
    ("user", "user_id"),
    ("user", "info", "user_id"),
    ("itemCell", "userInfo", "userID"),
    ("itemCell", "userInfo", "mediaID"),
    ("media_info", "user_id"),
    ("media_info", "media_id"),
)
_NAMES = (
    ("user_info", "name"),
    ("user", "name"),
    ("user", "info", "name"),
    ("itemCell", "userInfo", "name"),
    ("media_info", "name"),
)
_TEXT = 2000
"""Characters of an item's words that are kept."""
_IDS = (("group_id",), ("id",), ("item_id",), ("itemCell", "articleBase", "gidStr"))
_COMMENTS = (("comment_count",), ("action", "comment_count"), ("itemCell", "itemCounter", "commentCount"))
_BANS = (("ban_comment",), ("itemCell", "actionCtrl", "banComment"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a cell is: every number under which it names its author, and the name if told."""

    numbers: frozenset[str]
    name: str
    verification: Verification | None
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One own item. `at` None = no date told (guard 5); `behot` is its place in the list, never its date (guard 3)."""

    id: str
    at: datetime | None
    behot: datetime | None
    numbered: datetime | None
    """What its 19-digit id says of the time; a plausibility check only."""
    title: str
    text: str
    url: str
    pinned: bool
    repost: bool
    comments: int | None
    comments_open: bool | None
    owner: Owner


def owner_of(cell: Json) -> Owner:
    """The author of a cell, whose id stands in one of four places."""
    numbers = frozenset(value for path in _NUMBERS if (value := _words(cell.at(*path))) not in ("", "0"))
    name = next((value for path in _NAMES if (value := _words(cell.at(*path)))), "")
    return Owner(
        numbers=numbers,
        name=name,
        verification=_verification(cell),
        closed=bool(_words(cell.at("user", "ban_status")).strip("0")),
    )


def _words(cell: Json) -> str:
    """Of a cell that may be somebody else's: what is no string and no whole number names nobody."""
    try:
        return cell.words()
    except Surprise:
        return ""


def _verification(cell: Json) -> Verification | None:
    for place in (cell.at("user_info"), cell.at("user", "info")):
        flag, words = place.at("user_verified").value, _words(place.at("verified_content"))
        if flag in (True, 1) or words or place.at("user_auth_info").value:
            return verified(flag in (True, 1), place.at("user_auth_info"), words)
    return None


def read_row(cell: Json) -> Row:
    """An own cell. Raises Surprise when its id went through a float or a field has another form."""
    identifier = next((value for path in _IDS if (value := cell.at(*path).words())), "")
    if not identifier:
        raise cell.at("group_id").surprise("内容编号")
    return Row(
        id=identifier,
        at=time_of(cell.at("publish_time")) or time_of(cell.at("create_time")),
        behot=time_of(cell.at("behot_time")),
        numbered=_numbered(identifier),
        title=_title(cell),
        text=_text(cell),
        url=_url(cell, identifier),
        pinned=_pinned(cell),
        repost=cell.at("comment_base").value is not None,
        comments=next((count for path in _COMMENTS if (count := cell.at(*path).count()) is not None), None),
        comments_open=comments_open(cell),
        owner=owner_of(cell),
    )


def time_of(cell: Json) -> datetime | None:
    """Unix seconds as a time; absent, empty or 0 = None."""
    if cell.value in (None, "", 0, "0"):
        return None
    try:
        return from_unix(cell.number())
    except (OverflowError, OSError) as error:
        raise cell.surprise("发布时间（秒）") from error
    except ValueError as error:
        raise error if isinstance(error, Surprise) else cell.surprise("发布时间（秒）") from error


def _numbered(identifier: str) -> datetime | None:
    return from_unix(int(identifier) >> 32) if identifier.isascii() and identifier.isdigit() and len(identifier) == 19 else None


def _title(cell: Json) -> str:
    found = (squeeze(cell.at(name).words()) for name in ("title", "content", "abstract"))
    return clip(next((value for value in found if value), ""), 120)


def _text(cell: Json) -> str:
    found = (squeeze(_words(cell.at(name))) for name in ("content", "abstract"))
    return clip(next((value for value in found if value), ""), _TEXT)


def _url(cell: Json, identifier: str) -> str:
    kind = {32: "w", 49: "video"}.get(cell.at("cell_type").count() or 0, "article")
    return f"https://www.toutiao.com/{kind}/{identifier}/"


def _pinned(cell: Json) -> bool:
    labels = (_words(cell.at("label")), _words(cell.at("stick_label")))
    return bool(cell.at("is_stick").flag()) or any("置顶" in label for label in labels)


def comments_open(cell: Json) -> bool | None:
    """Whether an item takes comments; a ban in either place closes it, no sign at all is unknown."""
    told = [banned for path in _BANS if (banned := cell.at(*path).flag()) is not None]
    return not any(told) if told else None
