"""A real Chromium opens each kind of page at the real host name, and the page's own fetches happen."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.platforms import ids, small, weibo_rows
from tests.platforms.client import Client
from tests.platforms.serve import Served, serve
from tests.platforms.toutiao import group_id
from tests.platforms.world import LOGIN, LOGIN_COOKIES, WorldAccount, article_url

pytestmark = pytest.mark.browser
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(small.world()) as running:
        yield running


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Browser]:
    path = os.environ.get("TRACKER_BROWSER") or next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", f"--host-resolver-rules={served.resolver_rules}"]
            )
        except Error as error:
            if os.environ.get("CI") or os.environ.get("TRACKER_REQUIRE_BROWSER"):
                raise
            pytest.skip(f"no Chromium launches here: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    served.world.faults.clear()
    served.log.clear()
    opened = browser.new_context(ignore_https_errors=True)
    yield opened
    opened.close()


def login(context: BrowserContext, platform: str) -> None:
    name, *domains = LOGIN_COOKIES[platform]
    context.add_cookies([{"name": name, "value": LOGIN, "domain": d, "path": "/", "secure": True} for d in domains])


def account(served: Served, platform: str) -> WorldAccount:
    return next(a for a in served.world.accounts if a.platform == platform)


def opened(context: BrowserContext, url: str, awaited: str) -> Page:
    page = context.new_page()
    with page.expect_response(lambda response: awaited in response.url, timeout=15_000):
        page.goto(url, wait_until="commit")
    return page


@pytest.mark.parametrize("path", ["u/900010001", "shiliinvented09", "n/示例微博"])
def test_weibo_home_fetches_profile_then_list(served: Served, context: BrowserContext, path: str) -> None:
    login(context, "weibo")
    page = opened(context, f"https://weibo.com/{path}", "/ajax/statuses/mymblog")
    page.wait_for_function("document.querySelectorAll('article').length === 20")
    assert [call["endpoint"] for call in served.log if call["endpoint"]] == ["home", "profile", "detail", "mymblog"]
    assert page.title() == "示例微博的个人主页 - 微博"
    with page.expect_response(lambda response: "page=2" in response.url):
        page.mouse.wheel(0, 5000)


def test_weibo_as_guest_is_refused_the_list(served: Served, context: BrowserContext) -> None:
    page = opened(context, "https://weibo.com/u/900010001", "/ajax/statuses/mymblog")
    page.wait_for_function("document.body.textContent.includes('请登录后使用')")
    assert served.log.of(endpoint="mymblog")[0]["status"] == 403


def test_an_interface_opened_as_a_page_is_forbidden(context: BrowserContext) -> None:
    answer = context.new_page().goto("https://weibo.com/ajax/profile/info?uid=900010001")
    assert answer is not None
    assert (answer.status, answer.json()) == (403, {"error": "Forbidden"})


def test_weibo_post_page_fetches_post_and_comments(served: Served, context: BrowserContext) -> None:
    me = account(served, "weibo")
    mid = weibo_rows.mid_of(me, me.posts[3])
    opened(context, f"https://weibo.com/900010001/{ids.mblogid(mid)}", "/ajax/statuses/buildComments")
    assert [call["endpoint"] for call in served.log if call["endpoint"]] == ["home", "show", "buildcomments"]
    opened(context, f"https://m.weibo.cn/detail/{mid}", "/statuses/show")


def test_weixin_article_runs_its_data_script(served: Served, context: BrowserContext) -> None:
    me = account(served, "weixin")
    for post in (me.posts[0], small.picture()):
        page = context.new_page()
        page.goto(article_url(me, post))
        told = page.evaluate(
            "[window.cgiError, window.cgiDataNew.user_name, window.cgiDataNew.create_time, window.cgiDataNew.title]"
        )
        assert told == [None, "gh_000000000001", f"{post.at:%Y-%m-%d %H:%M}", post.title]


def test_weixin_captcha_redirect_is_followed_to_the_wall(served: Served, context: BrowserContext) -> None:
    served.world.faults.put("captcha", platform="weixin")
    me = account(served, "weixin")
    page = context.new_page()
    page.goto(article_url(me, me.posts[0]))
    assert "wappoc_appmsgcaptcha" in page.url
    assert page.evaluate("window.PAGE_MID") == "mmbizwap:secitptpage/verify.html"


def test_toutiao_home_fetches_the_feed(served: Served, context: BrowserContext) -> None:
    me = account(served, "toutiao")
    page = opened(context, "https://www.toutiao.com/c/user/9000040001/", "/api/pc/list/user/feed")
    assert page.url == f"https://www.toutiao.com/c/user/token/{me.ids['token']}/"
    assert page.title() == "示例头条的头条主页"
    page.wait_for_function("document.querySelectorAll('article').length === 20")
    item = context.new_page()
    item.goto(f"https://www.toutiao.com/article/{group_id(me, me.posts[0])}/")
    assert item.title() == me.posts[0].title


def test_douyin_home_fetches_profile_and_works(served: Served, context: BrowserContext) -> None:
    login(context, "douyin")
    me = account(served, "douyin")
    page = opened(context, f"https://www.douyin.com/user/{me.ids['sec_uid']}", "/aweme/v1/web/aweme/post/")
    page.wait_for_function("document.querySelectorAll('article').length === 18")
    assert [call["endpoint"] for call in served.log if call["endpoint"]] == ["home", "profile", "works"]
    assert page.title() == "示例抖音的抖音 - 抖音"
    with page.expect_response(lambda response: "max_cursor=1" in response.url):
        page.mouse.wheel(0, 5000)


def test_a_three_megabyte_article_is_served_whole(served: Served, context: BrowserContext) -> None:
    me = account(served, "weixin")
    heavy = replace(me, posts=(replace(me.posts[0], pad=3_000_000),))
    with serve(replace(served.world, accounts=(heavy,))) as other:
        page = Client(other).get(article_url(heavy, heavy.posts[0]))
    assert 2_900_000 < len(page.body) < 3_200_000
    assert page.text.index("window.cgiDataNew = {") / len(page.text) > 0.75
