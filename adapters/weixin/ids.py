"""Whose page it is: ids in cells and links, and the comparison with the filed account (formats/weixin.md §1, guards 2, 3)."""

import base64
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from tracker.model import Account, Identity
from tracker.text import key

PAGE_HOST = "mp.weixin.qq.com"
_USER_NAME = re.compile(r"gh_[0-9A-Za-z]{8,16}")
_APPID = re.compile(r"wx[0-9a-f]{16}")
_ALIAS = re.compile(r"[A-Za-z][-_A-Za-z0-9]{5,19}")
_BIZ = re.compile(r"[A-Za-z0-9+/]{8,20}={0,2}")
_BREAKS = re.compile(r"[\s,;、,;()<>\"'“”|]+|(?:微信号|原始ID|原始id|AppID|appid)[::=]")
_LASTING = ("user_name", "biz", "appid")
_WORDS = {"user_name": "原始ID", "biz": "__biz", "alias": "微信号", "appid": "AppID"}
_ARTICLE = re.compile(r"^/s(?:/[\w-]{10,}|$)")
_LISTS = ("/mp/appmsgalbum", "/mp/homepage", "/mp/profile_ext", "/mp/about", "/mp/getverifyinfo")


def ids_in(text: str) -> Mapping[str, str]:
    """Ids that a registry cell or link names, by kind: `user_name`, `biz`, `appid`, `alias`; the first of a kind counts."""
    found: dict[str, str] = {}
    for token in _BREAKS.split(unicodedata.normalize("NFKC", text)):
        for kind, value in _of_token(token).items():
            found.setdefault(kind, value)
    return found


def _of_token(token: str) -> Mapping[str, str]:
    if "://" in token or token.startswith(PAGE_HOST):
        return _of_url(token)
    token = token.removeprefix("__biz=")
    if _USER_NAME.fullmatch(token):
        return {"user_name": token}
    if _APPID.fullmatch(token):
        return {"appid": token}
    if is_biz(token):
        return {"biz": token}
    return {"alias": token} if _ALIAS.fullmatch(token) else {}


def _of_url(url: str) -> Mapping[str, str]:
    """`__biz` of one of our page links; a short link names nobody."""
    biz = query(url, "__biz") or query(url, "biz")
    return {"biz": biz} if claims(url) and is_biz(biz) else {}


def is_biz(text: str) -> bool:
    """Whether this is a `__biz`: base64 of a decimal number."""
    return bool(biz_number(text))


def biz_number(text: str) -> str:
    """The decimal number inside a `__biz`, "" where the text is none."""
    if not _BIZ.fullmatch(text):
        return ""
    try:
        number = base64.b64decode(text, validate=True)
    except ValueError:
        return ""
    return number.decode("ascii") if 6 <= len(number) <= 12 and number.isdigit() else ""


def query(url: str, name: str) -> str:
    """One value of a link's query or fragment, "" where absent; a link that is none has no values."""
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
        values = parse_qs(parts.query).get(name) or parse_qs(parts.fragment).get(name)
    except ValueError:
        return ""
    return values[0].strip().replace(" ", "+") if values else ""


def claims(url: str) -> bool:
    """Whether a link is an article, list or account page of this platform."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or host != PAGE_HOST:
        return False
    return bool(_ARTICLE.match(parts.path)) or parts.path.startswith(_LISTS)


def disagreement(account: Account | None, page: Identity) -> str:
    """Why the page is not this account's, one Chinese clause; "" where it is, or where nobody was asked for (guard 2).

    `user_name` and `__biz` never change, a 微信号 may: it decides only where no lasting id is shared. A name decides where
    no id is.
    """
    if account is None:
        return ""
    shared = [kind for kind in (*_LASTING, "alias") if account.ids.get(kind) and page.ids.get(kind)]
    lasting = [kind for kind in shared if kind in _LASTING]
    for kind in lasting or shared:
        if account.ids[kind].casefold() != page.ids[kind].casefold() or (kind == "biz" and account.ids[kind] != page.ids[kind]):
            return f"页面属于“{page.name}”({_WORDS[kind]} {page.ids[kind]}),台账为 {account.ids[kind]}"
    if shared:
        return ""
    if not page.name:
        return "页面未示账号名称,也没有与台账相同种类的标识,不能确认是本账号"
    return "" if key(page.name) == key(account.name) else f"页面属于“{page.name}”,与台账名称“{account.name}”不符"


def own(ours: Mapping[str, str], shown: Mapping[str, str]) -> bool | None:
    """Whether two sets of ids name the same account, by the first lasting kind that both know; None where they share none."""
    kind = next((kind for kind in _LASTING if ours.get(kind) and shown.get(kind)), "")
    return ours[kind] == shown[kind] if kind else None


def remarks(account: Account | None, page: Identity) -> tuple[str, ...]:
    """What a person should know of a page that matched: by name alone, renamed, 微信号 changed."""
    if account is None:
        return ()
    shared = [kind for kind in _WORDS if account.ids.get(kind) and page.ids.get(kind)]
    notes = [] if shared else ["台账没有可核对的标识,仅按名称一致认定"]
    if shared and page.name and key(page.name) != key(account.name):
        notes.append(f"页面名称为“{page.name}”,与台账“{account.name}”不同")
    if "alias" in shared and account.ids["alias"].casefold() != page.ids["alias"].casefold():
        notes.append(f"微信号已变为 {page.ids['alias']},台账为 {account.ids['alias']}")
    return tuple(notes)
