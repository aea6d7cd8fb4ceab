"""Every recorded payload of ../shared/fixtures is read through the command line as its INDEX.md says."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters import BY_PLATFORM
from tests.adapters.test_cases import missing
from tests.e2e.running import TOP, ok

FIXTURES = TOP.parent / "shared" / "fixtures"
HERE = FIXTURES.is_dir()
pytestmark = pytest.mark.skipif(not HERE, reason=f"{FIXTURES} is not there: the fixtures are no part of the repository")

AJAX, MOBILE = "https://weibo.com/ajax", "https://m.weibo.cn"
LIST, CARDS = f"{AJAX}/statuses/mymblog?uid=900000701&page=1&feature=0", f"{MOBILE}/api/container/getIndex?containerid=1076039"
ARTICLE = "https://mp.weixin.qq.com/s/SHILIfixture0000000000"
DOUYIN = "https://www.douyin.com/aweme/v1/web"
NEWS = "MS4wLjABAAAAgq8cb7cn9ByhZbmx-XQDdRTvFzmJeBBXOUO4QflP96M"
WORKS = f"{DOUYIN}/aweme/post/?sec_user_id=SYNTHETIC_SEC_UID&max_cursor=0&count=18"
FEED = "https://www.toutiao.com/api/pc/list/feed?category=profile_all&max_behot_time=0"
LATER = "2026-09-27T10:00:00+08:00"


def post(at: str, *, exact: bool = False, **more: Any) -> dict[str, Any]:
    return {"posts": {"latest": f"{at}+08:00", "exact": exact, **more}}


def unseen(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "posts": {"unseen": outcome}}


NO_POSTS = {"posts": {"unseen": "not_observable"}}

# file → address, account ("" = as a pasted link), status, seen at, what INDEX.md expects
INDEX: dict[str, tuple[str, str, int, str, dict[str, Any]]] = {
    "weibo/openapi_statuses_show_gov.json": (
        "https://api.weibo.com/2/statuses/show.json?id=3767319819836343", "", 200, LATER,
        {"outcome": "ok", "name": "广东政法", "verified": True, "comment_policy": "open", **post("2014-10-19T09:35:01")},
    ),
    "weibo/ajax_profile_info_media.json": (
        f"{AJAX}/profile/info?uid=2803301701", "2803301701", 200, LATER, {"outcome": "ok", "verified": True, **NO_POSTS},
    ),
    "weibo/ajax_profile_info_and_detail_merged.json": (
        f"{AJAX}/profile/detail?uid=2803301701", "2803301701", 200, LATER, {"outcome": "partial", "name": "人民日报", **NO_POSTS},
    ),
    "weibo/ajax_mymblog_foreign_rows.json": (
        f"{AJAX}/statuses/mymblog?uid=900000900&page=1", "900000900", 200, LATER, unseen("foreign_rows"),
    ),
    "weibo/ajax_mymblog_pinned_liked_halfyear.json": (
        LIST, "900000701", 200, LATER,
        {"outcome": "restricted", "comment_policy": "screened", **post("2026-08-10T17:30:00", pinned=1)},
    ),
    "weibo/m_getindex_pinned_relative_dates.json": (
        f"{CARDS}00000601", "900000601", 200, "2020-05-03T12:00:00+08:00",
        {"outcome": "ok", **post("2020-05-02T09:12:00", exact=True, pinned=1)},
    ),
    "weibo/ajax_waterfall_video_tab.json": (
        f"{AJAX}/profile/getWaterFallContent?uid=900000001&cursor=0", "900000001", 200, LATER, {"outcome": "ok", **NO_POSTS},
    ),
    "weibo/ajax_buildcomments_two_levels.json": (
        f"{AJAX}/statuses/buildComments?is_reload=1&id=5345356649863407&count=10&uid=900000001", "900000001", 200, LATER,
        {"outcome": "ok", "replies": {"seen": 2, "answered": 0}},
    ),
    "weibo/ajax_statuses_show.json": (
        f"{AJAX}/statuses/show?id=Rj1VSFnVd", "900000001", 200, LATER, {"outcome": "ok", **post("2026-09-20T22:50:00", count=1)},
    ),
    "weibo/ajax_longtext_empty.json": (
        f"{AJAX}/statuses/longtext?id=Rj1VSFnVd", "900000001", 200, LATER, {"outcome": "ok", **NO_POSTS},
    ),
    "weibo/m_hotflow_author_reply.json": (
        f"{MOBILE}/comments/hotflow?id=5303134600000000&mid=5303134600000000", "900000401", 200, LATER,
        {"outcome": "ok", "replies": {"seen": 2, "answered": 1}},
    ),
    "weibo/m_hotflow_reply_count_zero.json": (
        f"{MOBILE}/comments/hotflow?id=5337290000000000&mid=5337290000000000", "900000401", 200, LATER,
        {"outcome": "ok", "replies": {"seen": 1, "answered": 1}},
    ),
    "weibo/app_status_org_verified7.json": (
        "https://api.weibo.cn/2/statuses/show?id=5059269046568226", "7892276667", 200, LATER,
        {"outcome": "ok", "verified": True, "comment_policy": "unknown", **post("2024-07-23T12:00:00", count=1)},
    ),
    "weibo/err_needs_visitor.json": (f"{AJAX}/profile/info?uid=900000701", "900000701", 200, LATER, unseen("login_wall")),
    "weibo/err_login_wall_mymblog_403.json": (LIST, "900000701", 403, LATER, unseen("login_wall")),
    "weibo/err_top_level_navigation_403.json": (LIST, "900000701", 403, LATER, unseen("refused")),
    "weibo/err_post_missing_20101.json": (f"{AJAX}/statuses/show?id=RcLjDsMGs", "", 200, LATER, unseen("item_gone")),
    "weibo/err_user_missing_20003.json": (f"{AJAX}/profile/info?uid=900000701", "900000701", 200, LATER, unseen("gone")),
    "weibo/err_captcha_m.json": (f"{CARDS}00000701", "900000701", 200, LATER, unseen("challenge")),
    "weibo/err_m_ambiguous_empty.json": (f"{CARDS}00000701", "900000701", 200, LATER, unseen("ambiguous_empty")),
    "weibo/err_432_empty.txt": (f"{CARDS}00000701", "900000701", 432, LATER, unseen("rate_limited")),
    "weibo/ok_page_with_captcha_strings.html": ("https://weibo.com/", "900000701", 200, LATER, {"outcome": "ok", **NO_POSTS}),
    "weixin/article_type0_org_verified.html": (
        ARTICLE, "gh_240fbf8b33e4", 200, LATER,
        {"outcome": "ok", "name": "36氪", "verified": True, "footers": {"hits": []}, **post("2025-11-11T08:06:46", count=1)},
    ),
    "weixin/article_type8_picture_org.html": (ARTICLE, "", 200, LATER, {"outcome": "ok", **post("2025-11-05T18:30:00", count=1)}),
    "weixin/article_2018_template_org.html": (
        ARTICLE, "gh_9381891f8dd8", 200, LATER, {"outcome": "ok", "name": "共产党员", **post("2018-03-20T11:19:59", count=1)},
    ),
    "weixin/comment_flags_three_views.json": (ARTICLE, "", 200, LATER, unseen("drift")),
    "weixin/status_deleted_by_author.html": (ARTICLE, "", 200, LATER, unseen("item_gone")),
    "weixin/status_violation_10001.html": (ARTICLE, "", 200, LATER, unseen("item_gone")),
    "weixin/status_temporarily_unavailable.html": (ARTICLE, "", 200, LATER, unseen("ambiguous_empty")),
    "weixin/risk_verify_identity_2019.html": (ARTICLE, "", 200, LATER, unseen("challenge")),
    "weixin/account_about_org.html": (
        "https://mp.weixin.qq.com/mp/about?__biz=MjM5ODMxNzE2NQ==", "shengongshewx", 200, LATER,
        {"outcome": "ok", "verified": True, "posts": {"unseen": "not_recorded"}},
    ),
    **{
        f"weixin/{name}": (
            f"https://feeds.example.cn/feeds/{name}", "", 200, LATER,
            {"outcome": "partial", **post("2025-11-10T12:00:10", count=1)},
        )
        for name in ("feed_one.rss", "feed_one.atom", "feed_all.json")
    },
    "douyin/profile_other_media.json": (
        f"{DOUYIN}/user/profile/other/?sec_user_id={NEWS}", NEWS, 200, "2023-05-25T09:00:00+08:00",
        {"outcome": "ok", "name": "央视新闻", "verified": True, "posts": {"unseen": "not_recorded"}},
    ),
    "douyin/posts_page1_media.json": (
        f"{DOUYIN}/aweme/post/?sec_user_id={NEWS}&max_cursor=0&count=18", NEWS, 200, "2023-05-24T17:00:00+08:00",
        {"outcome": "ok", "comment_policy": "open", **post("2023-05-24T16:31:30", exact=True, count=10)},
    ),
    "douyin/comments_page1_scrubbed.json": (
        f"{DOUYIN}/comment/list/?aweme_id=7229903984907018584&cursor=0&count=20", "uid=9000000000000001", 200, LATER,
        {"outcome": "partial", "replies": {"seen": 19, "of": 3870, "answered": 1}},
    ),
    "douyin/posts_pinned_then_newer.json": (
        WORKS, "https://www.douyin.com/user/SYNTHETIC_SEC_UID", 200, LATER,
        {"outcome": "ok", **post("2024-05-21T22:00:00", exact=True, pinned=1)},
    ),
    "douyin/posts_login_filtered.json": (
        WORKS, "https://www.douyin.com/user/SYNTHETIC_SEC_UID", 200, LATER, {"outcome": "partial", **post("2023-11-15T06:13:20")},
    ),
    "douyin/posts_null_list.json": (WORKS, "", 200, LATER, unseen("ambiguous_empty")),
    "douyin/bare_envelope.json": (WORKS, "", 200, LATER, unseen("refused")),
    "douyin/empty_body.txt": (WORKS, "", 200, LATER, unseen("refused")),
    "douyin/captcha_10000.json": (WORKS, "", 200, LATER, unseen("challenge")),
    "douyin/login_required_2483.json": (WORKS, "", 200, LATER, unseen("login_wall")),
    "douyin/detail_deleted.json": (f"{DOUYIN}/aweme/detail/?aweme_id=7298145681699622182", "", 200, LATER, unseen("item_gone")),
    "toutiao/feed_envelope_one_item.json": (
        FEED, "9000000456", 200, LATER, {"outcome": "ok", **post("2026-09-15T11:36:02", exact=True, count=1)},
    ),
    "toutiao/feed_empty_has_more_true.json": (FEED, "9000000456", 200, LATER, unseen("ambiguous_empty")),
    "toutiao/challenge_page.html": (
        "https://www.toutiao.com/c/user/9000000456/", "9000000456", 200, LATER, unseen("challenge"),
    ),
}  # fmt: skip
BARE_ITEM = "toutiao/feed_item_pinned_media.json"
"""One item without the list around it: no platform sends that, so it is read inside an envelope."""


def read(name: str, file: Path, url: str, account: str, status: int, at: str) -> Any:
    words = ["read", name.partition("/")[0], file, "--url", url, "--status", status, "--at", at, "--json"]
    (reading,) = ok(*words, *(["--account", account] if account else [])).lines
    return reading


def test_every_fixture_is_in_the_table() -> None:
    there = {path.relative_to(FIXTURES).as_posix() for path in FIXTURES.glob("*/*")}
    assert {name for name in there if not name.startswith("other/")} == {*INDEX, BARE_ITEM}
    told = {name.partition("/")[2].split("_")[0] for name in there if name.startswith("other/")}
    assert not told & set(BY_PLATFORM), "a platform of other/ has an adapter now: its fixtures belong into the table"


@pytest.mark.parametrize("name", INDEX)
def test_a_fixture_is_read_as_the_index_says(name: str) -> None:
    url, account, status, at, expected = INDEX[name]
    assert missing(expected, read(name, FIXTURES / name, url, account, status, at)) == []


def test_a_pinned_item_counts_by_its_publishing_not_its_pushing(tmp_path: Path) -> None:
    item = json.loads((FIXTURES / BARE_ITEM).read_text(encoding="utf-8"))
    envelope = {"message": "success", "data": [item], "has_more": False, "next": {"max_behot_time": 0}}
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(envelope, ensure_ascii=False), encoding="utf-8")
    reading = read(BARE_ITEM, file, FEED, "50502346173", 200, "2018-09-29T10:00:00+08:00")
    told = {key: reading["posts"][key] for key in ("latest", "count", "pinned")}
    assert told == {"latest": "2018-09-28T06:52:18+08:00", "count": 1, "pinned": 1}
