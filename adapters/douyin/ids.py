"""Who an account is on this platform, and what its links look like (formats/douyin.md §1)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

_SEC_UID = re.compile(r"MS4wLjABAAAA[\w-]{6,}")
_USER = re.compile(r"/(?:share/)?user/([\w-]{6,})")
_ITEM = re.compile(r"/(?:share/)?(?:video|note)/(\d{6,25})")
_MODAL = re.compile(r"[?&](?:modal_id|vid)=(\d{6,25})")
_UID = re.compile(r"\buid[=:：]\s*(\d{3,25})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:抖音号[=:：]?\s*)?([A-Za-z0-9][\w.-]{1,29})", re.ASCII)
_SHORT = re.compile(r"https?://v\.douyin\.com/[\w-]+")


def ids_in(text: str) -> dict[str, str]:
    """Ids named by a registry cell or link. A bare word or number is taken for the 抖音号 (`unique_id`), which may change."""
    text = unquote(text.strip())
    if found := _SEC_UID.search(text):
        return {"sec_uid": found[0]}
    if found := _USER.search(text):
        return {} if found[1] == "self" else {"sec_uid": found[1]}
    if found := _UID.search(text):
        return {"uid": found[1]}
    if "/" not in text and (found := _NUMBER.fullmatch(text)):
        return {"unique_id": found[1]}
    return {}


def item_in(url: str) -> str:
    """The 19-digit id of the work that a link names, as text; "" = it names none."""
    found = _ITEM.search(url) or _MODAL.search(url)
    return found[1] if found else ""


def short_in(url: str) -> str:
    """The short link (v.douyin.com) in a text, which only opening it resolves; "" = none."""
    found = _SHORT.search(url)
    return found[0] if found else ""


def agree(wanted: Mapping[str, str], shown: Mapping[str, str], aliases: tuple[str, ...] = ()) -> bool | None:
    """Whether two sets of ids mean one account; None = they share no kind.

    `sec_uid` and `uid` never change and decide; the 抖音号 decides only where neither is shared, and may stand in `aliases`.
    """
    stable = [wanted[kind] == shown[kind] for kind in ("sec_uid", "uid") if wanted.get(kind) and shown.get(kind)]
    if stable:
        return all(stable)
    filed = wanted.get("unique_id")
    known = {value for value in (shown.get("unique_id"), *aliases) if value}
    return filed in known if filed and known else None
