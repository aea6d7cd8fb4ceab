"""Packets of 征求意见: one per unit, everything in them, all or none."""

import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.consult.conftest import SWEEP, Ask, send
from tracker import consult
from tracker.consult import Sent
from tracker.errors import UsageError
from tracker.gates import asked_about
from tracker.holidays import shipped
from tracker.model import Status
from tracker.report import told
from tracker.reports import consult as letter
from tracker.reports.templates import shipped_templates
from tracker.review import last_judgement
from tracker.workspace import Workspace


def words_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_every_unit_gets_its_packet(asked: Workspace, sent: Sent) -> None:
    ws, judgement = asked, last_judgement(asked, asked.sweep(SWEEP))
    pairs = [pair for one in sent.consultation.asked for pair in one.findings]
    assert sorted(pairs) == sorted(asked_about(judgement.verdicts))
    assert len(pairs) >= 18
    folders = sorted(path.name for path in sent.folder.iterdir())
    assert folders == sorted({one.organisation for one in sent.consultation.asked})
    for one in sent.consultation.asked:
        packet = sent.folder / one.organisation
        assert {path.name for path in packet.iterdir()} == {"征求意见函.docx", "检查记录.html", "反馈表.xlsx"}
        sheet = openpyxl.load_workbook(packet / "反馈表.xlsx").active
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0] == ("账号", "问题", "意见", "理由", "证明材料", "批次", "编号", "代码")
        assert [(row[6], row[7]) for row in rows[1:]] == list(one.findings)
        (choice,) = sheet.data_validations.dataValidation
        assert choice.formula1 == '"无异议,有异议"'
        assert str(choice.sqref).startswith("C2")
    assert ws.store.consultations(SWEEP) == (sent.consultation,)


def test_letter_and_record_hold_what_the_finding_rests_on(asked: Workspace, sent: Sent) -> None:
    ws, judgement = asked, last_judgement(asked, asked.sweep(SWEEP))
    verdicts = {one.account.account_id: one for one in judgement.verdicts}
    for one in sent.consultation.asked:
        written = words_of(sent.folder / one.organisation / "征求意见函.docx")
        record = re.sub(r"<[^>]+>", "", (sent.folder / one.organisation / "检查记录.html").read_text(encoding="utf-8"))
        for own, code in one.findings:
            finding = next(each for each in verdicts[own].findings if each.code == code)
            for text in (written, record):
                assert verdicts[own].account.name in text
                assert finding.message in text
                assert finding.arithmetic[:60] in text.replace("&#34;", '"')
            for visit in ws.store.visits(SWEEP, own):
                assert visit.sha256 in record
        assert "有异议的" in written
        assert f"{sent.consultation.deadline.day}日前" in written
        assert "不合格名单" not in written


def test_templates_use_what_the_context_has() -> None:
    known = {one.name for one in fields(letter.ConsultContext)}
    folder = shipped_templates() / "reports"
    page = "".join((folder / name).read_text(encoding="utf-8") for name in ("letter.html", "consult.html"))
    used = set(re.findall(r"{{ (\w+)|{% for \w+ in (\w+) %}|{% if (\w+)", page))
    names = {name for group in used for name in group if name} - {"line", "loop", "one", "row", "quote", "account", "not"}
    assert names <= known
    assert known - names <= {"form", "start", "end", "deadline", "report_to"}
    prose = (shipped_templates() / "reports" / "consult.txt").read_text(encoding="utf-8")
    used_in_prose = set(re.findall(r"{{ (\w+)", prose))
    assert used_in_prose <= {one.name for one in fields(letter.Consulting)}
    assert {one.name for one in fields(letter.Consulting)} - used_in_prose == {"basis", "organisation"}


def test_nobody_is_asked_about_what_waits(ws: Workspace, tmp_path: Path, at: datetime) -> None:
    sweep, judgement = ws.sweep(SWEEP), last_judgement(ws, ws.sweep(SWEEP))
    facts = told(ws, sweep, judgement, final=False)
    one = next(each for each in judgement.verdicts if each.findings)
    waiting = replace(one, findings=(replace(one.findings[0], status=Status.CANDIDATE),))
    open_one = replace(facts, judgement=replace(judgement, verdicts=(waiting,)))
    with pytest.raises(UsageError, match=rf"还有1条未复核,不能发给单位:{one.account.name}"):
        consult.ask(open_one, deadline=at.date(), to=tmp_path / "o", printer=None, who="", at=at)
    with pytest.raises(UsageError, match=r"截止日期 .* 已经过了"):
        consult.ask(facts, deadline=at.date() - timedelta(days=1), to=tmp_path / "o", printer=None, who="", at=at)
    nobody = replace(facts, judgement=replace(judgement, verdicts=()))
    assert consult.ask(nobody, deadline=at.date(), to=tmp_path / "o", printer=None, who="", at=at) is None
    assert not (tmp_path / "o").exists()
    assert ws.store.consultations(SWEEP) == ()


def test_broken_off_nothing_is_left(ws: Workspace, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consult.asking.sheet, "write", full)
    with pytest.raises(KeyboardInterrupt):
        ask()
    assert list((tmp_path / "out").iterdir()) == []
    assert ws.store.consultations(SWEEP) == ()


def test_a_second_sending_has_its_own_folder(asked: Workspace, sent: Sent, at: datetime) -> None:
    second = send(asked, asked.reports, at)
    assert (sent.number, second.number) == (1, 2)
    assert sent.folder.is_dir()
    assert second.folder.is_dir()
    assert sent.folder != second.folder


def test_working_days_are_counted_by_the_calendar() -> None:
    calendar = shipped()
    assert consult.due_on(calendar, date(2026, 11, 6), 3) == date(2026, 11, 11)
    with pytest.raises(UsageError, match="用 --deadline"):
        consult.due_on(calendar, date(2090, 1, 2), 3)
