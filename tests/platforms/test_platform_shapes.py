"""The answers have every key that the recorded payloads have (tests/platforms/recorded), and obey the rules of id and time."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.platforms import ids, weibo_rows
from tests.platforms.client import GUEST, Client
from tests.platforms.world import WorldAccount, article_url

RECORDED = Path(__file__).parent / "recorded"
PICTURES = re.compile(r"\.pic_infos?\b|\.fakepid")


def paths(value: object, at: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{at}.{key}"
            yield from paths(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{at}[]")


def lacking(recorded: str, told: object, *without: str) -> set[str]:
    """Key paths of a recorded payload that our answer does not have."""
    wanted = set(paths(json.loads((RECORDED / recorded).read_text(encoding="utf-8"))))
    return {path for path in wanted - set(paths(told)) if not any(part in path for part in without)}


def account(client: Client, key: str) -> WorldAccount:
    return next(a for a in client.served.world.accounts if a.key == key)


def test_weibo_list_has_the_recorded_keys_and_order(client: Client) -> None:
    told = client.logged_in("weibo", "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=0").json()
    assert lacking("weibo_mymblog.json", told) == set()
    rows = told["data"]["list"]
    assert rows[0]["isTop"] == 1
    assert rows[0]["title"] == {"text": "置顶"}
    assert [row["user"]["idstr"] for row in rows if "赞过" in row.get("title", {}).get("text", "")] == ["900090012"]
    assert len(rows) == 20
    more = client.logged_in("weibo", "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=2&feature=0").json()
    assert more["data"]["since_id"] == -1
    assert len(rows) + len(more["data"]["list"]) == 25 + 1 + 1


def test_weibo_ids_carry_the_time(client: Client) -> None:
    told = client.logged_in("weibo", "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=0").json()
    for row in told["data"]["list"]:
        at = datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y")
        assert (int(row["mid"]) >> 22) + 515483463 == int(at.timestamp())
        assert row["mblogid"] == ids.mblogid(row["mid"])
    assert ids.mblogid("4804268794315521") == "M1N39i6Fb"
    assert ids.mblogid("5347399807533369") == "RjT5ivBLX"


def test_weibo_guest_sees_the_profile_and_posts_but_not_the_list(client: Client) -> None:
    told = client.get("https://weibo.com/ajax/profile/info?uid=900010001", cookie=GUEST).json()
    assert lacking("weibo_profile.json", told) == set()
    assert told["data"]["user"]["screen_name"] == "示例微博"
    assert client.get("https://weibo.com/ajax/profile/info?custom=shiliinvented09", cookie=GUEST).json() == told
    assert client.get("https://weibo.com/ajax/profile/info?uid=900010001").json()["url"].startswith("https://weibo.com/login.php")
    wall = client.get("https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=0", cookie=GUEST)
    assert (wall.status, wall.json()) == (403, {"ok": 0, "message": "前方有点拥堵，请登录后使用"})


def test_weibo_post_and_comments(client: Client) -> None:
    me = account(client, "weibo:示例微博")
    post = me.posts[3]
    mid = weibo_rows.mid_of(me, post)
    told = client.get(f"https://weibo.com/ajax/statuses/show?id={ids.mblogid(mid)}", cookie=GUEST).json()
    assert lacking("weibo_show.json", told) == set()
    assert (told["mid"], told["text_raw"]) == (mid, post.title)
    comments = client.get(f"https://weibo.com/ajax/statuses/buildComments?id={mid}", cookie=GUEST).json()
    assert lacking("weibo_buildcomments.json", comments, "reply_comment_id") == set()
    assert len(comments["data"]) == post.comments


def test_mobile_weibo(client: Client) -> None:
    url = "https://m.weibo.cn/api/container/getIndex?containerid=107603900010001"
    told = client.logged_in("weibo", url).json()
    assert lacking("weibo_getindex.json", told) == set()
    first, second = told["data"]["cards"][:2]
    assert first["profile_type_id"].startswith("proweibotop")
    assert second["mblog"]["created_at"] == "昨天 09:30"
    assert client.get(url).json()["ok"] == -100
    assert client.get("https://m.weibo.cn/api/config").json()["data"]["login"] is False


def data_keys(html: str) -> list[str]:
    block = html[html.index("window.cgiDataNew = {") : html.index("} catch (e)")]
    return re.findall(r"^ {16}(\w+):", block, re.M)


@pytest.mark.parametrize(("recorded", "show_type"), [("weixin_type0.html", 0), ("weixin_type8.html", 8)])
def test_article_has_the_recorded_data_keys_in_order(client: Client, recorded: str, show_type: int) -> None:
    me = account(client, "weixin:示例公众号")
    post = next(post for post in me.posts if post.show_type == show_type)
    page = client.get(article_url(me, post)).text
    real = (RECORDED / recorded).read_text(encoding="utf-8")
    wanted, told = data_keys(real), data_keys(page)
    assert set(wanted) == set(told)
    assert told[:4] == ["base_resp", "user_name", "nick_name", "round_head_img"] == wanted[:4]
    assert [k for k in re.findall(r"var (\w+) =", real) if f"var {k} =" not in page] == []
    assert f"create_time: JsDecode('{post.at:%Y-%m-%d %H:%M}')" in page
    assert f"create_timestamp: '{int(post.at.timestamp())}' * 1" in page
    assert (
        page.index("gh_1e80bb81a1d2") < page.index("window.cgiDataNew = {") < page.index("user_name: JsDecode('gh_000000000001')")
    )
    assert ("var ct = " in page) == (show_type == 0)


def test_article_by_its_long_link_is_the_same(client: Client) -> None:
    me = account(client, "weixin:示例公众号")
    page = client.get(article_url(me, me.posts[0])).text
    biz, mid = re.search(r'var biz = "([^"]+)"', page), re.search(r'var mid = "(\d+)"', page)
    assert biz
    assert mid
    assert client.get(f"https://mp.weixin.qq.com/s?__biz={biz[1]}&mid={mid[1]}&idx=1&sn=x").text == page


def test_owner_interfaces(client: Client) -> None:
    me = account(client, "weixin:示例公众号")
    day = client.owner(me, "datacube/getarticletotaldetail", {"begin_date": "2026-11-05", "end_date": "2026-11-05"})
    assert day["is_delay"] is False
    assert [(row["ref_date"], row["publish_type"]) for row in day["list"]] == [("2026-11-05", 0)]
    assert {"msgid", "title", "content_url", "detail_list"} <= set(day["list"][0])
    today = {"begin_date": "2026-11-06", "end_date": "2026-11-06"}
    assert client.owner(me, "datacube/getarticletotaldetail", today)["errcode"] == 61501
    two = {"begin_date": "2026-11-04", "end_date": "2026-11-05"}
    assert client.owner(me, "datacube/getarticletotaldetail", two)["errcode"] == 61501
    listed = client.owner(me, "cgi-bin/freepublish/batchget", {"offset": 0, "count": 20, "no_content": 1})
    news = [item["content"]["news_item"][0] for item in listed["item"]]
    assert [(row["title"], row["need_open_comment"]) for row in news] == [("示例发表", 1)]
    assert (listed["total_count"], listed["item_count"]) == (1, 1)
    menu = client.owner(me, "cgi-bin/get_current_selfmenu_info")
    assert menu["selfmenu_info"]["button"][0]["sub_button"]["list"][0]["name"] == "咨询"
    assert client.owner(me, "cgi-bin/get_current_autoreply_info")["is_autoreply_open"] == 0
    assert client.get("https://api.weixin.qq.com/cgi-bin/get_current_selfmenu_info?access_token=wrong").json()["errcode"] == 40001
    wrong = {"grant_type": "client_credential", "appid": "wx0000000000000001", "secret": "1" * 32}
    assert client.get("https://api.weixin.qq.com/cgi-bin/stable_token", body=wrong).json()["errcode"] == 40125


def test_toutiao_page_and_feed(client: Client) -> None:
    me = account(client, "toutiao:示例头条")
    token = me.ids["token"]
    page = client.get(f"https://www.toutiao.com/c/user/token/{token}/").text
    assert "<title>示例头条的头条主页</title>" in page
    data = re.search(r'<script id="RENDER_DATA" type="application/json">([^<]*)</script>', page)
    assert data
    info = json.loads(unquote(data[1]))["data"]["profileUserInfo"]
    assert set(info) == {"userId", "name", "avatarUrl", "description", "userAuthInfo", "userVerified", "ipLocation", "mediaId"}
    assert json.loads(info["userAuthInfo"])["auth_type"] == "0"
    query = f"https://www.toutiao.com/api/pc/list/user/feed?category=profile_all&token={token}&max_behot_time="
    told = client.get(query + "0").json()
    assert lacking("toutiao_feed.json", told) == set()
    assert told["data"][0]["is_stick"] is True
    assert all(int(row["group_id"]) >> 32 == row["publish_time"] for row in told["data"])
    more = client.get(query + str(told["next"]["max_behot_time"])).json()
    assert (told["has_more"], more["has_more"]) == (True, False)
    assert len({row["group_id"] for row in told["data"] + more["data"]}) == 26
    moved = client.get("https://www.toutiao.com/c/user/9000040001/")
    assert (moved.status, moved.headers["location"]) == (302, f"/c/user/token/{token}/")


def test_douyin_profile_and_works(client: Client) -> None:
    me = account(client, "douyin:示例抖音")
    sec = me.ids["sec_uid"]
    assert len(sec) == 55
    told = client.get(f"https://www.douyin.com/aweme/v1/web/user/profile/other/?sec_user_id={sec}").json()
    assert lacking("douyin_profile.json", told) == set()
    assert "央视" not in json.dumps(told, ensure_ascii=False)
    url = f"https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id={sec}&max_cursor=0&count=18"
    works = client.logged_in("douyin", url).json()
    assert lacking("douyin_works.json", works) == set()
    assert "not_login_module" not in works
    assert works["aweme_list"][0]["is_top"] == 1
    assert all(0 < work["create_time"] - (int(work["aweme_id"]) >> 32) < 60 for work in works["aweme_list"])
    assert (len(works["aweme_list"]), works["has_more"]) == (18, 1)
    rest = client.logged_in("douyin", url.replace("max_cursor=0", f"max_cursor={works['max_cursor']}")).json()
    assert len({work["aweme_id"] for work in works["aweme_list"] + rest["aweme_list"]}) == 26


def test_douyin_guest_is_not_shown_the_newest(client: Client) -> None:
    me = account(client, "douyin:示例抖音")
    url = f"https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id={me.ids['sec_uid']}&max_cursor=0&count=18"
    full, guest = client.logged_in("douyin", url).json(), client.get(url).json()
    assert guest["not_login_module"] == {"guide_login_tip_exist": True}
    newest = [max(work["create_time"] for work in told["aweme_list"]) for told in (full, guest)]
    assert newest[0] - newest[1] == 6 * 86400
    assert client.get(url.replace("max_cursor=0", "max_cursor=1793000000000")).body == b'{"status_code":0}'
