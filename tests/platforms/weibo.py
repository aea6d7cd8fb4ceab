"""The fake weibo.com: pages that fetch /ajax/… themselves, as guest and as logged in (formats/weibo.md §2 §3 §5)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from tests.platforms import weibo_rows as rows
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import LOGIN, World, WorldAccount, WorldLike, WorldPost

PAGES = Path(__file__).parent / "pages"
PER_PAGE = 20
WALL = {"ok": 0, "message": "前方有点拥堵，请登录后使用"}
VISITOR = {"ok": -100, "url": "https://weibo.com/login.php?url=https%3A%2F%2Fweibo.com%2F"}
CAPTCHA = {"ok": -100, "errno": "-100", "msg": "", "url": "https://m.weibo.cn/captcha?scene=limit&referer=/", "extra": ""}
GONE = {
    "banned": "该账号因被投诉违反法律法规和《微博社区公约》的相关规定，现已无法查看",
    "closed": "该账号因用户自行申请关闭，现已无法查看",
}


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """The account that the path or the query names: uid, custom (domain), screen_name, or the owner of a post."""
    told = {**request.path_params, **request.query_params}
    for key, kind in (("uid", "uid"), ("custom", "domain"), ("domain", "domain"), ("screen_name", "name")):
        if key in told and (found := world.find("weibo", kind, str(told[key]))):
            return found
    post = told.get("id") or told.get("mid") or told.get("mblogid")
    owned = post_of(world, str(post)) if post else None
    return owned[0] if owned else None


def post_of(world: World, key: str) -> tuple[WorldAccount, WorldPost] | None:
    """The account and post behind a mid or mblogid."""
    for account in world.accounts:
        if account.platform == "weibo":
            for post in account.posts:
                mid = rows.mid_of(account, post)
                if key in (mid, rows.ids.mblogid(mid)):
                    return account, post
    return None


def logged_in(call: Call) -> bool:
    """Whether the browser carries the world's login."""
    return call.request.cookies.get("SUB") == LOGIN


def refused(call: Call) -> Response | None:
    """What stands before any /ajax answer: opened as a page, no guest session, a fault."""
    if call.request.headers.get("sec-fetch-dest") == "document" or call.fault("refused"):
        return as_json({"error": "Forbidden"}, 403)
    if call.fault("forbidden_html"):
        return HTMLResponse("<html><body><h2>403 Forbidden</h2></body></html>", 403)
    if call.fault("rate_limited"):
        return Response(b"", 432)
    if call.fault("captcha"):
        return as_json(CAPTCHA)
    if call.fault("needs_visitor") or not call.request.cookies.get("SUB"):
        return as_json(VISITOR)
    return None


def page(call: Call) -> Response:
    """Account page or post page: an empty application whose script fetches the data."""
    told = call.request.path_params
    mode, query = "account", ""
    if "mblogid" in told or "mid" in told:
        mode, query = "post", f"id={quote(str(told.get('mblogid') or told.get('mid')))}"
    elif "uid" in told:
        query = f"uid={told['uid']}"
    else:
        query = "&".join(f"{'custom' if k == 'domain' else k}={quote(str(v))}" for k, v in told.items())
    html = (PAGES / "weibo.html").read_text(encoding="utf-8")
    html = html.replace("%MODE%", mode).replace("%QUERY%", query).replace("%NORMAL%", str(logged_in(call)).lower())
    response = HTMLResponse(html)
    if not call.request.cookies.get("SUB"):
        response.set_cookie("SUB", "world-guest", secure=True)
    return response


def profile(call: Call) -> Response:
    """/ajax/profile/info."""
    if blocked := refused(call):
        return blocked
    if call.account is None or call.fault("user_missing"):
        return as_json({"ok": 0, "msg": "该用户不存在(20003)"})
    for name, text in GONE.items():
        if call.fault(name):
            return as_json({"ok": 0, "error_type": "link", "url": f"https://weibo.com/sorry?text={quote(text)}"})
    tabs = [{"name": "home", "tabName": "精选"}] + [{"name": "article", "tabName": one.title} for one in call.me.columns]
    return as_json({"ok": 1, "data": {"user": _user(call), "tabList": tabs, "blockText": ""}})


def _user(call: Call) -> dict[str, Any]:
    me = call.me
    told = rows.user(me) | {"verified_reason": f"{me.organisation}官方微博", "verified_type_ext": 0, "description": me.bio}
    told |= {"followers_count": 10000 + me.seed(me.posts[0]) % 90000 if me.posts else 10, "friends_count": 120}
    told |= {"statuses_count": len(me.posts) + 1000 * bool(me.posts), "domain": me.ids.get("domain", ""), "is_muteuser": False}
    told["status_total_counter"] = {"total_cnt": "12,345", "comment_cnt": "2,345", "repost_cnt": "1,000", "like_cnt": "9,000"}
    if call.fault("renamed"):
        told["screen_name"] = f"{me.name}(新)"
    return told


def detail(call: Call) -> Response:
    """/ajax/profile/detail."""
    if blocked := refused(call):
        return blocked
    if call.account is None:
        return as_json({"ok": 0, "msg": "该用户不存在(20003)"})
    told = {"created_at": "2014-05-06 10:11:12", "desc_text": call.me.bio, "ip_location": "IP属地：示例", "gender": "m"}
    told |= {
        "company": call.me.organisation,
        "career": {"company": call.me.organisation},
        "sunshine_credit": {"level": "信用极好"},
    }
    return as_json({"ok": 1, "data": told | {"label_desc": [{"name": "视频累计播放量1.2万"}]}})


def mymblog(call: Call) -> Response:
    """/ajax/statuses/mymblog: the list, only for a logged-in session."""
    if blocked := refused(call):
        return blocked
    if call.fault("login_wall") or not logged_in(call):
        return as_json(WALL, 403)
    if call.fault("ambiguous_empty"):
        return as_json({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
    if call.fault("null_data"):
        return as_json({"ok": 1, "data": None})
    if call.account is None:
        return as_json({"ok": 0, "msg": "该用户不存在(20003)"})
    return as_json({"ok": 1, "data": _list(call)})


def _list(call: Call) -> dict[str, Any]:
    if call.query("feature") == "10":
        return _articles(call)
    number = max(1, int(call.query("page", "1") or 1))
    empty = call.fault("half_year_empty")
    found = [] if empty or call.fault("list_empty") else _rows(call)
    part = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    last = number * PER_PAGE >= len(found)
    told = {"since_id": f"{part[-1]['mid']}kp{number + 1}" if part and not last else -1, "list": part, "status_visible": 0}
    told |= {"bottom_tips_visible": False, "bottom_tips_text": "", "topicList": [], "total": len(call.me.posts)}
    if empty or call.fault("half_year"):
        told |= {"status_visible": 1, "bottom_tips_visible": True, "bottom_tips_text": "博主设置仅展示半年内的微博"}
    return told


def _articles(call: Call) -> dict[str, Any]:
    """The 文章 tab: the same envelope, articles only."""
    found = [rows.row(call.me, post) for column in call.me.columns for post in column.posts]
    told = {"since_id": -1, "list": found, "status_visible": 0, "bottom_tips_visible": False, "bottom_tips_text": ""}
    return told | {"topicList": [], "total": len(found)}


def _rows(call: Call) -> list[dict[str, Any]]:
    me, now = call.me, call.world.clock
    if call.fault("foreign_rows"):
        return [rows.foreign(now - timedelta(hours=n)) for n in range(1, 9)]
    found = [rows.row(me, post) for post in me.newest_first()]
    for n, like in enumerate(me.likes):
        found.insert(min(len(found), 2 + 2 * n), rows.liked(me, like))
    if call.fault("retweet_deleted"):
        found = [rows.deleted_origin(row) if n == 0 else row for n, row in enumerate(found)]
    if call.fault("liked_newer"):
        found.insert(0, rows.liked(me, _newer_like(call)))
    for n in range(_pinned(call)):
        found.insert(0, rows.row(me, WorldPost(at=now - timedelta(days=400 + n), title=f"置顶旧文{n}", pinned=True)))
    return found


def _pinned(call: Call) -> int:
    return 2 if call.fault("two_pinned") else 1 if call.fault("pinned_old_first") else 0


def _newer_like(call: Call) -> WorldLike:
    return WorldLike(
        at=call.world.clock - timedelta(minutes=5), owner="示例晚报", owner_id="900099003", verified_type=3, text="今日要闻"
    )


def show(call: Call) -> Response:
    """/ajax/statuses/show: a bare post with `ok` beside."""
    if blocked := refused(call):
        return blocked
    if call.fault("post_hidden"):
        return as_json({"ok": 0, "error_code": 20112, "message": "由于作者设置，你暂时没有这条微博的查看权限哦"})
    owned = post_of(call.world, call.query("id"))
    if owned is None or call.fault("post_missing"):
        return as_json({"ok": 0, "errno": "20101", "msg": "该微博不存在"})
    return as_json({"ok": 1, **rows.row(*owned)})


def build_comments(call: Call) -> Response:
    """/ajax/statuses/buildComments: page one of the comments, whatever `count` says."""
    if blocked := refused(call):
        return blocked
    owned = post_of(call.world, call.query("id"))
    if owned is None:
        return as_json({"ok": 0, "errno": "20101", "msg": "该微博不存在"})
    found = rows.comments(*owned)
    told = {"ok": 1, "data": found, "rootComment": [], "total_number": owned[1].comments, "max_id": 0, "filter_group": []}
    return as_json(told | {"trendsText": "已加载全部评论", "tip_msg": ""})


def like_list(call: Call) -> Response:
    """/ajax/statuses/likelist: posts of others with their own dates, the last one deleted; only for a logged-in session."""
    if blocked := refused(call):
        return blocked
    if call.fault("login_wall") or not logged_in(call):
        return as_json(WALL, 403)
    found = [{key: value for key, value in rows.liked(call.me, like).items() if key != "title"} for like in call.me.likes]
    gone = {"mid": "4804268794315521", "idstr": "4804268794315521", "deleted": "1", "user": None, "text": "已被删除"}
    return as_json({"ok": 1, "data": {"list": [*found, gone], "total": len(found) + 1}})


def long_text(call: Call) -> Response:
    """/ajax/statuses/longtext: nothing more to read."""
    return refused(call) or as_json({"ok": 1, "data": {}})


def canary(call: Call) -> Response:
    """/ajax/side/hotSearch: tells that the network is not at fault."""
    return as_json({"ok": 1, "data": {"realtime": [{"word": "示例热搜", "num": 1}]}})


def login(call: Call) -> Response:
    """The old login address sends people to the passport host."""
    return RedirectResponse("https://passport.weibo.com/sso/signin?entry=miniblog", 302)


def routes() -> list[BaseRoute]:
    """Everything that weibo.com answers."""
    ajax = [("profile/info", "profile", profile), ("profile/detail", "detail", detail), ("statuses/show", "show", show)]
    ajax += [("statuses/buildComments", "buildcomments", build_comments), ("statuses/longtext", "longtext", long_text)]
    ajax += [("statuses/likelist", "likelist", like_list)]
    ajax += [("side/hotSearch", "canary", canary), ("statuses/hot_band", "canary", canary)]
    found: list[BaseRoute] = [endpoint(f"/ajax/{path}", "weibo", name, who, answer) for path, name, answer in ajax]
    found.append(endpoint("/ajax/statuses/mymblog", "weibo", "mymblog", who, mymblog, main=True))
    found.append(endpoint("/login.php", "weibo", "login", who, login))
    paths = ["/u/{uid:int}", "/n/{screen_name}", "/detail/{mid}", "/{uid:int}/{mblogid}", "/{uid:int}", "/{domain}", "/"]
    return found + [endpoint(path, "weibo", "home", who, page) for path in paths]
