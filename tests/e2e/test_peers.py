"""Mistakes that users of other programs reported in public, each played to ours: real HTTP, real Chromium, all rules on."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.faulty import Case, Met, meet
from tests.platforms import small
from tests.platforms.world import WorldPost
from tracker.facts.reasons import REASONS
from tracker.model import Aspect, Bounds, Conclusion, Outcome, Posts, Seen

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(120)]

PINNED, PINNED_SILENT = (Case(platform="weibo", by="browser", fault="two_pinned", silent=silent) for silent in (False, True))
BROADCAST_FEED, BROADCAST_OWNER = (Case(platform="weixin", by=by) for by in ("feed", "owner"))
EMPTY_FEED = Case(platform="weixin", by="feed", fault="feed_empty", where="rss")
EMPTY_FEED_SILENT = Case(platform="weixin", by="feed", fault="feed_empty", where="rss", silent=True)
BLOCKED = (
    Case(platform="weibo", by="browser", fault="forbidden_html"),
    Case(platform="toutiao", by="browser", fault="decision"),
    Case(platform="douyin", by="browser", fault="captcha_html"),
    Case(platform="weixin", by="link", fault="verify_page"),
)
LIMITED = Case(platform="weibo", by="browser", fault="rate_limited")
LIKED = Case(platform="weibo", by="browser", fault="liked_newer", silent=True)
HIDDEN = Case(platform="douyin", by="guest")


def _old(post: WorldPost) -> WorldPost:
    return WorldPost(at=post.at - timedelta(days=60), title=post.title)


def _published_only() -> tuple[WorldPost, ...]:
    """Three posts of the last week that were only published; what was broadcast is two months old."""
    recent = [WorldPost(at=post.at, title=post.title, notified=False) for post in small.posts(3)]
    return (*recent, *(_old(post) for post in small.posts(5)))


def _hidden() -> tuple[WorldPost, ...]:
    """Three works of the last week, which a visitor without login is not shown, and older ones."""
    return (*small.posts(3), *(_old(post) for post in small.posts(20)))


POSTS = {BROADCAST_FEED.name: _published_only(), BROADCAST_OWNER.name: _published_only(), HIDDEN.name: _hidden()}
CASES = (PINNED, PINNED_SILENT, BROADCAST_FEED, BROADCAST_OWNER, EMPTY_FEED, EMPTY_FEED_SILENT, *BLOCKED, LIMITED, LIKED, HIDDEN)


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Met]:
    root: Path = tmp_path_factory.mktemp("peers") / "ws"
    return meet(CASES, root, POSTS)


def unchecked(one: Met) -> bool:
    return one.verdict.conclusion is Conclusion.UNCHECKED and one.verdict.findings == ()


def test_a_pinned_post_is_not_the_newest(met: dict[str, Met]) -> None:
    """dataabc/weibo-crawler #610: a pinned post of 2023 led the list, and the run ended with “0 posts”; newer ones followed."""
    assert met[PINNED.name].verdict.conclusion is Conclusion.PASSED
    assert met[PINNED.name].verdict.idle_days == Bounds(least=1, most=1)
    assert met[PINNED_SILENT.name].verdict.idle_days == Bounds(least=40, most=40)


def test_what_was_published_without_a_broadcast_counts(met: dict[str, Met]) -> None:
    """cooderl/wewe-rss #373: accounts that publish daily looked stale for weeks.

    What is only published, and not pushed to followers, never reached the list that was read.
    """
    assert unchecked(met[BROADCAST_FEED.name])
    assert REASONS[Outcome.PARTIAL] in met[BROADCAST_FEED.name].reasons
    owner = met[BROADCAST_OWNER.name].verdict
    assert (owner.conclusion, owner.idle_days) == (Conclusion.PASSED, Bounds(least=0, most=0))


def test_feeds_that_all_went_empty_without_an_error_say_nothing(met: dict[str, Met]) -> None:
    """cooderl/wewe-rss #318: after an upgrade every feed gave 0 articles and no login was reported as lapsed."""
    for case in (EMPTY_FEED, EMPTY_FEED_SILENT):
        assert unchecked(met[case.name])
        assert met[case.name].reasons.startswith(REASONS[Outcome.AMBIGUOUS_EMPTY])


@pytest.mark.parametrize("case", BLOCKED, ids=lambda case: case.platform)
def test_a_block_is_called_a_block(met: dict[str, Met], case: Case) -> None:
    """dgtlmoon/changedetection.io #4343: a block by the site looked like any failed fetch; users searched their own settings."""
    (visit,) = met[case.name].visits
    assert unchecked(met[case.name])
    assert visit.observation.outcome in (Outcome.REFUSED, Outcome.CHALLENGE)
    assert not isinstance(visit.observation.aspects.get(Aspect.POSTS), Seen)


def test_a_limit_on_every_request_is_no_missing_user(met: dict[str, Met]) -> None:
    """Praeviso/crawl4weibo #5: “the user does not exist” was printed while the platform answered every request with 432."""
    one = met[LIMITED.name]
    assert unchecked(one)
    assert one.reasons.startswith(REASONS[Outcome.RATE_LIMITED])
    assert "不存在" not in one.reasons


def test_liked_posts_of_others_are_not_own(met: dict[str, Met]) -> None:
    """mikf/gallery-dl #9366: with a login the list also holds what the account liked (赞过), and it was taken for its own."""
    one = met[LIKED.name]
    assert one.verdict.idle_days == Bounds(least=40, most=40)
    posts = one.visits[0].observation.aspects[Aspect.POSTS]
    assert isinstance(posts, Seen)
    assert isinstance(posts.value, Posts)
    assert "今日要闻" not in {post.title for post in posts.value.items}


def test_a_list_without_its_newest_week_accuses_nobody(met: dict[str, Met]) -> None:
    """Evil0ctal/Douyin_TikTok_Download_API #665: without a good login the list came well-formed, but without its newest works."""
    one = met[HIDDEN.name]
    assert unchecked(one)
    assert one.verdict.idle_days is not None
    assert one.verdict.idle_days.least == 0
