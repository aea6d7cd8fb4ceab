"""账号: the registry row, the posts on a line of time, the whole card, what earlier sweeps and printed lists said."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from adapters import BY_PLATFORM
from tests.console.conftest import TODAY, Console, Many
from tracker.history import Terms, import_history
from tracker.judge import judge
from tracker.model import (
    Account,
    Aspect,
    Decision,
    Observation,
    Outcome,
    Period,
    Post,
    Posts,
    Route,
    Seen,
    StoredVisit,
    Verdict,
    Window,
)
from tracker.posted import posted
from tracker.reports.timeline import build
from tracker.sweep import open_sweep

ACCOUNT = Account(account_id="a1", platform="made", kind="其他", name="示例号", organisation="示例局", position=1)


def words(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>|\s", "", text))


def verdicts(console: Console) -> tuple[Verdict, ...]:
    found = console.ws.store.last_judgement("2026-11-06")
    assert found
    return found.verdicts


def quoted(console: Console) -> Verdict:
    """One with a finding that quotes something."""
    return next(one for one in verdicts(console) if any(finding.hits for finding in one.findings))


def silent(console: Console) -> Verdict:
    """One that has not posted for too long."""
    return next(one for one in verdicts(console) if any(finding.code.startswith("UPD-") for finding in one.findings))


def visit(route: Route, on: date, posts: tuple[Post, ...], since: date | None, file: str) -> StoredVisit:
    at = TODAY.replace(year=on.year, month=on.month, day=on.day)
    start = at.replace(year=since.year, month=since.month, day=since.day, hour=0) if since else None
    seen = Seen(value=Posts(items=posts, as_of=at, complete_since=start), outcome=Outcome.OK)
    return StoredVisit(
        sweep="s",
        account_id="a1",
        platform="made",
        route=route,
        url="https://example.invalid/",
        file=file,
        sha256="0" * 64,
        at=at,
        observation=Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: seen}),
    )


def post(number: int, on: date, **told: object) -> Post:
    at = TODAY.replace(year=on.year, month=on.month, day=on.day, hour=9)
    return Post(id=f"p{number}", at=at, title=f"示例{number}", **told)  # type: ignore[arg-type]  # keywords are checked by the dataclass


def test_the_card_shows_clause_dates_arithmetic_counterfactual_and_bytes(sample: Console) -> None:
    one = silent(sample)
    shown = words(sample.get(f"/accounts/{one.account.account_id}").text)
    for finding in one.findings:
        for told in (finding.code, finding.message, finding.basis, finding.arithmetic, finding.counterfactual):
            assert words(told) in shown
    quote = quoted(sample)
    page = sample.get(f"/accounts/{quote.account.account_id}").text
    hit = next(hit for finding in quote.findings for hit in finding.hits)
    assert f"<mark>{hit.quote}</mark>" in unescape(page)
    address = re.search(r'href="(/evidence/[^"]+)">看存证', page)
    assert address
    assert sample.get(address[1]).status == 200


def test_every_undetermined_code_and_its_reason_stand_on_the_card(sample: Console) -> None:
    one = next(one for one in verdicts(sample) if one.undetermined)
    shown = words(sample.get(f"/accounts/{one.account.account_id}").text)
    for told in one.undetermined:
        assert told.code in shown
        assert words(told.reason) in shown


def test_a_decision_stands_with_its_finding(sample: Console) -> None:
    one = next(one for one in verdicts(sample) if any(finding.status == "candidate" for finding in one.findings))
    code = next(finding.code for finding in one.findings if finding.status == "candidate")
    own = one.account.account_id
    told = Decision(account_id=own, code=code, confirmed=False, who="甲<b>", why="看错了", at=TODAY)
    sample.ws.store.add_decision("2026-11-06", told)
    page = sample.get(f"/accounts/{own}").text
    assert "甲&lt;b&gt; 2026-11-06 15:00 驳回,理由:看错了" in page


def test_the_timeline_marks_looks_and_silences_over_the_limit(sample: Console) -> None:
    own = silent(sample).account.account_id
    page = sample.get(f"/accounts/{own}").text
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'role="img"' in svg
    assert re.search(r'fill="#f2b8a6" stroke="#7a2a10"', svg[: svg.index("<g ")])
    assert re.search(r">\d+天!<", svg)
    assert '<path d="M' in svg[: svg.index("<g ")]
    assert "规定最多14天没有更新" in words(page)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*src)", page)


def test_posts_of_all_routes_are_one_line_and_those_after_the_check_day_are_none() -> None:
    on = date(2026, 11, 6)
    a, b, late = post(1, date(2026, 11, 1)), post(2, date(2026, 11, 3)), post(3, date(2026, 11, 8))
    visits = [
        visit(Route.BROWSER, on, (b, a), date(2026, 10, 20), "s/1"),
        visit(Route.LINK, date(2026, 11, 5), (a,), None, "s/2"),
        visit(Route.FEED, date(2026, 11, 9), (late, b), None, "s/3"),
    ]
    found = posted(ACCOUNT, visits, (), on)
    assert [one.id for one in found.posts] == ["p2", "p1"]
    assert found.covered_since == date(2026, 10, 20)
    assert not found.gone


def test_a_post_that_a_later_whole_list_does_not_show_is_gone_and_no_other() -> None:
    on = date(2026, 11, 6)
    kept, gone, linked = post(1, date(2026, 11, 1)), post(2, date(2026, 11, 2), pinned=True), post(3, date(2026, 11, 3))
    first = visit(Route.BROWSER, date(2026, 11, 4), (gone, kept), date(2026, 10, 20), "s/1")
    link = visit(Route.LINK, date(2026, 11, 4), (linked,), None, "s/2")
    whole = visit(Route.BROWSER, on, (kept,), date(2026, 10, 20), "t/1")
    half = visit(Route.BROWSER, on, (kept,), None, "t/2")
    older = visit(Route.BROWSER, on, (), date(2026, 11, 3), "t/3")
    assert posted(ACCOUNT, [whole], [first, link], on).gone == {gone}
    assert posted(ACCOUNT, [whole], [first, link], on).pinned == {gone}
    assert not posted(ACCOUNT, [half], [first, link], on).gone
    assert not posted(ACCOUNT, [older], [first, link], on).gone


def test_the_marks_of_the_letters_picture_stay_as_they_were() -> None:
    days = [date(2026, 10, 1), date(2026, 10, 20)]
    plain = build(days, since=date(2026, 10, 1), check=date(2026, 11, 6), covered_since=None)
    assert not plain.looks
    assert not any(one.over for one in plain.silences)
    told = build(
        days,
        since=date(2026, 10, 1),
        check=date(2026, 11, 6),
        covered_since=None,
        marks={days[0]: "pinned"},
        looks={date(2026, 11, 5): True, date(2026, 9, 1): True},
        most=17,
    )
    assert [(one.days, one.over) for one in told.silences] == [(19, True), (17, False)]
    assert [one.mark for one in told.posts] == ["pinned", ""]
    assert [one.label for one in told.looks] == ["11.5"]


def test_earlier_sweeps_printed_lists_and_paper_stand_below_each_other(sample: Console, tmp_path: Path) -> None:
    one = silent(sample)
    account, ws = one.account, sample.ws
    paper = tmp_path / "名单.csv"
    paper.write_text(
        "序号,新媒体类型,新媒体名称,主办单位,检查日期,最后更新日期,发现问题\n"
        f"1,{account.kind},{account.name},{account.organisation},2026-9-20,2026-8-1,超过两周未更新\n",
        encoding="utf-8",
    )
    told = import_history(ws, paper, Terms(period="2026Q3", check_date=date(2026, 9, 20), who="甲"), at=TODAY)
    assert not told.problems
    assert [line.account_id for line in told.lines] == [account.account_id]
    before = TODAY - timedelta(days=14)
    window = Window(since=before.date() - timedelta(days=30), until=before.date())
    weekly = open_sweep(ws, "上上周", at=before, window=window, kind="weekly")
    judge(ws, weekly, ws.profile(), BY_PLATFORM, at=before)
    shown = words(sample.get(f"/accounts/{account.account_id}").text)
    past = shown[shown.index("历次结果") : shown.index("依据的采集")]
    assert past.index("正式检查") < past.index("每周巡检上上周") < past.index("来自纸质通报")
    assert "超过两周未更新" in past
    earlier = sample.get(f"/accounts/{account.account_id}?sweep=%E4%B8%8A%E4%B8%8A%E5%91%A8").text
    assert "这是批次 上上周 的结果" in earlier
    assert sample.get(f"/accounts/{account.account_id}?sweep=none").status == 400


def test_one_account_is_opened_without_reading_all_verdicts(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    own = quoted(sample).account.account_id
    ws = sample.ws
    ws.store.put_period(Period(name="2026Q3", title="第三季度", start=date(2026, 7, 1), end=date(2026, 9, 30)))
    day = date(2026, 9, 20)
    at = TODAY.replace(month=9, day=20)
    check = open_sweep(ws, "九月", at=at, window=Window(since=day - timedelta(days=30), until=day), period="2026Q3")
    judge(ws, check, ws.profile(), BY_PLATFORM, at=at)
    assert sample.get(f"/accounts/{own}").status == 200

    def all_of_them(*_: object, **__: object) -> None:
        raise AssertionError("the page of one account read the verdicts of all")

    monkeypatch.setattr(type(ws.store), "verdicts", all_of_them)
    monkeypatch.setattr(type(ws.store), "judgement", all_of_them)
    assert sample.get(f"/accounts/{own}").status == 200


def test_an_account_that_nobody_looked_at_says_so(sample: Console) -> None:
    new = Account(account_id="new1", platform="made", kind="其他", name="新号", organisation="示例局", position=999)
    sample.ws.store.add_accounts([new], "测试", TODAY)
    shown = words(sample.get("/accounts/new1").text)
    assert "还没有任何批次或名单说到这个账号" in shown or "未能核查" in shown
    assert "没有看到发布" in shown


def test_roles_see_what_they_may_do(many: Many) -> None:
    county = many.as_("county")
    region = next(user.region for user in many.ws.store.users() if user.login == "county")
    own = next(one for one in many.ws.store.accounts() if one.region == region)
    other = next(one for one in many.ws.store.accounts() if one.region != region)
    page = county.get(f"/accounts/{own.account_id}")
    assert page.status == 200
    assert "修改台账" not in page.text
    assert "去复核" not in page.text
    assert county.get(f"/accounts/{other.account_id}").status == 404
    assert many.as_("unit").get(f"/accounts/{own.account_id}").status == 403


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}])
def test_the_card_is_used_with_the_keyboard(sample: Console, signed_in, size: dict[str, int]) -> None:
    page: Page = signed_in(sample, viewport=size)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"/accounts/{silent(sample).account.account_id}")
    page.locator("summary", has_text="逐条看").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("table", name="看到的发布").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert told == []
