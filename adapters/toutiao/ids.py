"""Who an account is on this platform, and what its links look like (formats/toutiao.md §1)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

_TOKEN = re.compile(r"/c/user/token/([\w.=-]{6,})|[?&]token=([\w.=-]{6,})|^(MS4wLjABAAAA[\w-]{6,})/?$")
_USER = re.compile(r"/c/user/(\d{3,25})|[?&]user_id=(\d{3,25})|\buser_id[=:：]\s*(\d{3,25})|^(\d{3,25})$")
_MEDIA = re.compile(r"\bmedia_id[=:：]\s*(\d{3,25})")
_ITEM = re.compile(r"/(?:article|video|w|group|item|a)/?(\d{6,25})|/i(\d{6,25})|[?&]group_id=(\d{6,25})")
OWN_KINDS = ("user_id", "media_id")


def ids_in(text: str) -> dict[str, str]:
    """Ids named by a registry cell or link; a bare number is a `user_id`."""
    text = unquote(text.strip())
    found = {kind: pattern.search(text) for kind, pattern in (("token", _TOKEN), ("user_id", _USER), ("media_id", _MEDIA))}
    return {kind: next(group for group in match.groups() if group) for kind, match in found.items() if match}


def item_in(url: str) -> str:
    """The 19-digit id of the item that a link names, as text; "" = it names none."""
    found = _ITEM.search(url)
    return next(group for group in found.groups() if group) if found else ""


def agree(wanted: Mapping[str, str], shown: Mapping[str, str]) -> bool | None:
    """Whether two sets of ids mean one account: every shared kind has to agree; None = they share none."""
    shared = [wanted[kind] == shown[kind] for kind in ("user_id", "token", "media_id") if wanted.get(kind) and shown.get(kind)]
    return all(shared) if shared else None


def own_ids(wanted: Mapping[str, str]) -> frozenset[str]:
    """The numbers under which an item may name this account; `media_id` may equal `user_id` (R) or not."""
    return frozenset(wanted[kind] for kind in OWN_KINDS if wanted.get(kind))
