"""The fake m.weibo.cn: getIndex containers, post pages, login probe; its session is its own (formats/weibo.md §2 §3)."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from tests.platforms import weibo
from tests.platforms import weibo_rows as rows
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import World, WorldAccount

SIGNIN = {"ok": -100, "errno": "-100", "msg": "请先登录", "url": "https://passport.weibo.com/sso/signin?entry=wapsso"}


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """The account behind a container id, else as on weibo.com."""
    container = request.query_params.get("containerid", "")
    if container[:6] in ("107603", "100505"):
        return world.find("weibo", "uid", container[6:])
    return weibo.who(world, request, body)


def get_index(call: Call) -> Response:
    """/api/container/getIndex: posts 107603…, profile 100505…."""
    if call.fault("captcha"):
        return as_json(weibo.CAPTCHA)
    if call.fault("rate_limited"):
        return Response(b"", 432)
    if call.fault("login_wall") or not weibo.logged_in(call):
        return as_json(SIGNIN)
    if call.account is None or call.fault("ambiguous_empty"):
        return as_json({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
    profile = call.query("containerid").startswith("100505")
    return as_json({"ok": 1, "data": _profile(call) if profile else _cards(call)})


def _profile(call: Call) -> dict[str, Any]:
    told = rows.user(call.me) | {"description": call.me.bio, "followers_count": "7164.8万", "statuses_count": len(call.me.posts)}
    tabs = [{"title": "微博", "tab_type": "weibo", "containerid": f"107603{call.me.ids['uid']}"}]
    return {"userInfo": told, "tabsInfo": {"selectedTab": 1, "tabs": tabs}, "cards": []}


def _cards(call: Call) -> dict[str, Any]:
    number, container = int(call.query("page", "1") or 1), call.query("containerid")
    posts = call.me.newest_first()
    part = posts[(number - 1) * 10 : number * 10]
    cards = [_card(call.me, post, container, call.world.clock) for post in part]
    info: dict[str, Any] = {"containerid": container, "v_p": 42, "show_style": 1, "total": len(posts)}
    if number * 10 < len(posts) and part:
        info["since_id"] = int(rows.mid_of(call.me, part[-1]))
    return {"cardlistInfo": info, "cards": cards}


def _card(account: WorldAccount, post: Any, container: str, now: datetime) -> dict[str, Any]:
    told = rows.row(account, post)
    told |= {"created_at": relative(post.at, now), "id": told["mid"], "bid": told.pop("mblogid"), "text": post.title}
    for key in ("idstr", "text_raw", "visible"):
        told.pop(key)
    card = {"card_type": 9, "itemid": f"{container}_-_{told['mid']}", "mblog": told}
    return card | {"profile_type_id": "proweibotop_"} if post.pinned else card


def relative(at: datetime, now: datetime) -> str:
    """Times as old m.weibo.cn wrote them: 刚刚, 3分钟前, 2小时前, 昨天 09:12, 04-24, 2019-09-08."""
    minutes, days = int((now - at).total_seconds() // 60), (now.date() - at.date()).days
    if days == 0:
        return "刚刚" if minutes < 1 else f"{minutes}分钟前" if minutes < 60 else f"{minutes // 60}小时前"
    if days == 1:
        return f"昨天 {at:%H:%M}"
    return f"{at:%m-%d}" if at.year == now.year else f"{at:%Y-%m-%d}"


def show(call: Call) -> Response:
    """/statuses/show: the post under `data`."""
    owned = weibo.post_of(call.world, call.query("id"))
    if owned is None or call.fault("post_missing"):
        return as_json({"ok": 0, "errno": "20101", "msg": "该微博不存在"})
    return as_json({"ok": 1, "data": rows.row(*owned)})


def hotflow(call: Call) -> Response:
    """/comments/hotflow: replies under `comments`, `false` where there are none, reply_count always 0."""
    owned = weibo.post_of(call.world, call.query("mid"))
    if owned is None:
        return as_json({"ok": 0, "msg": "快来发表你的评论吧"})
    uid = owned[0].ids["uid"]
    found = []
    for told in rows.comments(*owned):
        replies = [reply | {"is_mblog_author": reply["user"]["idstr"] == uid, "like_count": "0"} for reply in told["comments"]]
        found.append(told | {"comments": replies or False, "reply_count": 0, "like_count": 0, "is_mblog_author": False})
    data = {"data": found, "max_id": 0, "max_id_type": 0, "total_number": owned[1].comments}
    return as_json({"ok": 1, "data": data | {"status": {"comment_manage_info": rows.UNTOLD}}})


def config(call: Call) -> Response:
    """/api/config: the login probe."""
    return as_json({"ok": 1, "data": {"login": weibo.logged_in(call), "st": "example", "uid": ""}})


def page(call: Call) -> Response:
    """Account or post page; the script fetches the container or the post."""
    told = call.request.path_params
    uid = call.account.ids["uid"] if call.account else ""
    url = f"/statuses/show?id={told['mid']}" if "mid" in told else f"/api/container/getIndex?containerid=107603{uid}"
    script = f'fetch("{url}").then((r) => r.text()).then((t) => {{ document.getElementById("app").textContent = t; }});'
    return HTMLResponse(
        f'<!doctype html><title>微博</title><link rel="icon" href="data:,"><div id="app"></div><script>{script}</script>'
    )


def routes() -> list[BaseRoute]:
    """Everything that m.weibo.cn answers."""
    pages = [("/u/{uid:int}", page), ("/detail/{mid}", page), ("/status/{mid}", page)]
    found: list[BaseRoute] = [endpoint(path, "weibo", "m_page", who, answer) for path, answer in pages]
    found.append(endpoint("/api/container/getIndex", "weibo", "m_getindex", who, get_index, main=True))
    others = [("/statuses/show", "m_show", show), ("/comments/hotflow", "hotflow", hotflow), ("/api/config", "m_config", config)]
    return found + [endpoint(path, "weibo", name, who, answer) for path, name, answer in others]
