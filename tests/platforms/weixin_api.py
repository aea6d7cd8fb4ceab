"""The fake api.weixin.qq.com: token, statistics by day, freepublish, menu, auto-reply, errcodes (formats/weixin.md §3.1 §6)."""

import json
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tests.platforms import ids
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import MenuItem, World, WorldAccount, WorldPost, article_url, message_id

MESSAGES = {
    "-1": "system error",
    "40001": "invalid credential, access_token is invalid or not latest",
    "40013": "invalid appid",
    "40125": "invalid appsecret",
    "40164": "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    "41001": "access_token missing",
    "40097": "invalid args",
    "45009": "reach max api daily quota limit",
    "45011": "api minute-quota reach limit  must slower  retry next minute",
    "46003": "menu no exist",
    "47009": "this api is no longer available",
    "48001": "api unauthorized",
    "48004": "api forbidden for irregularities",
    "61500": "date format error",
    "61501": "date range error",
    "88000": "without comment privilege",
}
FIRST_DAY = date(2025, 11, 1)
"""getarticletotaldetail has no earlier day."""


def error(code: str) -> Response:
    """An errcode as the platform words it."""
    return as_json({"errcode": int(code), "errmsg": f"{MESSAGES[code]} rid: 00000000-EXAMPLE"})


def token_of(account: WorldAccount) -> str:
    """The access token that stable_token gives to this account, the same until it is forced."""
    assert account.grant is not None
    return "WORLD-" + ids.letters(60, "token", account.grant.appid, account.grant.secret)


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """By AppID in the token request, else by access_token."""
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        told = {}
    if isinstance(told, dict) and "appid" in told:
        return world.find("weixin", "appid", str(told["appid"]))
    given = request.query_params.get("access_token", "")
    return next((a for a in world.accounts if a.grant and given.split("~")[0] == token_of(a)), None)


def token(call: Call) -> Response:
    """POST /cgi-bin/stable_token."""
    told = call.json()
    if "appid" not in told or "secret" not in told or told.get("grant_type") != "client_credential":
        return as_json({"errcode": 41002 if "appid" not in told else 41004, "errmsg": "appid or secret missing rid: EXAMPLE"})
    if call.account is None or call.account.grant is None:
        return error("40013")
    for code in ("40013", "40125", "40164", "48004", "-1"):
        if call.fault(code):
            return error(code)
    if call.account.grant.secret != told["secret"]:
        return error("40125")
    return as_json({"access_token": token_of(call.account), "expires_in": 7200})


def guarded(call: Call) -> Response | None:
    """What every data interface says first: token missing or wrong, then errcode faults."""
    if not call.query("access_token"):
        return error("41001")
    if call.account is None:
        return error("40001")
    codes = ("40001", "40164", "45009", "45011", "47009", "48001", "48004", "-1")
    return next((error(code) for code in codes if call.fault(code)), None)


def statistics(call: Call) -> Response:
    """POST /datacube/getarticletotaldetail: one day per call, yesterday the newest."""
    if blocked := guarded(call):
        return blocked
    try:
        begin, end = (date.fromisoformat(str(call.json()[key])) for key in ("begin_date", "end_date"))
    except (KeyError, ValueError):
        return error("61500")
    if begin != end or end >= call.world.today or begin < FIRST_DAY:
        return error("61501")
    if _on_day(call, "is_delay", begin):
        return as_json({"list": [], "is_delay": True})
    if _on_day(call, "missing_day", begin):
        return error("-1")
    return as_json({"list": _day(call, begin), "is_delay": False})


def _on_day(call: Call, name: str, day: date) -> bool:
    fault = call.fault(name)
    return fault is not None and fault.arg in ("", day.isoformat())


def _day(call: Call, day: date) -> list[dict[str, Any]]:
    return [_counted(call.me, post, call.world.today) for post in call.me.posts if post.at.date() == day]


def _counted(account: WorldAccount, post: WorldPost, today: date) -> dict[str, Any]:
    day = post.at.date()
    days = [day + timedelta(days=n) for n in range(min(7, (today - day).days))]
    told: dict[str, Any] = {"ref_date": day.isoformat(), "msgid": f"{message_id(account, post)}_1", "title": post.title}
    told |= {"publish_type": 0 if post.notified else 1, "content_url": article_url(account, post)}
    seen = [
        {"stat_date": on.isoformat(), "read_user": 300 // (n + 1), "comment_count": post.comments} for n, on in enumerate(days)
    ]
    return told | {"detail_list": seen}


def freepublish(call: Call) -> Response:
    """POST /cgi-bin/freepublish/batchget: what was published without 通知, not newest first."""
    if blocked := guarded(call):
        return blocked
    told = call.json()
    offset, count = int(told.get("offset", -1)), int(told.get("count", 0))
    if offset < 0 or not 1 <= count <= 20:
        return error("40097")
    found = sorted((post for post in call.me.posts if not post.notified), key=lambda post: post.at)
    part = [_published(call.me, post) for post in found[offset : offset + count]]
    return as_json({"item": part, "total_count": len(found), "item_count": len(part)})


def _published(account: WorldAccount, post: WorldPost) -> dict[str, Any]:
    stamp = int(post.at.timestamp())
    news = {
        "title": post.title,
        "author": "",
        "digest": post.title,
        "content": "",
        "content_source_url": "",
        "thumb_media_id": "",
    }
    news |= {"show_cover_pic": 0, "need_open_comment": int(post.can_comment), "only_fans_can_comment": 0}
    news |= {"url": article_url(account, post), "thumb_url": "", "is_deleted": post.status == "deleted_article"}
    content = {"news_item": [news], "create_time": stamp, "update_time": stamp}
    return {"article_id": ids.letters(64, "article_id", account.key, post.at), "content": content, "update_time": stamp}


def menu(call: Call) -> Response:
    """GET /cgi-bin/get_current_selfmenu_info."""
    if blocked := guarded(call):
        return blocked
    grant = call.me.grant
    assert grant is not None
    return as_json({"is_menu_open": int(grant.menu_open), "selfmenu_info": {"button": [_button(item) for item in grant.menu]}})


def _button(item: MenuItem) -> dict[str, Any]:
    if item.children:
        return {"name": item.name, "sub_button": {"list": [_button(child) for child in item.children]}}
    match item.kind:
        case "":
            return {"name": item.name}
        case "news":
            row = {"title": item.name, "author": "", "digest": "", "show_cover": 0, "content_url": item.url, "source_url": ""}
            return {"type": "news", "name": item.name, "value": "x", "news_info": {"list": [row] if item.url else []}}
        case "click":
            return {"type": "click", "name": item.name, "key": "k"}
    return {"type": item.kind, "name": item.name, "url": item.url}


def old_menu(call: Call) -> Response:
    """GET /cgi-bin/menu/get: 46003 where the menu was made on the site."""
    return guarded(call) or error("46003")


def autoreply(call: Call) -> Response:
    """GET /cgi-bin/get_current_autoreply_info."""
    if blocked := guarded(call):
        return blocked
    grant = call.me.grant
    assert grant is not None
    told: dict[str, Any] = {"is_add_friend_reply_open": int(grant.autoreply), "is_autoreply_open": int(grant.autoreply)}
    if grant.autoreply:
        told["add_friend_autoreply_info"] = {"type": "text", "content": "感谢关注"}
        told["message_default_autoreply_info"] = {"type": "text", "content": "您的消息已收到"}
        told["keyword_autoreply_info"] = {"list": []}
    return as_json(told)


def comment_list(call: Call) -> Response:
    """POST /cgi-bin/comment/list."""
    if blocked := guarded(call):
        return blocked
    found = [post for post in call.me.posts if message_id(call.me, post) == str(call.json().get("msg_data_id"))]
    if call.fault("88000") or not found or not found[0].can_comment:
        return error("88000")
    rows = [_comment(found[0], n) for n in range(min(found[0].comments, 49))]
    return as_json({"errcode": 0, "errmsg": "ok", "total": found[0].comments, "comment": rows})


def _comment(post: WorldPost, n: int) -> dict[str, Any]:
    at = int(post.at.timestamp()) + 600 * (n + 1)
    told: dict[str, Any] = {
        "user_comment_id": n + 1,
        "openid": f"oSHILI{n:022}",
        "create_time": at,
        "content": "请问",
        "comment_type": 0,
    }
    return told | ({"reply": {"content": "您好", "create_time": at + 900}} if n < post.answered else {})


def routes() -> list[BaseRoute]:
    """Everything that api.weixin.qq.com answers."""
    return [
        endpoint("/cgi-bin/stable_token", "weixin", "stable_token", who, token, post=True),
        endpoint("/datacube/getarticletotaldetail", "weixin", "totaldetail", who, statistics, main=True, post=True),
        endpoint("/cgi-bin/freepublish/batchget", "weixin", "freepublish", who, freepublish, post=True),
        endpoint("/cgi-bin/comment/list", "weixin", "comment_list", who, comment_list, post=True),
        endpoint("/cgi-bin/get_current_selfmenu_info", "weixin", "selfmenu", who, menu),
        endpoint("/cgi-bin/menu/get", "weixin", "menu", who, old_menu),
        endpoint("/cgi-bin/get_current_autoreply_info", "weixin", "autoreply", who, autoreply),
    ]
