"""`tracker demo` as a newcomer runs it: one command, 102 invented accounts, the list of 18 in every format."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.running import Said, from_docx, from_html, from_xlsx, script, the, tracker
from tests.samples import city
from tracker.facts.reasons import REASONS
from tracker.model import Outcome

EXPECTED = json.loads((Path(__file__).parents[1] / "samples" / "expected.json").read_text(encoding="utf-8"))
WORDS = {"failed": "不合格", "passed": "合格", "unchecked": "未能核查"}
KINDS = {
    "监测时间点前2周内无更新": 5,
    "未提供有效互动功能": 8,
    "点赞与本单位业务无关信息": 2,
    "部分信息页面底部存在商业信息": 3,
}
LONGEST = 20.0
"""Seconds of processor time, browser included; the issue asks for 20 s on the clock of a machine that does nothing else."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said, float]:
    folder = tmp_path_factory.mktemp("demo") / "示例 工作区"
    before = spent()
    said = script("demo", folder, without=("TRACKER_BROWSER", "TRACKER_WORKSPACE"))
    return folder, said, spent() - before


def spent() -> float:
    """Seconds of processor time of all ended children."""
    used = os.times()
    return used.children_user + used.children_system


def test_it_ends_well_and_soon(made: tuple[Path, Said, float]) -> None:
    _, said, seconds = made
    assert (said.code, said.err) == (0, "")
    assert seconds <= LONGEST


def test_every_account_is_judged_as_expected(made: tuple[Path, Said, float]) -> None:
    told = tracker("judge", "--json", workspace=made[0])
    assert told.code == 3
    verdicts = {f"{one['platform']}:{one['name']}": one for one in told.lines}
    assert {key: one["verdict"] for key, one in verdicts.items()} == {k: WORDS[e["verdict"]] for k, e in EXPECTED.items()}
    # the sample says stale or not; which tier of age it is, the rule's own cases say
    codes = {key: {re.sub(r"UPD-0[23]", "UPD-01", f["code"]) for f in one["findings"]} for key, one in verdicts.items()}
    assert codes == {key: {e["code"]} - {""} for key, e in EXPECTED.items()}


def test_a_confirmed_finding_says_so_and_an_automatic_one_too(made: tuple[Path, Said, float]) -> None:
    for one in tracker("judge", "--json", workspace=made[0]).lines:
        confirmed = EXPECTED[f"{one['platform']}:{one['name']}"]["confirmed_by"]
        assert {f["status"] for f in one["findings"]} <= ({"confirmed"} if confirmed else {"automatic"}), one
        assert all(f["effect"] == "veto" and f["basis"] for f in one["findings"]), one


def test_the_two_unchecked_say_why(made: tuple[Path, Said, float]) -> None:
    folder, said, _ = made
    unseen = [one for one in tracker("judge", "--json", workspace=folder).lines if one["verdict"] == "未能核查"]
    reasons = {f"{one['platform']}:{one['name']}": one["undetermined"][0]["reason"] for one in unseen}
    assert set(reasons) == {key for key, e in EXPECTED.items() if e["reason"]}
    for key, reason in reasons.items():
        assert REASONS[Outcome(EXPECTED[key]["reason"])] in reason
        assert key.partition(":")[2] in said.out
    assert all(reason.partition("(")[0] in said.out for reason in reasons.values())


def test_all_formats_hold_the_same_eighteen_rows(made: tuple[Path, Said, float]) -> None:
    reports = made[0] / "reports"
    rows = from_docx(the(reports, "docx"))
    assert from_xlsx(the(reports, "xlsx")) == rows
    assert from_html(the(reports, "html")) == rows
    assert [row[0] for row in rows] == [str(n) for n in range(1, 19)]
    assert Counter(row[6] for row in rows) == KINDS
    failed = {(a.name, a.organisation) for a in city.accounts() if EXPECTED[a.key]["verdict"] == "failed"}
    assert {(row[3], row[4]) for row in rows} == failed
    assert {(row[2], row[5], row[7]) for row in rows} == {("", "不合格", "")}


def test_the_city_comes_before_its_counties(made: tuple[Path, Said, float]) -> None:
    regions = {(a.name, a.organisation): a.region for a in city.accounts()}
    order = [regions[row[3], row[4]] for row in from_docx(the(made[0] / "reports", "docx"))]
    assert order == sorted(order, key=["市直", "甲山县", "乙水县", "丙河区", "丁塬县", "戊岭县"].index)


def test_the_pdf_holds_the_rows_too(made: tuple[Path, Said, float], chromium: object) -> None:
    reports = made[0] / "reports"
    pdf = the(reports, "pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=30)
    text = "".join(done.stdout.decode("utf-8").split())
    # a cell may break over lines, then another cell's words stand between
    assert text.count("不合格") >= 18
    for row in from_docx(the(reports, "docx")):
        assert row[3][:4] in text, row


def test_the_evidence_of_the_demo_is_sound(made: tuple[Path, Said, float]) -> None:
    assert tracker("evidence", "verify", workspace=made[0]).code == 0


def test_an_explanation_names_clause_dates_and_file(made: tuple[Path, Said, float]) -> None:
    said = tracker("explain", "weixin:示例统计", workspace=made[0])
    assert said.code == 0
    assert all(word in said.out for word in ("国办秘函〔2019〕19号", "2026-11-06", ".warc.gz"))


def test_without_a_browser_the_pdf_is_left_out_with_a_word(tmp_path: Path) -> None:
    said = script("demo", tmp_path / "d", environ={"TRACKER_BROWSER": str(tmp_path / "no-browser")})
    assert said.code == 0, said
    assert "playwright install chromium" in said.out
    reports = tmp_path / "d" / "reports"
    assert sorted(path.suffix for path in reports.iterdir()) == [".docx", ".html", ".xlsx"]
    assert len(from_docx(the(reports, "docx"))) == 18


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text("不要删", encoding="utf-8")
    said = tracker("demo", tmp_path)
    assert (said.code, [path.name for path in tmp_path.iterdir()]) == (2, ["通知.txt"])
    assert "请另选一个" in said.err
