"""整改: last period's findings against this check on the page, the table, a further look."""

from datetime import date
from pathlib import Path

import pytest

from tests.console.conftest import TODAY, Console, Many
from tests.console.sending import SWEEP, known
from tracker.consult import Known
from tracker.files import read_sheets
from tracker.model import Period
from tracker.store import Paper, PaperFinding, PaperLine

BEFORE = Period(name="2026Q3", title="2026年第三季度", start=date(2026, 7, 1), end=date(2026, 9, 30), source="三季度通报.docx")


def last_period(asked: Many, code: str = "UPD-01", stranger: str = "不在台账<b>的号") -> Known:
    """A printed list of the period before that names an account which fails now too, and a stranger."""
    one = next(one for one in known(asked.ws).values() if one.code == code)
    account = asked.ws.store.account(one.account_id)
    assert account
    found = (PaperFinding(code=code, phrase="监测时间点前2周内无更新"),)
    other = PaperLine(row=3, platform=account.platform, kind=account.kind, name=stranger, findings=found)
    line = PaperLine(
        row=2, platform=account.platform, kind=account.kind, name=account.name, account_id=account.account_id, findings=found
    )
    paper = Paper(period=BEFORE.name, file="三季度通报.docx", sha256="a" * 64, at=TODAY, who="王某", lines=(line, other))
    asked.ws.store.add_paper(paper, BEFORE)
    return one


def test_without_a_check_or_a_period_before_the_page_says_so(empty: Console, asked: Many) -> None:
    assert "还没有正式检查" in empty.get("/rectify").text
    assert "没有可对照的" in asked.as_("city").get("/rectify").text


def test_each_old_finding_stands_with_its_word_and_reason_and_the_counts_in_sentences(asked: Many) -> None:
    one = last_period(asked)
    told = asked.as_("city").get("/rectify").text
    account = asked.ws.store.account(one.account_id)
    assert account
    assert account.name in told
    assert "监测时间点前2周内无更新" in told
    assert "2026年第三季度检查发现存在突出问题的政务新媒体2个" in told
    assert ("未整改" in told and "本次仍有" in told) or "不能断定" in told
    assert "不在台账&lt;b&gt;的号" in told
    assert "不能复查" in told


def test_the_filter_leaves_one_word(asked: Many) -> None:
    last_period(asked)
    told = asked.as_("city").get("/rectify?word=%E6%9C%AA%E8%83%BD%E6%A0%B8%E6%9F%A5").text
    assert "不在台账" in told
    assert told.count('class="stack"') == 1


def test_the_table_holds_what_the_command_line_writes(asked: Many, tmp_path: Path) -> None:
    last_period(asked)
    told = asked.as_("city").get(f"/rectify/table?sweep={SWEEP}&against=2026Q3&kind=xlsx")
    (tmp_path / "表.xlsx").write_bytes(told.body)
    assert [one.name for one in read_sheets(tmp_path / "表.xlsx")] == ["整改情况", "逐项"]
    assert told.headers["content-disposition"].startswith("attachment")
    assert asked.as_("city").get(f"/rectify/table?sweep={SWEEP}&against=2026Q3&kind=csv").body.startswith(b"\xef\xbb\xbf")
    assert asked.as_("city").get(f"/rectify/table?sweep={SWEEP}&against=2026Q3&kind=exe").status == 400


def test_a_further_look_keeps_the_link_to_be_opened_and_leads_to_the_look(asked: Many) -> None:
    one = last_period(asked)
    city = asked.as_("city")
    link = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"
    done = city.post(f"/rectify/{one.account_id}/again", {"url": link})
    assert done.status == 303
    assert done.headers["location"].startswith(f"/looks/{one.account_id}")
    assert link in [told.url for told in asked.ws.store.links()]
    assert city.get(done.headers["location"]).status == 200
    before = len(asked.ws.store.links())
    assert city.post(f"/rectify/{one.account_id}/again", {"url": "https://example.com/x"}).status == 303
    assert city.post(f"/rectify/{one.account_id}/again", {"url": ""}).status == 303
    assert len(asked.ws.store.links()) == before


@pytest.mark.parametrize("role", ["county", "unit"])
def test_units_and_counties_do_not_reach_it(asked: Many, role: str) -> None:
    one = last_period(asked)
    for address in ("/rectify", "/rectify/table", "/rectify/proofs/1/0"):
        assert asked.as_(role).get(address).status == 403
    assert asked.as_(role).post(f"/rectify/{one.account_id}/again", {"url": ""}).status == 403


def test_an_unknown_period_or_check_is_told(asked: Many) -> None:
    assert asked.as_("city").get("/rectify?against=2020Q1").status == 400
    assert asked.as_("city").get("/rectify?sweep=nothing").status == 400
