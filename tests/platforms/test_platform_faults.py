"""Every fault on demand answers as the formats notes say."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.platforms import small, weibo_rows
from tests.platforms.client import GUEST, Answer, Client
from tests.platforms.faults import KNOWN, SERVER, Fault
from tests.platforms.serve import serve
from tests.platforms.world import LOGIN, article_url

WORLD = small.world()
BY = {a.key: a for a in WORLD.accounts}
WEIXIN = BY["weixin:示例公众号"]
SEC, TOKEN = BY["douyin:示例抖音"].ids["sec_uid"], BY["toutiao:示例头条"].ids["token"]
MYMBLOG = "https://weibo.com/ajax/statuses/mymblog?uid=900010001&page=1&feature=0"
INFO = "https://weibo.com/ajax/profile/info?uid=900010001"
SHOW = f"https://weibo.com/ajax/statuses/show?id={weibo_rows.mid_of(BY['weibo:示例微博'], BY['weibo:示例微博'].posts[0])}"
ARTICLE = article_url(WEIXIN, WEIXIN.posts[0])
FEED = f"https://www.toutiao.com/api/pc/list/user/feed?category=profile_all&token={TOKEN}&max_behot_time=0"
HOME = f"https://www.toutiao.com/c/user/token/{TOKEN}/"
WORKS = f"https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id={SEC}&max_cursor=0&count=18"
PROFILE = f"https://www.douyin.com/aweme/v1/web/user/profile/other/?sec_user_id={SEC}"
USER = f"https://www.douyin.com/user/{SEC}"
LOGGED_IN = f"SUB={LOGIN}; sessionid={LOGIN}"

Says = Callable[[Answer], bool]


def rows(answer: Answer) -> list[dict[str, object]]:
    told = answer.json()
    return told["data"]["list"] if isinstance(told.get("data"), dict) else told.get("data") or told.get("aweme_list")


FAULTS: list[tuple[str, str, str, Says]] = [
    ("weibo", "login_wall", MYMBLOG, lambda a: a.status == 403 and a.json()["message"].endswith("请登录后使用")),
    ("weibo", "captcha", MYMBLOG, lambda a: a.json()["ok"] == -100 and "captcha?scene=limit" in a.json()["url"]),
    ("weibo", "rate_limited", MYMBLOG, lambda a: (a.status, a.body) == (432, b"")),
    ("weibo", "refused", INFO, lambda a: a.status == 403 and a.json() == {"error": "Forbidden"}),
    ("weibo", "forbidden_html", INFO, lambda a: a.status == 403 and "<h2>403 Forbidden</h2>" in a.text),
    ("weibo", "needs_visitor", INFO, lambda a: a.json()["ok"] == -100 and "login.php" in a.json()["url"]),
    ("weibo", "ambiguous_empty", MYMBLOG, lambda a: a.json()["msg"] == "这里还没有内容"),
    ("weibo", "null_data", MYMBLOG, lambda a: a.json() == {"ok": 1, "data": None}),
    ("weibo", "foreign_rows", MYMBLOG, lambda a: {r["user"]["idstr"] for r in rows(a)} == {"900099001"}),
    ("weibo", "pinned_old_first", MYMBLOG, lambda a: rows(a)[0]["text_raw"] == "置顶旧文0"),
    ("weibo", "two_pinned", MYMBLOG, lambda a: sum(r.get("isTop", 0) for r in rows(a)) == 3),
    ("weibo", "liked_newer", MYMBLOG, lambda a: "赞过" in rows(a)[0]["title"]["text"] and "Nov 06" in rows(a)[0]["created_at"]),
    ("weibo", "half_year", MYMBLOG, lambda a: a.json()["data"]["status_visible"] == 1 and bool(rows(a))),
    ("weibo", "half_year_empty", MYMBLOG, lambda a: a.json()["data"]["bottom_tips_visible"] and rows(a) == []),
    ("weibo", "list_empty", MYMBLOG, lambda a: rows(a) == [] and not a.json()["data"]["bottom_tips_visible"]),
    ("weibo", "retweet_deleted", MYMBLOG, lambda a: rows(a)[0]["retweeted_status"]["user"] is None),
    ("weibo", "user_missing", INFO, lambda a: a.json() == {"ok": 0, "msg": "该用户不存在(20003)"}),
    ("weibo", "banned", INFO, lambda a: a.json()["ok"] == 0 and "%E6%8A%95%E8%AF%89" in a.json()["url"]),
    ("weibo", "closed", INFO, lambda a: a.json()["ok"] == 0 and "%E8%87%AA%E8%A1%8C" in a.json()["url"]),
    ("weibo", "renamed", INFO, lambda a: a.json()["data"]["user"]["screen_name"] == "示例微博(新)"),
    ("weibo", "post_missing", SHOW, lambda a: a.json()["errno"] == "20101"),
    ("weibo", "post_hidden", SHOW, lambda a: a.json()["error_code"] == 20112),
    ("weixin", "deleted_article", ARTICLE, lambda a: 'class="weui-msg__title warn">该内容已被发布者删除<' in a.text),
    ("weixin", "deleted_english", ARTICLE, lambda a: "The content has been deleted by the author." in a.text),
    ("weixin", "violation", ARTICLE, lambda a: "del_reason_id: '10001'" in a.text and 'body id=""' in a.text),
    ("weixin", "account_gone", ARTICLE, lambda a: "此帐号已自主注销" in a.text),
    ("weixin", "migrated", ARTICLE, lambda a: "transferTargetLink" in a.text),
    (
        "weixin",
        "temporarily_unavailable",
        ARTICLE,
        lambda a: len(a.body) < 934 and '<div class="mesg-block"><p>该内容暂时' in a.text,
    ),
    ("weixin", "verify_page", ARTICLE, lambda a: "js_article" not in a.text and "document.write" in a.text),
    ("weixin", "captcha", ARTICLE, lambda a: a.status == 302 and "wappoc_appmsgcaptcha" in a.headers["location"]),
    ("weixin", "wrong_account", ARTICLE, lambda a: "user_name: JsDecode('gh_000000000002')" in a.text),
    ("weixin", "cut_before_data", ARTICLE, lambda a: "js_content" in a.text and "cgiDataNew" not in a.text),
    ("weixin", "reprint", ARTICLE, lambda a: 'var source_username = "gh_000000009999"' in a.text),
    ("weixin", "old_template", ARTICLE, lambda a: 'id="post-date"' in a.text and "cgiDataNew" not in a.text),
    ("toutiao", "captcha", HOME, lambda a: "byted_acrawler.init({aid:99999999" in a.text),
    ("toutiao", "login_wall", HOME, lambda a: "的头条主页" not in a.text and "请登录" in a.text),
    ("toutiao", "plain_title", HOME, lambda a: "<title>今日头条</title>" in a.text),
    ("toutiao", "renamed", HOME, lambda a: "<title>示例头条新的头条主页</title>" in a.text),
    ("toutiao", "refused", FEED, lambda a: a.status == 403),
    ("toutiao", "rate_limited", FEED, lambda a: a.status == 429),
    ("toutiao", "decision", FEED, lambda a: "decision" in a.json()),
    ("toutiao", "null_data", FEED, lambda a: a.json()["data"] is None),
    ("toutiao", "ambiguous_empty", FEED, lambda a: a.json()["data"] == [] and a.json()["has_more"]),
    ("toutiao", "missing_next", FEED, lambda a: "next" not in a.json()),
    ("toutiao", "pinned_old_first", FEED, lambda a: [r.get("is_stick") for r in rows(a)[:3]] == [True, True, None]),
    ("toutiao", "behot_newer", FEED, lambda a: all(r["behot_time"] > r["publish_time"] for r in rows(a))),
    ("toutiao", "foreign_rows", FEED, lambda a: {r["user_info"]["user_id"] for r in rows(a)} == {9000499999}),
    ("toutiao", "mixed_rows", FEED, lambda a: {r["user_info"]["user_id"] for r in rows(a)} == {9000499999, 9000040001}),
    ("toutiao", "ugc_only", FEED, lambda a: {r["cell_type"] for r in rows(a)} == {32}),
    ("toutiao", "auth_object", FEED, lambda a: isinstance(rows(a)[0]["user_info"]["user_auth_info"], dict)),
    ("toutiao", "auth_empty", FEED, lambda a: rows(a)[0]["user_info"]["user_auth_info"] == ""),
    ("toutiao", "number_ids", FEED, lambda a: all(isinstance(r["group_id"], int) for r in rows(a))),
    ("toutiao", "ban_comment", FEED, lambda a: all(r["ban_comment"] == 1 for r in rows(a))),
    ("douyin", "captcha", WORKS, lambda a: a.json()["status_code"] == 10000 and "verify_center_decision_conf" in a.json()),
    ("douyin", "captcha_html", USER, lambda a: "验证码中间页" in a.text),
    ("douyin", "login_wall", WORKS, lambda a: a.json()["status_code"] == 2483),
    ("douyin", "login_tip", WORKS, lambda a: a.json()["not_login_module"]["guide_login_tip_exist"] is True),
    ("douyin", "bare_envelope", WORKS, lambda a: a.body == b'{"status_code":0}'),
    ("douyin", "refused", WORKS, lambda a: a.body == b"blocked"),
    ("douyin", "rate_limited", WORKS, lambda a: a.status == 429),
    ("douyin", "null_data", WORKS, lambda a: a.json()["aweme_list"] is None),
    ("douyin", "ambiguous_empty", WORKS, lambda a: a.json()["aweme_list"] == [] and a.json()["has_more"] == 1),
    ("douyin", "code_8", WORKS, lambda a: a.json() == {"status_code": 8, "status_msg": ""}),
    ("douyin", "code_8_login", WORKS, lambda a: "用户未登录" in a.json()["status_msg"]),
    ("douyin", "pinned_old_first", WORKS, lambda a: [r["is_top"] for r in rows(a)[:3]] == [1, 1, 0]),
    ("douyin", "pinned_twice", WORKS, lambda a: rows(a)[0]["aweme_id"] == rows(a)[1]["aweme_id"]),
    ("douyin", "foreign_rows", WORKS, lambda a: SEC not in {r["author"]["sec_uid"] for r in rows(a)}),
    ("douyin", "number_ids", WORKS, lambda a: isinstance(rows(a)[0]["aweme_id"], int)),
    ("douyin", "closed_comments", WORKS, lambda a: not any(r["aweme_control"]["can_comment"] for r in rows(a))),
    ("douyin", "bad_sec_uid", PROFILE, lambda a: a.json()["status_code"] == 2),
    ("douyin", "private", PROFILE, lambda a: a.json()["user"]["special_state_info"]["special_state"] == 4),
    ("douyin", "deactivated", PROFILE, lambda a: a.json()["user"]["user_deleted"] is True),
    ("douyin", "banned", PROFILE, lambda a: a.json()["user"]["is_ban"] is True),
    ("douyin", "broken_enterprise", PROFILE, lambda a: a.json()["user"]["enterprise_user_info"].endswith("[")),
    ("douyin", "renamed", PROFILE, lambda a: a.json()["user"]["nickname"] == "示例抖音新"),
]
MAIN = {"weibo": MYMBLOG, "weixin": ARTICLE, "toutiao": FEED, "douyin": WORKS}
FAULTS += [(p, "html_200", url, lambda a: a.status == 200 and "<h1>系统维护</h1>" in a.text) for p, url in MAIN.items()]
FAULTS += [(p, "empty_body", url, lambda a: (a.status, a.body) == (200, b"")) for p, url in MAIN.items()]
FAULTS += [(p, "http_500", url, lambda a: a.status == 500) for p, url in MAIN.items()]


@pytest.fixture(scope="module")
def shared() -> object:
    with serve(WORLD) as served:
        yield Client(served)


def holds(says: Says, answer: Answer) -> bool:
    """Whether the sign is there; an answer without the very keys does not show it."""
    try:
        return bool(says(answer))
    except (KeyError, IndexError, TypeError, ValueError):
        return False


@pytest.mark.parametrize(("platform", "name", "url", "says"), FAULTS, ids=[f"{f[0]}-{f[1]}" for f in FAULTS])
def test_fault_answers_as_the_note_says(shared: Client, platform: str, name: str, url: str, says: Says) -> None:
    WORLD.faults.clear()
    clean = shared.get(url, cookie=LOGGED_IN)
    WORLD.faults.put(name, platform=platform)
    faulty = shared.get(url, cookie=LOGGED_IN)
    WORLD.faults.clear()
    assert holds(says, faulty)
    assert not holds(says, clean)
    assert shared.get(url, cookie=LOGGED_IN).body == clean.body


@pytest.mark.parametrize("code", ["-1", "40001", "40164", "45009", "45011", "47009", "48001", "48004"])
def test_owner_errcodes(shared: Client, code: str) -> None:
    WORLD.faults.clear()
    WORLD.faults.put(code, account=WEIXIN.key, where="selfmenu", times=1)
    told = shared.owner(WEIXIN, "cgi-bin/get_current_selfmenu_info")
    assert told["errcode"] == int(code)
    assert code != "40164" or "203.0.113.7" in told["errmsg"]
    assert "errcode" not in shared.owner(WEIXIN, "cgi-bin/get_current_selfmenu_info")


def test_a_day_can_be_delayed_or_missing(shared: Client) -> None:
    WORLD.faults.clear()
    WORLD.faults.put("is_delay", account=WEIXIN.key, arg="2026-11-05")
    WORLD.faults.put("missing_day", account=WEIXIN.key, arg="2026-11-03")
    days = ("2026-11-05", "2026-11-04", "2026-11-03")
    told = [shared.owner(WEIXIN, "datacube/getarticletotaldetail", {"begin_date": day, "end_date": day}) for day in days]
    WORLD.faults.clear()
    assert told[0] == {"list": [], "is_delay": True}
    assert told[1]["is_delay"] is False
    assert told[2]["errcode"] == -1


def test_truncated_slow_and_counted_faults(shared: Client) -> None:
    WORLD.faults.clear()
    WORLD.faults.put("truncated", platform="weibo", times=1)
    cut, whole = shared.get(MYMBLOG, cookie=LOGGED_IN), shared.get(MYMBLOG, cookie=LOGGED_IN)
    assert whole.body.startswith(cut.body)
    assert len(cut.body) == len(whole.body) // 2
    WORLD.faults.put("slow", platform="weibo", arg="0.4", times=1)
    shared.get(MYMBLOG, cookie=LOGGED_IN)
    shared.get(MYMBLOG, cookie=LOGGED_IN)
    before, after = shared.served.log[-2], shared.served.log[-1]
    assert after["at"] - before["at"] >= 0.4


def test_a_server_fault_hits_the_main_endpoint_unless_told_where(shared: Client) -> None:
    WORLD.faults.clear()
    WORLD.faults.put("http_500", platform="weibo")
    assert (shared.get(MYMBLOG, cookie=GUEST).status, shared.get(INFO, cookie=GUEST).status) == (500, 200)
    WORLD.faults.clear()
    WORLD.faults.put("http_500", platform="weibo", where="profile")
    assert (shared.get(MYMBLOG, cookie=LOGGED_IN).status, shared.get(INFO, cookie=GUEST).status) == (200, 500)
    WORLD.faults.clear()
    WORLD.faults.put("http_500", account="weibo:别的账号")
    assert shared.get(MYMBLOG, cookie=LOGGED_IN).status == 200
    WORLD.faults.clear()


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="no fault 'half_year' on douyin"):
        Fault(name="half_year", platform="douyin")


def test_every_known_fault_is_tried() -> None:
    elsewhere = {
        "weixin": {"40013", "40125", "46003", "88000", "is_delay", "missing_day", "login_wall", "rate_limited", "refused"}
    }
    elsewhere["weixin"] |= {"feed_empty", "-1", "40001", "40164", "45009", "45011", "47009", "48001", "48004"}
    elsewhere["douyin"] = {"deleted_work"}
    for platform, known in KNOWN.items():
        tried = {name for p, name, _, _ in FAULTS if p == platform} | elsewhere.get(platform, set())
        assert known - tried - SERVER == set()


def test_the_log_tells_account_and_pace(shared: Client) -> None:
    WORLD.faults.clear()
    shared.get(MYMBLOG, cookie=LOGGED_IN)
    shared.get(PROFILE)
    first, second = shared.served.log[-2:]
    assert (first["host"], first["account"], first["endpoint"], first["status"]) == (
        "weibo.com",
        "weibo:示例微博",
        "mymblog",
        200,
    )
    assert (second["host"], second["account"], second["endpoint"]) == ("www.douyin.com", "douyin:示例抖音", "profile")
    assert all(b["at"] >= a["at"] for a, b in pairwise(shared.served.log))
    assert shared.served.log.of(account="douyin:示例抖音", endpoint="profile")[-1] is second


def test_strange_hosts_and_assets_are_turned_away_fast(shared: Client) -> None:
    assert shared.get("https://www.example.org/").status == 404
    assert shared.get("https://weibo.com/static/gt4.js").status == 404
    assert shared.get("https://mp.weixin.qq.com/favicon.ico").status == 404


def test_the_clock_is_an_argument() -> None:
    later = small.world()
    moved = type(later)(accounts=later.accounts, today=later.today + timedelta(days=1))
    assert moved.clock - later.clock == timedelta(days=1)
    assert later.clock == small.NOON
