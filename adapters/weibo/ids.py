"""Addresses and ids (formats/weibo.md §1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tracker.payload import argument, host_of

MOBILE = "m.weibo.cn"
HOSTS = frozenset({"weibo.com", "www.weibo.com", MOBILE})

PAGES: Mapping[str, str] = {
    "profile": r"weibo\.com/ajax/profile/info\?",
    "detail": r"weibo\.com/ajax/profile/detail\?",
    "waterfall": r"weibo\.com/ajax/profile/getWaterFallContent\b",
    "articles": r"weibo\.com/ajax/statuses/mymblog\?(?:[^#]*&)?feature=10(?:&|$)",
    "mymblog": r"weibo\.com/ajax/statuses/mymblog\?",
    "buildcomments": r"weibo\.com/ajax/statuses/buildComments\?",
    "longtext": r"weibo\.com/ajax/statuses/longtext\?",
    "likelist": r"weibo\.com/ajax/statuses/likelist\?",
    "show": r"weibo\.com/ajax/statuses/show\?|m\.weibo\.cn/statuses/show\?",
    "openapi": r"api\.weibo\.com/2/statuses/show\.json",
    "app_status": r"api\.weibo\.cn/2/",
    "hotflowchild": r"m\.weibo\.cn/comments/hot[Ff]low[Cc]hild\b",
    "hotflow": r"m\.weibo\.cn/comments/hotflow\b",
    "m_getindex": r"m\.weibo\.cn/api/container/getIndex\?.*containerid=107603",
    "m_profile": r"m\.weibo\.cn/api/container/getIndex\?.*containerid=100505",
    "post": r"//(?:(?:www\.)?weibo\.com|m\.weibo\.cn)/(?:detail|status|\d{5,12})/[0-9A-Za-z]{6,20}",
    "home": r"//(?:(?:www\.)?weibo\.com|m\.weibo\.cn)(?:/(?!ajax/|api/|comments/)[^/]*){0,2}/?$",
}

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_URL = re.compile(
    r"(?<![0-9A-Za-z_.\-])(?:https?://)?((?:www\.)?weibo\.com|m\.weibo\.cn)(/[^\s<>\"'，。；、（）]*)", re.IGNORECASE
)
_UID = re.compile(r"(?<![0-9A-Za-z_])\d{5,12}(?![0-9A-Za-z_])", re.ASCII)
_BARE = re.compile(r"(?:uid\s*[:：]?\s*)?(\d{5,12})", re.IGNORECASE | re.ASCII)
_CONTAINER = re.compile(r"(?:100505|100206|100306|100406|107603)(\d{5,12})", re.ASCII)
_POST = re.compile(r"[0-9A-Za-z]{6,20}", re.ASCII)
_DOMAIN = re.compile(r"[0-9A-Za-z_\-]{2,40}", re.ASCII)
_RESERVED = frozenset(
    {
        *("ajax", "api", "u", "n", "p", "s", "tv", "tt", "ttarticle", "detail"),
        *("status", "hot", "login", "signup", "search", "newlogin", "mygroups", "at", "comment", "like"),
        *("fav", "set", "account", "visitor", "sorry", "captcha", "comments", "message", "messages", "notice"),
        *("compose", "container", "profile", "index", "home", "mblog"),
    }
)
"""First segments of addresses that are parts of the site, never a domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLink:
    """A post page: `post` is a mid (decimal) or a mblogid/bid (base62); `uid` is "" where the address names none."""

    url: str
    post: str
    uid: str = ""


def ids_in(text: str) -> dict[str, str]:
    """Ids by kind (uid; else domain or screen_name as hints) that a registry cell or a link holds."""
    text = text.strip()
    if bare := _BARE.fullmatch(text):
        return {"uid": bare[1]}
    if found := _URL.search(text):
        return _of_path(found[2])
    if text.startswith("@") and len(text) > 1 and not re.search(r"[\s/]", text):
        return {"screen_name": text[1:]}
    labelled = re.search(r"uid\s*[:：]?\s*(\d{5,12})(?!\d)", text, re.IGNORECASE | re.ASCII)
    return {"uid": labelled[1]} if labelled else {}


def _of_path(path: str) -> dict[str, str]:
    bare, _, query = path.partition("#")[0].partition("?")
    parts = [part for part in bare.split("/") if part]
    if container := _CONTAINER.search(query):
        return {"uid": container[1]}
    match parts:
        case ["u" | "profile", uid, *_] if _UID.fullmatch(uid):
            return {"uid": uid}
        case ["p", page, *_] if found := _CONTAINER.fullmatch(page):
            return {"uid": found[1]}
        case ["n", name, *_]:
            return {"screen_name": unquote(name)}
        case [uid] if _UID.fullmatch(uid):
            return {"uid": uid}
        case [uid, post, *_] if _UID.fullmatch(uid) and _POST.fullmatch(post):
            return {"uid": uid}
        case [domain] if _DOMAIN.fullmatch(domain) and domain.lower() not in _RESERVED:
            return {"domain": domain}
    return {}


def post_link(url: str) -> PostLink | None:
    """The post page that a link names, without query; None when it is none."""
    found = _URL.search(url)
    if not found:
        return None
    parts = [part for part in re.split(r"[?#]", found[2])[0].split("/") if part]
    host = "m.weibo.cn" if found[1].lower() == "m.weibo.cn" else "weibo.com"
    match parts:
        case ["detail" | "status" as kind, post] if _POST.fullmatch(post):
            return PostLink(url=f"https://{host}/{kind}/{post}", post=post)
        case [uid, post] if _UID.fullmatch(uid) and _POST.fullmatch(post):
            return PostLink(url=f"https://{host}/{uid}/{post}", post=post, uid=uid)
    return None


def claims(url: str) -> bool:
    """Whether a link is an account or post page on one of our hosts."""
    host = host_of(url if "//" in url else f"https://{url}")
    return host in HOSTS and bool(post_link(url) or ids_in(url)) and bool(_URL.match(url.strip()))


def account_url(ids: Mapping[str, str], name: str) -> str:
    """The account page to open: by uid, else by domain, else by name."""
    if uid := ids.get("uid"):
        return f"https://weibo.com/u/{quote(uid)}"
    if domain := ids.get("domain"):
        return f"https://weibo.com/{quote(domain)}"
    return f"https://weibo.com/n/{quote(ids.get('screen_name') or name, safe='')}"


def owner_of(url: str) -> str:
    """The uid that an interface address asks about (`uid=`, `value=` or the container's id); "" when it names none."""
    told = argument(url, "uid") or argument(url, "value")
    if _UID.fullmatch(told):
        return told
    found = _CONTAINER.match(argument(url, "containerid"))
    return found[1] if found else ""


def bid_of(mid: str) -> str:
    """The base62 form of a decimal mid (4804268794315521 → M1N39i6Fb)."""
    groups = []
    while mid:
        mid, group = mid[:-7], mid[-7:]
        groups.append(_base62(int(group)).rjust(4 if mid else 1, "0"))
    return "".join(reversed(groups))


def mid_of(bid: str) -> str:
    """The decimal mid of a base62 id; "" when it is none."""
    if not _POST.fullmatch(bid):
        return ""
    groups = []
    while bid:
        bid, group = bid[:-4], bid[-4:]
        number = 0
        for sign in group:
            number = number * 62 + _ALPHABET.index(sign)
        groups.append(str(number).rjust(7 if bid else 1, "0"))
    return "".join(reversed(groups))


def _base62(number: int) -> str:
    signs = ""
    while number:
        number, rest = divmod(number, 62)
        signs = _ALPHABET[rest] + signs
    return signs or "0"
