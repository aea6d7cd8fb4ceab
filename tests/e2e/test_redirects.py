"""No route follows a redirect to a foreign, private or link-local address, and none calls that a finding (DESIGN §9)."""

from pathlib import Path

import pytest

from tests.e2e.faulty import Case, Met, cases, meet
from tests.platforms.mangling import AWAY
from tracker.model import Conclusion

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(120)]
TARGETS = ("redirect_foreign", "redirect_private", "redirect_link_local")
CASES = tuple(case for case in cases() if case.fault in TARGETS)
ROUTES = {
    *(("weibo", "browser"), ("weibo", "link"), ("toutiao", "browser"), ("toutiao", "link"), ("douyin", "browser")),
    *(("douyin", "link"), ("weixin", "link"), ("weixin", "owner"), ("weixin", "feed")),
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Met]:
    """`meet` itself fails when a foreign host was asked for anything."""
    root: Path = tmp_path_factory.mktemp("redirects") / "ws"
    return meet(CASES, root)


def test_every_route_meets_every_kind_of_target() -> None:
    assert set(TARGETS) < AWAY.keys()
    for target in TARGETS:
        assert {(case.platform, case.by) for case in CASES if case.fault == target} == ROUTES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_lies_elsewhere_is_neither_opened_nor_judged(met: dict[str, Met], case: Case) -> None:
    one = met[case.name]
    assert one.verdict.conclusion is Conclusion.UNCHECKED
    assert one.verdict.findings == ()
