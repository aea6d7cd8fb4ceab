"""The fake www.toutiao.com: profile page with RENDER_DATA whose script fetches the feed (formats/toutiao.md §2 §3 §5)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from tests.platforms import ids
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import World, WorldAccount, WorldPost

PAGES = Path(__file__).parent / "pages"
PER_PAGE = 20
CELLS = {"article": 60, "ugc": 32, "video": 0}
TABS = {"pc_profile_article": "article", "pc_profile_ugc": "ugc", "pc_profile_video": "video"}
CHALLENGE = """<html><head></head><body><script>window.byted_acrawler = {init: function () {}};
window.byted_acrawler && window.byted_acrawler.init({aid:99999999,dfp:0});</script></body></html>"""
LOGIN = "<!doctype html><html><head><title>登录</title></head><body><div class='login-panel'>请登录后查看</div></body></html>"


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """The account that token, user id or a post id names."""
    told = {**request.path_params, **request.query_params}
    for key, kind in (("token", "token"), ("user_id", "user_id")):
        if key in told and (found := world.find("toutiao", kind, str(told[key]))):
            return found
    owned = post_of(world, str(told.get("group_id", "")))
    return owned[0] if owned else None


def group_id(account: WorldAccount, post: WorldPost) -> str:
    """19 digits whose upper half is near the second of publishing."""
    return ids.seconds_id(post.at, account.seed(post), early=0)


def post_of(world: World, key: str) -> tuple[WorldAccount, WorldPost] | None:
    """The account and post behind a group id."""
    own = [account for account in world.accounts if account.platform == "toutiao"]
    return next(((a, post) for a in own for post in a.posts if group_id(a, post) == key), None)


def auth(call: Call) -> object:
    """`user_auth_info`: a JSON string; as object or empty on demand."""
    told = {"auth_type": "0", "auth_info": f"{call.me.organisation}官方头条号"}
    if call.fault("auth_empty") or not call.me.verified:
        return ""
    return told if call.fault("auth_object") else json.dumps(told, ensure_ascii=False)


def home(call: Call) -> Response:
    """/c/user/token/<token>/; a challenge, a login prompt or a page without profile on demand."""
    if call.fault("captcha"):
        return HTMLResponse(CHALLENGE)
    if call.fault("login_wall"):
        return HTMLResponse(LOGIN)
    if call.account is None:
        return HTMLResponse("<!doctype html><title>今日头条</title><p>页面不存在</p>", 404)
    plain = call.fault("plain_title")
    name = call.me.name + ("新" if call.fault("renamed") else "")
    info = {"userId": call.me.ids["user_id"], "name": name, "avatarUrl": "", "description": call.me.bio, "ipLocation": "示例"}
    info |= {"userAuthInfo": auth(call), "userVerified": call.me.verified, "mediaId": call.me.ids.get("media_id", "")}
    data = {"data": {} if plain else {"profileUserInfo": info}}
    return _rendered("今日头条" if plain else f"{name}的头条主页", data, call.me.ids["token"])


def _rendered(title: str, data: object, token: str) -> Response:
    html = (PAGES / "toutiao.html").read_text(encoding="utf-8")
    html = html.replace("%TITLE%", title).replace("%TOKEN%", token)
    return HTMLResponse(html.replace("%DATA%", quote(json.dumps(data, ensure_ascii=False))))


def by_number(call: Call) -> Response:
    """/c/user/<user_id>/ sends to the token form."""
    if call.account is None:
        return HTMLResponse("<!doctype html><title>今日头条</title><p>页面不存在</p>", 404)
    return RedirectResponse(f"/c/user/token/{call.me.ids['token']}/", 302)


def feed(call: Call) -> Response:
    """/api/pc/list/user/feed: newest first, pinned leading, `max_behot_time` pages."""
    if call.fault("refused"):
        return Response("blocked", 403, media_type="text/plain")
    if call.fault("rate_limited"):
        return Response(b"", 429)
    if call.fault("decision"):
        return as_json({"decision": "verify", "verify_data": {"subtype": "slide"}})
    if call.fault("null_data"):
        return as_json({"message": "success", "data": None, "has_more": False, "next": {"max_behot_time": 0}})
    if call.account is None or call.fault("ambiguous_empty"):
        return as_json({"message": "success", "data": [], "has_more": True, "next": {"max_behot_time": 0}})
    items, more = _items(call)
    told = {
        "message": "success",
        "data": items,
        "has_more": more,
        "next": {"max_behot_time": items[-1]["behot_time"] if items else 0},
    }
    if call.fault("missing_next"):
        del told["next"]
    return as_json(told)


def _items(call: Call) -> tuple[list[dict[str, Any]], bool]:
    posts = [post for post in call.me.newest_first() if TABS.get(call.query("category")) in (None, post.form)]
    if call.fault("pinned_old_first"):
        posts.insert(0, WorldPost(at=call.world.clock - timedelta(days=500), title="置顶旧文", pinned=True))
    before = int(call.query("max_behot_time", "0") or 0)
    posts = [post for post in posts if not before or (not post.pinned and int(post.at.timestamp()) < before)]
    items = [item(call, post) for post in posts[:PER_PAGE]]
    for name, change in (("foreign_rows", _foreign), ("mixed_rows", _mixed), ("behot_newer", _behot), ("number_ids", _numbers)):
        if call.fault(name):
            items = change(items)
    return items, len(posts) > PER_PAGE


def item(call: Call, post: WorldPost) -> dict[str, Any]:
    """One feed item with the author in every place that the note names."""
    me, gid, uid = call.me, group_id(call.me, post), int(call.me.ids["user_id"])
    form = "ugc" if call.fault("ugc_only") else post.form
    media = int(me.ids.get("media_id") or uid)
    told: dict[str, Any] = {"group_id": gid, "id": gid, "item_id": gid, "cell_type": CELLS[form], "source": me.name}
    told |= {"title": post.title if form != "ugc" else "", "content": post.title, "abstract": post.title}
    told |= {"publish_time": int(post.at.timestamp()), "behot_time": int(post.at.timestamp()), "read_count": 300}
    told |= {
        "comment_count": post.comments,
        "digg_count": 3,
        "ban_comment": int(not post.can_comment or bool(call.fault("ban_comment"))),
    }
    told["user_info"] = {"user_id": uid, "name": me.name, "description": me.bio, "user_verified": me.verified}
    told["user_info"] |= {"verified_content": f"{me.organisation}官方头条号", "user_auth_info": auth(call)}
    told["media_info"] = {"media_id": media, "user_id": uid, "name": me.name, "user_verified": me.verified}
    told["itemCell"] = {"articleBase": {"gidStr": gid}, "userInfo": {"userID": uid, "mediaID": media}}
    told["itemCell"] |= {"itemCounter": {"readCount": 300, "commentCount": post.comments}}
    told["itemCell"] |= {"actionCtrl": {"banComment": not post.can_comment, "banDigg": False, "banBury": False}}
    if post.pinned:
        told |= {"is_stick": True, "label": "置顶", "stick_label": "置顶", "stick_style": 1}
    if post.repost:
        told["comment_base"] = {"id": gid, "content": "转发", "user": {"user_id": uid}}
    return told


def _foreign(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    other = {"user_id": 9000499999, "name": "示例推荐号", "media_id": 9000499999}
    cell = {"userInfo": {"userID": 9000499999, "mediaID": 9000499999}}
    return [
        row | {"user_info": other, "media_info": other, "itemCell": row["itemCell"] | cell, "source": "示例推荐号"}
        for row in items
    ]


def _mixed(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_foreign([row])[0] if n % 3 == 0 else row for n, row in enumerate(items)]


def _behot(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"behot_time": row["publish_time"] + 40 * 86400} for row in items]


def _numbers(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {key: int(row[key]) for key in ("group_id", "id", "item_id")} for row in items]


def article(call: Call) -> Response:
    """/article/, /video/ and /w/ pages with their own RENDER_DATA."""
    owned = post_of(call.world, call.path("group_id"))
    if owned is None:
        return HTMLResponse("<!doctype html><title>今日头条</title><p>文章不存在</p>", 404)
    me, post = owned
    uid = me.ids["user_id"]
    told = {"title": post.title, "publishTime": f"{post.at:%Y-%m-%d %H:%M:%S}", "groupId": call.path("group_id")}
    told |= {
        "itemId": call.path("group_id"),
        "mediaInfo": {"userId": uid, "name": me.name},
        "itemCounter": {"commentCount": post.comments},
    }
    told |= {"seoTDK": {"title": post.title, "publishTimestamp": str(int(post.at.timestamp()))}}
    return _rendered(post.title, {"data": told}, "")


def info(call: Call) -> Response:
    """m.toutiao.com/i<id>/info/."""
    owned = post_of(call.world, call.path("group_id"))
    if owned is None:
        return as_json({"success": False, "data": {}})
    me, post = owned
    told = {"title": post.title, "publish_time": int(post.at.timestamp()), "source": me.name, "comment_count": post.comments}
    told |= {"media_user": {"id": me.ids["user_id"], "screen_name": me.name}}
    return as_json({"success": True, "data": told | {"url": f"https://www.toutiao.com/article/{call.path('group_id')}/"}})


def comments(call: Call) -> Response:
    """/article/v4/tab_comments/: at most 20 comments by invented people, the account's answers inline."""
    if call.fault("decision"):
        return as_json({"decision": "verify", "verify_data": {"subtype": "slide"}})
    owned = post_of(call.world, call.query("group_id"))
    if owned is None:
        return as_json({"message": "error", "data": None})
    found = [{"comment": _comment(*owned, n)} for n in range(min(owned[1].comments, 20))]
    told = {"message": "success", "data": found, "has_more": owned[1].comments > 20, "offset": 20}
    return as_json(told | {"total_number": owned[1].comments})


def _comment(account: WorldAccount, post: WorldPost, n: int) -> dict[str, Any]:
    at, answered = int(post.at.timestamp()) + 60 * (n + 1), n < post.answered
    told: dict[str, Any] = {"id_str": ids.seconds_id(post.at, account.seed(post) + n), "text": "请问几点开门", "create_time": at}
    told |= {"user_id": 9000900000 + n, "user_name": f"示例读者{n + 1}", "reply_count": int(answered), "digg_count": 0}
    mine = {"id_str": ids.seconds_id(post.at, account.seed(post) + 500 + n), "text": "九点", "create_time": at + 60}
    mine |= {"user_id": int(account.ids["user_id"]), "user_name": account.name, "is_pgc_author": 1}
    return told | {"is_pgc_author": 0, "new_reply_list": [mine] if answered else []}


def routes() -> list[BaseRoute]:
    """Everything that www.toutiao.com answers."""
    found: list[BaseRoute] = [
        endpoint("/c/user/token/{token}/", "toutiao", "home", who, home),
        endpoint("/c/user/token/{token}", "toutiao", "home", who, home),
        endpoint("/c/user/{user_id:int}/", "toutiao", "home_number", who, by_number),
    ]
    found += [endpoint(f"/{form}/{{group_id}}/", "toutiao", "item", who, article) for form in ("article", "video", "w")]
    found.append(endpoint("/article/v4/tab_comments/", "toutiao", "comments", who, comments))
    return found + [
        endpoint(path, "toutiao", "feed", who, feed, main=True) for path in ("/api/pc/list/user/feed", "/api/pc/list/feed")
    ]


def mobile_routes() -> list[BaseRoute]:
    """What m.toutiao.com answers."""
    return [
        endpoint("/i{group_id:int}/info/", "toutiao", "item_info", who, info),
        endpoint("/i{group_id:int}/", "toutiao", "item", who, article),
        endpoint("/group/{group_id:int}/", "toutiao", "item", who, article),
    ]
