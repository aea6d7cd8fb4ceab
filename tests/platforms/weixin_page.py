"""The fake mp.weixin.qq.com: article pages in the real shape, status pages, verification (formats/weixin.md §3.2 §5 §6)."""

from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from tests.platforms import ids
from tests.platforms.endpoint import Call, as_json, endpoint
from tests.platforms.world import Column, World, WorldAccount, WorldPost, article_url, message_id

PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 - the platform's own pages are quoted by js() and by hand, as recorded
)
MESSAGES = {
    "deleted_article": {"text": "该内容已被发布者删除"},
    "deleted_english": {"text": "The content has been deleted by the author."},
    "violation": {"text": "此内容因违规无法查看", "reason_id": "10001", "reason": "涉嫌过度营销、骚扰用户"},
    "account_gone": {"text": "此帐号已自主注销，内容无法查看"},
    "migrated": {"text": "该公众号已迁移", "transfer": "https://mp.weixin.qq.com/s/SHILImigrated000000000"},
}
TEMPORARY = """<!DOCTYPE html>
<html>
<head><meta http-equiv="content-type" content="text/html;charset=utf8"><title>该内容暂时无法查看</title></head>
<body><div class="panel"><div class="mesg-block"><p>该内容暂时无法查看</p></div></div></body>
</html>"""
VERIFY = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title></title></head>
<body id="" class="zh_CN    "><script type='text/javascript'>
document.write('<div class="qrcheck_box"><div class="qrcheck_msg">访问过于频繁，请用微信扫描二维码进行访问</div></div>');
</script></body></html>"""
CAPTCHA = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>环境异常</title>
<script> window.PAGE_MID="mmbizwap:secitptpage/verify.html" </script></head>
<body><div class="weui-msg"><h2 class="weui-msg__title">环境异常</h2>
<p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a></div>
</body></html>"""


def js(text: str) -> str:
    """A string as the pages write it between quotes: HTML-escaped, then \\x.. for what JavaScript or HTML could mistake."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return "".join(f"\\x{ord(char):02x}" if char in "&\"'<>\n\r\\" else char for char in escaped)


def owned(world: World, request: Request) -> tuple[WorldAccount, WorldPost] | None:
    """The account and post behind a short or long link."""
    if key := request.path_params.get("key"):
        return world.article(str(key))
    query = request.query_params
    return world.article(f"{query.get('__biz', '')}/{query.get('mid', '')}")


def who(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """Whose article the link opens."""
    found = owned(world, request)
    return found[0] if found else None


def article(call: Call) -> Response:
    """/s/<22 characters> and /s?__biz=&mid=&idx=&sn=."""
    if call.fault("refused"):
        return Response(b"", 403)
    if call.fault("rate_limited") or call.fault("verify_page"):
        return HTMLResponse(VERIFY)
    if call.fault("captcha") or call.fault("login_wall"):
        target = f"/mp/wappoc_appmsgcaptcha?poc_token=EXAMPLE&target_url={call.request.url.path}"
        return RedirectResponse(target, 302)
    found = owned(call.world, call.request)
    if found is None:
        return HTMLResponse(TEMPORARY.replace("该内容暂时无法查看", "参数错误"))
    return _article(call, *found)


def _article(call: Call, account: WorldAccount, post: WorldPost) -> Response:
    for name, message in MESSAGES.items():
        if post.status == name or call.fault(name):
            return HTMLResponse(_message(account, message))
    if post.status == "temporarily_unavailable" or call.fault("temporarily_unavailable"):
        return HTMLResponse(TEMPORARY)
    shown = account
    if call.fault("wrong_account"):
        shown = next(a for a in call.world.accounts if a.platform == "weixin" and a.key != account.key)
    html = article_html(call.world, shown, post, reprint=bool(call.fault("reprint")), old=bool(call.fault("old_template")))
    return HTMLResponse(html[: html.index("window.cgiDataNew")] if call.fault("cut_before_data") else html)


def _message(account: WorldAccount, message: dict[str, str]) -> str:
    told = {"reason_id": "", "reason": "", "transfer": "", **message}
    body_id = "" if told["reason_id"] else "activity-detail"
    return PAGES.get_template("message.html").render(
        **told, body_id=body_id, user_name=account.ids["user_name"], nick_name=account.name
    )


def article_html(world: World, account: WorldAccount, post: WorldPost, *, reprint: bool = False, old: bool = False) -> str:
    """One article page. `reprint` adds a source account, `old` gives the template of 2018."""
    if old:
        return _template_2018(account, post)
    words = _words(world, account, post)
    source = {"user_name": "gh_000000009999", "number": "9000009999", "biz": ids.biz(9_000_009_999), "mid": "2200000001"}
    return PAGES.get_template("article.html").render(**words, js=js, source=source if reprint else None)


def _words(world: World, account: WorldAccount, post: WorldPost) -> dict[str, Any]:
    seed, stamp = account.seed(post), int(post.at.timestamp())
    phrase = post.footer.removeprefix("phrase:") if post.footer.startswith("phrase:") else ""
    lines = [f"{account.organisation}近日发布：{post.title}。", "有关事项请向本单位政务服务窗口咨询。", "来源：本单位。"]
    return {
        "user_name": account.ids["user_name"],
        "nick_name": account.name,
        "alias": account.ids.get("alias", ""),
        "biz": account.ids["biz"],
        "mid": message_id(account, post),
        "sn": f"{seed % 16**32:032x}",
        "bio": account.bio,
        "app_id": account.ids.get("appid", "wx0000000000000000"),
        "title": post.title,
        "desc": post.title,
        "lines": lines,
        "text": "\n".join([*lines, phrase]),
        "create_time": f"{post.at:%Y-%m-%d %H:%M}",
        "stamp": stamp,
        "show_type": post.show_type,
        "svr_time": int(world.clock.timestamp()),
        "link": article_url(account, post),
        "footer": post.footer,
        "phrase": phrase,
        "comment_id": str(4_200_000_000_000_000_000 + seed % 10**17) if post.can_comment else "0",
        "verify_status": "2" if account.verified else "0",
        "pad": _padding(post.pad),
    }


def _padding(size: int) -> str:
    line = "var lib = function (t, e) { return t && e ? t + e : 0; }; /* item_show_type: '5', user_name: 'gh_1e80bb81a1d2' */\n"
    return line * (size // len(line))


def _template_2018(account: WorldAccount, post: WorldPost) -> str:
    words = {"title": post.title, "day": f"{post.at:%Y-%m-%d}", "name": account.name, "mid": message_id(account, post)}
    words |= {"biz": account.ids["biz"], "user_name": account.ids["user_name"], "stamp": str(int(post.at.timestamp()))}
    return PAGES.get_template("article_2018.html").render(**words, comment_id=int(post.can_comment))


def listed_by(world: World, request: Request, body: bytes) -> WorldAccount | None:
    """Whose 合集 or 页面模板 an address names."""
    return world.find("weixin", "biz", request.query_params.get("__biz", ""))


def album(call: Call) -> Response:
    """/mp/appmsgalbum?action=getalbum&…&f=json: twenty rows, one row as a bare object (guard 15)."""
    found = _column(call, "album_id")
    if isinstance(found, Response):
        return found
    rows = [_album_row(call.me, post) for post in found.posts[:20]]
    told: dict[str, Any] = {"base_info": {"nickname": call.me.name, "title": found.title, "article_count": str(len(found.posts))}}
    told |= {"continue_flag": str(int(len(found.posts) > 20)), "reverse_continue_flag": "0"}
    told |= {"article_list": rows if len(rows) > 1 else rows[0]} if rows else {}
    return as_json({"base_resp": {"exportkey_token": "", "ret": 0}, "getalbum_resp": told})


def homepage(call: Call) -> Response:
    """/mp/homepage?…&action=appmsg_list&f=json: ten rows of the first category."""
    found = _column(call, "hid")
    if isinstance(found, Response):
        return found
    rows = [{"title": p.title, "link": long_url(call.me, p), "sendtime": str(int(p.at.timestamp()))} for p in found.posts[:10]]
    return as_json({"base_resp": {"ret": 0}, "appmsg_list": rows, "has_more": int(len(found.posts) > 10)})


def _column(call: Call, number: str) -> Column | Response:
    if call.fault("refused"):
        return Response(b"", 403)
    if call.fault("rate_limited") or call.fault("verify_page"):
        return HTMLResponse(VERIFY)
    if call.fault("captcha") or call.fault("login_wall"):
        return RedirectResponse("/mp/wappoc_appmsgcaptcha?poc_token=EXAMPLE", 302)
    told = call.query(number)
    found = call.account.columns if call.account and told.isdigit() else ()
    if not 1 <= int(told if told.isdigit() else 0) <= len(found):
        return as_json({"base_resp": {"ret": 10004}})
    return found[int(told) - 1]


def _album_row(account: WorldAccount, post: WorldPost) -> dict[str, Any]:
    told = {"title": post.title, "url": long_url(account, post), "create_time": str(int(post.at.timestamp()))}
    return told | {"msgid": message_id(account, post), "itemidx": "1", "key": message_id(account, post), "is_pay_subscribe": "0"}


def long_url(account: WorldAccount, post: WorldPost) -> str:
    """The long link of an article, as lists have it."""
    return f"http://mp.weixin.qq.com/s?__biz={account.ids['biz']}&mid={message_id(account, post)}&idx=1&sn=x#rd"


def captcha(call: Call) -> Response:
    """Where the platform sends a visitor that it takes for a machine."""
    return HTMLResponse(CAPTCHA)


def routes() -> list[BaseRoute]:
    """Everything that mp.weixin.qq.com answers."""
    return [
        endpoint("/s/{key}", "weixin", "article", who, article, main=True),
        endpoint("/s", "weixin", "article", who, article, main=True),
        endpoint("/mp/appmsgalbum", "weixin", "album", listed_by, album),
        endpoint("/mp/homepage", "weixin", "homepage", listed_by, homepage),
        endpoint("/mp/wappoc_appmsgcaptcha", "weixin", "captcha", who, captcha),
    ]
