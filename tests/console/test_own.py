"""我的账号: a unit sees what was sent or printed of its own accounts, nothing else; its answers are a reply sheet's records."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import TODAY, Answer, Console, Many, Serve
from tests.console.sending import SWEEP, UNIT, belong, known, of_others, of_unit, send
from tests.files.pictured import SECRET, chunk, exif, png
from tracker import attached, consult
from tracker.consult import Known
from tracker.consult.online import FILE
from tracker.gates import gates
from tracker.model import Status
from tracker.review import last_judgement
from tracker.workspace import Workspace


@pytest.fixture
def mine(asked: Many) -> Known:
    return of_unit(asked.ws)[0]


def answer(console: Console, one: Known, opinion: str = "objects", why: str = "11月3日已经更新", **more: str) -> Answer:
    told = {"sweep": one.sweep, "token": "token-000001", "opinion": opinion, "why": why, **more}
    return console.upload(f"/own/{one.account_id}/answer/{one.code}", {}, told)


def unanswered(ws: Workspace) -> list[str]:
    sweep = ws.sweep(SWEEP)
    return [one.slug for one in gates(ws, sweep, last_judgement(ws, sweep), today=TODAY.date(), fresh=True)]


def test_a_unit_s_list_holds_its_own_accounts_and_no_other_s(asked: Many) -> None:
    told = asked.as_("unit").get("/own").text
    own = {one.account_id for one in of_unit(asked.ws)}
    others = {one.account_id for one in of_others(asked.ws)}
    assert own
    assert others
    assert all(f"/own/{whom}" in told for whom in own)
    assert not any(f"/own/{whom}" in told for whom in others)
    assert "还有7天" in told


def test_a_county_s_list_holds_its_region_and_the_city_sees_all_with_a_word_on_it(asked: Many) -> None:
    county, city = asked.as_("county").get("/own").text, asked.as_("city").get("/own").text
    regions = {one.account_id: asked.ws.store.account(one.account_id) for one in known(asked.ws).values()}
    for whom, account in regions.items():
        assert account is not None
        assert (f"/own/{whom}" in county) is (account.region == "甲山县")
        assert f"/own/{whom}" in city
    assert "单位登录后看到的样子" in city
    assert "单位登录后看到的样子" not in county


def test_an_account_of_another_unit_is_not_there_for_any_address(asked: Many, mine: Known) -> None:
    unit, other = asked.as_("unit"), of_others(asked.ws)[0]
    where = f"/own/{other.account_id}"
    for address in (where, f"{where}/shots/{other.code}/0?sweep={SWEEP}", f"{where}/proofs/1/0", f"{where}/done/1/0"):
        assert unit.get(address).status == 404
    assert answer(unit, other).status == 404
    assert asked.ws.store.objections(SWEEP) == ()
    fields = {"sweep": SWEEP, "token": "token-000001", "code": other.code, "words": "改了", "done_on": "2026-11-06"}
    assert unit.upload(f"{where}/rectify", {}, fields).status == 404
    assert asked.ws.store.rectification_reports(SWEEP) == ()


def test_files_of_another_account_are_not_reached_through_one_s_own(asked: Many, mine: Known) -> None:
    other = of_others(asked.ws)[0]
    city = asked.as_("city")
    sent = city.upload(
        f"/own/{other.account_id}/answer/{other.code}",
        {"files": ("a.png", png())},
        {"sweep": SWEEP, "token": "token-000002", "opinion": "objects", "why": "x"},
    )
    assert sent.status == 303
    number = asked.ws.store.objections(SWEEP)[-1].id
    assert city.get(f"/own/{other.account_id}/proofs/{number}/0").status == 200
    assert asked.as_("unit").get(f"/own/{mine.account_id}/proofs/{number}/0").status == 404


def test_nothing_is_seen_before_it_was_sent_and_an_open_candidate_is_never_seen(many: Many) -> None:
    belong(many.ws)
    unit = many.as_("unit")
    judged = last_judgement(many.ws, many.ws.head(SWEEP))
    mine = [one for one in judged.verdicts if one.account.organisation == UNIT and one.findings]
    assert mine
    for verdict in mine:
        told = unit.get(f"/own/{verdict.account.account_id}").text
        assert "没有发给您的问题" in told
        assert not any(finding.code in told or finding.message in told for finding in verdict.findings)
        for finding in verdict.findings:
            shots = unit.get(f"/own/{verdict.account.account_id}/shots/{finding.code}/0?sweep={SWEEP}")
            assert shots.status == 404


def test_only_the_findings_that_were_asked_about_stand_on_an_account_s_page(asked: Many) -> None:
    city, seen = asked.as_("city"), 0
    for verdict in last_judgement(asked.ws, asked.ws.head(SWEEP)).verdicts:
        codes = {one.code for one in known(asked.ws).values() if one.account_id == verdict.account.account_id}
        hidden = {one.code for one in verdict.findings} - codes
        if codes and hidden:
            told = city.get(f"/own/{verdict.account.account_id}").text
            assert all(code in told for code in codes)
            assert not any(f">{code}<" in told for code in hidden)
            seen += 1
    assert seen or all(
        one.status is not Status.CANDIDATE for v in last_judgement(asked.ws, asked.ws.head(SWEEP)).verdicts for one in v.findings
    )


def test_a_finding_stands_with_clause_dates_sums_and_evidence(asked: Many, mine: Known) -> None:
    told = asked.as_("unit").get(f"/own/{mine.account_id}").text
    verdict = last_judgement(asked.ws, asked.ws.head(SWEEP))
    finding = next(
        each
        for one in verdict.verdicts
        if one.account.account_id == mine.account_id
        for each in one.findings
        if each.code == mine.code
    )
    for part in (finding.message, finding.basis, "2026年11月13日截止", "2026年11月6日第1次征求意见"):
        assert part in told
    assert finding.arithmetic.splitlines()[0][:20] in told


def test_an_objection_is_the_same_record_as_a_reply_sheet_s_and_shuts_the_gate(asked: Many, mine: Known) -> None:
    assert "objections" not in unanswered(asked.ws)
    sent = answer(asked.as_("unit"), mine)
    assert sent.status == 303
    assert "notice" in sent.headers["location"]
    (kept,) = asked.ws.store.objections(SWEEP)
    assert (kept.account_id, kept.code, kept.objects, kept.why) == (mine.account_id, mine.code, True, "11月3日已经更新")
    assert (kept.who, kept.taken_by, kept.file, kept.late) == (mine.organisation, "单位一", FILE, False)
    assert mine.sent
    assert kept.consultation == mine.sent.id
    assert "objections" in unanswered(asked.ws)
    assert "11月3日已经更新" in asked.as_("city").get("/consult").text


def test_agreeing_shuts_no_gate(asked: Many, mine: Known) -> None:
    assert answer(asked.as_("unit"), mine, "agrees", "").status == 303
    assert not asked.ws.store.objections(SWEEP)[0].objects
    assert "objections" not in unanswered(asked.ws)


def test_the_same_form_sent_twice_is_kept_once(asked: Many, mine: Known) -> None:
    unit = asked.as_("unit")
    assert [answer(unit, mine).status, answer(unit, mine).status] == [303, 303]
    assert len(asked.ws.store.objections(SWEEP)) == 1
    assert answer(unit, mine, token="token-000009", why="补充").status == 303
    assert [one.why for one in asked.ws.store.objections(SWEEP)] == ["11月3日已经更新", "补充"]


def test_a_late_answer_is_taken_and_told_to_be_late(asked_root: Path, served: Serve, tmp_path: Path) -> None:
    shutil.copytree(asked_root, tmp_path / "逾期")
    late = Many(console=served(tmp_path / "逾期", clock=lambda: TODAY + timedelta(days=8)))
    mine, unit = of_unit(late.ws)[0], late.as_("unit")
    assert "已截止;仍可以反馈" in unit.get(f"/own/{mine.account_id}").text
    assert answer(unit, mine).status == 303
    assert late.ws.store.objections(SWEEP)[0].late
    assert "逾期" in late.as_("city").get("/consult").text


@pytest.mark.parametrize(
    ("opinion", "why", "told"), [("objects", " ", "没有写理由"), ("", "x", "没有选意见"), ("maybe", "x", "没有选意见")]
)
def test_an_answer_that_is_not_whole_is_refused_and_what_was_written_stays(
    asked: Many, mine: Known, opinion: str, why: str, told: str
) -> None:
    answered = answer(asked.as_("unit"), mine, opinion, why)
    assert answered.status == 422
    assert told in answered.text
    assert why.strip() in answered.text
    assert asked.ws.store.objections(SWEEP) == ()


def test_a_finding_that_was_not_told_cannot_be_answered(asked: Many, mine: Known) -> None:
    sent = asked.as_("unit").upload(
        f"/own/{mine.account_id}/answer/XYZ-99", {}, {"sweep": SWEEP, "token": "token-000001", "opinion": "objects", "why": "x"}
    )
    assert sent.status == 404


def test_an_answer_without_the_session_s_word_changes_nothing(asked: Many, mine: Known) -> None:
    assert answer(asked.as_("unit"), mine, csrf="wrong").status == 403
    assert asked.ws.store.objections(SWEEP) == ()


def test_a_proof_is_kept_as_received_and_shown_without_what_the_phone_wrote(asked: Many, mine: Known) -> None:
    raw = png(more=chunk(b"eXIf", exif()))
    unit = asked.as_("unit")
    sent = unit.upload(
        f"/own/{mine.account_id}/answer/{mine.code}",
        {"files": ("手机 截图.png", raw)},
        {"sweep": SWEEP, "token": "token-000001", "opinion": "objects", "why": "见截图"},
    )
    assert sent.status == 303
    (kept,) = asked.ws.store.objections(SWEEP)
    assert attached.read(asked.ws, kept.attachments[0]) == raw
    assert SECRET in raw
    for console, address in (
        (unit, f"/own/{mine.account_id}/proofs/{kept.id}/0"),
        (asked.as_("city"), f"/consult/proofs/{kept.id}/0"),
    ):
        shown = console.get(address)
        assert shown.headers["content-type"] == "image/png"
        assert shown.body == png()
        assert shown.headers["x-content-type-options"] == "nosniff"
        saved = console.get(f"{address}?save=1")
        assert saved.body == raw
        assert saved.headers["content-disposition"].startswith("attachment")


def test_a_report_of_rectification_is_kept_and_seen_by_the_office_and_changes_no_verdict(asked: Many, mine: Known) -> None:
    unit, before = asked.as_("unit"), last_judgement(asked.ws, asked.ws.head(SWEEP))
    fields = {
        "sweep": SWEEP,
        "token": "token-000007",
        "code": mine.code,
        "words": "已恢复更新",
        "done_on": "2026-11-05",
        "url": "https://example.cn/x",
    }
    for _ in range(2):
        assert unit.upload(f"/own/{mine.account_id}/rectify", {"files": ("a.png", png())}, fields).status == 303
    (kept,) = asked.ws.store.rectification_reports(SWEEP)
    assert (kept.codes, kept.words, str(kept.done_on), kept.url) == (
        (mine.code,),
        "已恢复更新",
        "2026-11-05",
        "https://example.cn/x",
    )
    assert (kept.organisation, kept.who) == (mine.organisation, "单位一")
    assert "已恢复更新" in unit.get(f"/own/{mine.account_id}").text
    assert "已恢复更新" in asked.as_("city").get("/rectify").text
    assert asked.as_("city").get(f"/rectify/proofs/{kept.id}/0").body == png()
    assert last_judgement(asked.ws, asked.ws.head(SWEEP)) == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"words": " "}, "没有写怎样整改"),
        ({"done_on": ""}, "没有写整改日期"),
        ({"done_on": "2026-11-07"}, "在今天以后"),
        ({"url": "javascript:alert(1)"}, "链接要以 https:// 开头"),
        ({"url": "https://a b"}, "中间没有空格"),
    ],
)
def test_a_report_that_is_not_whole_is_refused(asked: Many, mine: Known, wrong: dict[str, str], told: str) -> None:
    fields = {"sweep": SWEEP, "token": "token-000007", "code": mine.code, "words": "改了", "done_on": "2026-11-05", **wrong}
    answered = asked.as_("unit").upload(f"/own/{mine.account_id}/rectify", {}, fields)
    assert answered.status == 422
    assert told in answered.text
    assert asked.ws.store.rectification_reports(SWEEP) == ()


def test_the_menu_of_a_unit_leads_to_its_accounts_and_to_no_page_of_the_office(asked: Many) -> None:
    menu = re.findall(r"<nav.*?</nav>", asked.as_("unit").get("/own").text, re.DOTALL)[0]
    assert 'href="/own"' in menu
    assert "/reports" not in menu
    assert "/consult" not in menu
    assert 'href="/own"' not in re.findall(r"<nav.*?</nav>", asked.as_("city").get("/own").text, re.DOTALL)[0]


def test_what_people_wrote_is_text_on_every_page(asked: Many, mine: Known) -> None:
    assert answer(asked.as_("unit"), mine, why="<script>alert(1)</script>").status == 303
    for console, address in ((asked.as_("unit"), f"/own/{mine.account_id}"), (asked.as_("city"), "/consult")):
        told = console.get(address).text
        assert "<script>alert" not in told
        assert "&lt;script&gt;alert" in told


def test_in_a_browser_a_unit_objects_with_a_picture_and_reads_the_answer(
    asked: Many, mine: Known, signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "截图.png").write_bytes(png(200, 120))
    sheet = signed_in(asked.as_("unit"), viewport={"width": 390, "height": 844})
    sheet.goto("/own")
    sheet.locator(f'a[href="/own/{mine.account_id}"]').click()
    form = sheet.locator(f'form[action="/own/{mine.account_id}/answer/{mine.code}"]')
    form.get_by_label("有异议", exact=True).check()
    form.get_by_label("理由").fill("11月3日已更新")
    form.get_by_label("证明材料").set_input_files(tmp_path / "截图.png")
    form.get_by_role("button", name="交反馈").click()
    assert "已收到" in sheet.get_by_role("status").inner_text()
    sheet.locator("ul.shots img").first.wait_for()
    expect(sheet.locator("ul.shots img").first).to_have_js_property("naturalWidth", 200)
    assert sheet.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0

    office = signed_in(asked.as_("city"))
    office.goto("/consult")
    office.get_by_label("不采纳").check()
    office.get_by_label("理由(必填").fill("截图不是本账号的")
    office.get_by_role("button", name="答复").click()
    assert "不采纳" in office.get_by_role("status").inner_text()
    sheet.reload()
    assert "截图不是本账号的" in sheet.inner_text("main")


def printed(many: Many, **more: str) -> Answer:
    told = {"form": "noncompliant", "sweep": SWEEP, "suffix": ["html"], "because": "样例", **more}
    return many.as_("city").post("/reports/final", told)


def test_a_unit_may_object_to_what_was_printed_without_a_consultation(reviewed: Many) -> None:
    unit, city = reviewed.as_("unit"), reviewed.as_("city")
    assert printed(reviewed).status == 303
    mine = of_unit(reviewed.ws)
    assert mine
    assert all(one.printed and one.sent is None for one in mine)
    # five working days after Friday the 6th
    assert {one.due for one in mine} == {date(2026, 11, 13)}
    told = unit.get(f"/own/{mine[0].account_id}").text
    assert "印发(印发稿)" in told
    assert "2026年11月13日截止,还有7天" in told
    assert "已印发,可以提出异议,还有7天" in unit.get("/own").text
    assert answer(unit, mine[0]).status == 303
    (kept,) = reviewed.ws.store.objections(SWEEP)
    assert (kept.consultation, kept.objects, kept.late, kept.why) == (None, True, False, "11月3日已经更新")
    assert "已经收到过" in unit.get(answer(unit, mine[0]).headers["location"]).text
    assert len(reviewed.ws.store.objections(SWEEP)) == 1
    assert "objections" in unanswered(reviewed.ws)
    assert "11月3日已经更新" in city.get("/consult").text
    assert "11月3日已经更新" in city.get(f"/consult/unit?{urlencode({'sweep': SWEEP, 'name': UNIT})}").text
    fields = {"sweep": SWEEP, "token": "token-000007", "code": mine[0].code, "words": "改了", "done_on": "2026-11-06"}
    assert unit.upload(f"/own/{mine[0].account_id}/rectify", {}, fields).status == 303


def test_an_objection_to_a_print_is_answered_and_the_list_is_corrected(reviewed: Many) -> None:
    city = reviewed.as_("city")
    assert printed(reviewed).status == 303
    mine = of_unit(reviewed.ws)[0]
    assert answer(reviewed.as_("unit"), mine).status == 303
    refused = printed(reviewed)
    assert "没有答复" in refused.text
    (kept,) = reviewed.ws.store.objections(SWEEP)
    ruled = city.post(f"/consult/rule/{kept.id}", {"sweep": SWEEP, "outcome": "accept", "why": "复查属实"})
    assert ruled.status == 303, ruled.text
    assert "objections" not in unanswered(reviewed.ws)
    judged = last_judgement(reviewed.ws, reviewed.ws.head(SWEEP))
    (verdict,) = [one for one in judged.verdicts if one.account.account_id == mine.account_id]
    assert {one.status for one in verdict.findings if one.code == mine.code} == {Status.DISMISSED}
    (listed,) = consult.opinions(reviewed.ws, reviewed.ws.head(SWEEP), judged)
    assert (listed.organisation, listed.code, listed.outcome) == (mine.organisation, mine.code, "采纳")
    again = printed(reviewed, because="采纳异议,更正")
    assert again.status == 303, again.text
    assert reviewed.ws.store.last_print(SWEEP, "noncompliant", "", "final").label == "更正1"  # type: ignore[union-attr]


def test_an_objection_to_a_print_after_its_working_days_is_kept_as_late(reviewed: Many) -> None:
    assert printed(reviewed).status == 303
    mine = of_unit(reviewed.ws)[0]
    reviewed.console.desk.clock = lambda: TODAY + timedelta(days=7)
    assert answer(reviewed.as_("unit"), mine).status == 303
    reviewed.console.desk.clock = lambda: TODAY + timedelta(days=8)
    assert "已截止;仍可以反馈,会注明逾期" in reviewed.as_("unit").get(f"/own/{mine.account_id}").text
    assert answer(reviewed.as_("unit"), mine, token="token-000009").status == 303
    assert [one.late for one in reviewed.ws.store.objections(SWEEP)] == [False, True]


def test_a_final_print_opens_its_working_days_for_what_was_asked_before(asked: Many) -> None:
    before = of_unit(asked.ws)[0]
    assert before.sent
    asked.console.desk.clock = lambda: TODAY + timedelta(days=10)
    assert printed(asked).status == 303
    after = next(one for one in of_unit(asked.ws) if one.code == before.code and one.account_id == before.account_id)
    assert (before.due, after.due) == (date(2026, 11, 13), date(2026, 11, 23))
    assert answer(asked.as_("unit"), after).status == 303
    assert [(one.consultation, one.late) for one in asked.ws.store.objections(SWEEP)] == [(before.sent.id, False)]


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob("*.partial"))


def test_the_inspector_s_picture_behind_a_finding_is_seen_without_what_the_phone_wrote(reviewed: Many) -> None:
    ws, city = reviewed.ws, reviewed.as_("city")
    send(ws)
    whom = next(one.account_id for one in known(ws).values() if one.code == "INT-01")
    look = {"key": "k" * 12, "told": "2026-11-05", "a0": "有问题"}
    saved = city.upload(f"/looks/{whom}", {"picture": ("截图.png", png(more=chunk(b"eXIf", exif())))}, look)
    assert saved.status == 303, saved.text
    send(ws)
    told = city.get(f"/own/{whom}").text
    (shot,) = re.findall(r'img src="([^"]+/shots/[^"]+)"', told)
    shown = city.get(shot.replace("&amp;", "&"))
    assert shown.headers["content-type"] == "image/png"
    assert shown.body == png()
    assert reviewed.as_("unit").get(shot.replace("&amp;", "&")).status == 404
    assert city.get(shot.replace("/shots/INT-01/0", "/shots/INT-01/1")).status == 404
