"""The fake www.douyin.com: account page that fetches profile and works; guests get an older list (formats/douyin.md §2 §3 §5)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from tests.platforms import douyin_rows as rows
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import LOGIN, World, WorldAccount, WorldPost

PAGES = Path(__file__).parent / "pages"
PER_PAGE = 18
LOGIN_DEMAND = {"status_code": 2483, "status_msg": "请先登录，再继续查看吧"}


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """The account that sec_uid or a work id names."""
    told = {**request.path_params, **request.query_params}
    for key in ("sec_uid", "sec_user_id"):
        if key in told and (found := world.find("douyin", "sec_uid", str(told[key]))):
            return found
    owned = rows.work_of(world, str(told.get("aweme_id", "")))
    return owned[0] if owned else None


def logged_in(call: Call) -> bool:
    """Whether the browser carries the world's login."""
    return call.request.cookies.get("sessionid") == LOGIN


def page(call: Call) -> Response:
    """/user/<sec_uid>, /video/<id>, /note/<id>: configuration only; the script fetches."""
    if call.fault("captcha_html"):
        return HTMLResponse(
            "<!doctype html><title>验证码中间页</title><script>window.verify_center={}</script><div id='captcha'></div>"
        )
    html = (PAGES / "douyin.html").read_text(encoding="utf-8")
    mode = "work" if "aweme_id" in call.request.path_params else "account"
    return HTMLResponse(html.replace("%MODE%", mode).replace("%ID%", call.path("aweme_id") or call.path("sec_uid")))


def profile(call: Call) -> Response:
    """/aweme/v1/web/user/profile/other/."""
    if call.account is None or call.fault("bad_sec_uid"):
        return as_json({"status_code": 2, "status_msg": "参数不合法"})
    told = rows.profile(call.me)
    user = told["user"]
    if call.fault("private"):
        user |= {"secret": 1, "special_state_info": {"special_state": 4, "title": "私密账号", "content": ""}}
    if call.fault("deactivated"):
        user |= {"user_deleted": True, "special_state_info": {"special_state": 1, "title": "账号已注销", "content": ""}}
    if call.fault("banned"):
        user["is_ban"] = True
    if call.fault("broken_enterprise"):
        user["enterprise_user_info"] = '{"permissions":['
    if call.fault("renamed"):
        user["nickname"] += "新"
    return as_json(told)


def works(call: Call) -> Response:
    """/aweme/v1/web/aweme/post/: the works list."""
    if blocked := _blocked(call):
        return blocked
    if call.account is None:
        return as_json({"status_code": 2, "status_msg": "参数不合法"})
    if call.fault("null_data"):
        return as_json({"status_code": 0, "aweme_list": None, "has_more": 0, "max_cursor": 0})
    if call.fault("ambiguous_empty"):
        return as_json({"status_code": 0, "aweme_list": [], "has_more": 1, "max_cursor": 0, "min_cursor": 0})
    return as_json(_list(call))


def _blocked(call: Call) -> Response | None:
    anonymous_next = not logged_in(call) and call.query("max_cursor", "0") != "0"
    if anonymous_next or call.fault("bare_envelope"):
        return Response(b'{"status_code":0}', media_type="application/json")
    if call.fault("captcha"):
        conf = json.dumps({"verify_center_decision": "verify_hit", "decision_conf": {"subtype": "slide", "fp": "invented"}})
        told = {"status_code": 10000, "status_msg": "", "verify_center_decision_conf": conf, "log_pb": {"impr_id": "EXAMPLE"}}
        return as_json(told)
    answers: dict[str, Response] = {
        "login_wall": as_json(LOGIN_DEMAND),
        "code_8": as_json({"status_code": 8, "status_msg": ""}),
        "code_8_login": as_json({"status_code": 8, "status_msg": "用户未登录"}),
        "refused": Response("blocked", 200, media_type="text/plain"),
        "rate_limited": Response(b"", 429),
    }
    return next((answer for name, answer in answers.items() if call.fault(name)), None)


def _list(call: Call) -> dict[str, Any]:
    posts, tip = call.me.newest_first(), bool(call.fault("login_tip")) or not logged_in(call)
    if tip:
        hidden = sorted(posts, key=lambda post: post.at)[-call.me.guest_hides :] if call.me.guest_hides else []
        posts = [post for post in posts if post not in hidden]
    if call.fault("pinned_old_first"):
        posts.insert(0, WorldPost(at=call.world.clock - timedelta(days=400), title="置顶旧作", pinned=True))
    before = int(call.query("max_cursor", "0") or 0) / 1000
    posts = [post for post in posts if not before or (not post.pinned and post.at.timestamp() < before)]
    count = min(int(call.query("count", str(PER_PAGE)) or PER_PAGE), PER_PAGE)
    items = _changed(call, [rows.work(call.me, post) for post in posts[:count]])
    told = rows.works(items, len(posts) > count)
    return told | ({"not_login_module": {"guide_login_tip_exist": True}} if tip else {})


def _changed(call: Call, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if call.fault("pinned_twice") and items:
        oldest = min(items, key=lambda work: work["create_time"])
        items = [oldest | {"is_top": 1, "is_top_video": 1}, *items]
    if call.fault("foreign_rows"):
        items = [work | {"author": work["author"] | {"uid": "900009999", "sec_uid": "MS4wLjABAAAASHILIother"}} for work in items]
    if call.fault("number_ids"):
        items = [work | {"aweme_id": int(work["aweme_id"])} for work in items]
    if call.fault("closed_comments"):
        items = [work | {"aweme_control": work["aweme_control"] | {"can_comment": False}} for work in items]
    return items


def detail(call: Call) -> Response:
    """/aweme/v1/web/aweme/detail/: one work, or why it is not shown."""
    owned = rows.work_of(call.world, call.query("aweme_id"))
    if owned is None or call.fault("deleted_work"):
        reason = "status_deleted|status_self_see" if owned else "core_dep"
        told = {"aweme_id": call.query("aweme_id"), "filter_reason": reason, "detail_msg": "", "notice": "抱歉，作品不见了"}
        return as_json({"status_code": 0, "aweme_detail": None, "filter_detail": told})
    return as_json({"status_code": 0, "aweme_detail": rows.work(*owned), "log_pb": {"impr_id": "EXAMPLE"}})


def comments(call: Call) -> Response:
    """/aweme/v1/web/comment/list/."""
    owned = rows.work_of(call.world, call.query("aweme_id"))
    found = rows.comments(*owned) if owned else []
    total = owned[1].comments if owned else 0
    return as_json({"status_code": 0, "comments": found, "cursor": 20, "has_more": int(total > 20), "total": total})


def favourites(call: Call) -> Response:
    """/aweme/v1/web/aweme/favorite/: the liked works of others; 0 bytes, as an account answers that keeps its likes to itself."""
    if blocked := _blocked(call):
        return blocked
    if call.account is None or not call.me.likes:
        return Response(b"", media_type="application/json")
    return as_json(rows.works([rows.liked(call.me, like) for like in call.me.likes], more=False))


def routes() -> list[BaseRoute]:
    """Everything that www.douyin.com answers."""
    api = "/aweme/v1/web"
    return [
        endpoint("/user/{sec_uid}", "douyin", "home", who, page),
        endpoint("/video/{aweme_id}", "douyin", "home", who, page),
        endpoint("/note/{aweme_id}", "douyin", "home", who, page),
        endpoint(f"{api}/user/profile/other/", "douyin", "profile", who, profile),
        endpoint(f"{api}/aweme/post/", "douyin", "works", who, works, main=True),
        endpoint(f"{api}/aweme/detail/", "douyin", "detail", who, detail),
        endpoint(f"{api}/comment/list/", "douyin", "comments", who, comments),
        endpoint(f"{api}/aweme/favorite/", "douyin", "favorite", who, favourites),
    ]
