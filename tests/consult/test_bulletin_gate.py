"""A final bulletin is checked as it was written: what does not agree blocks it, unless a person says why."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.consult.conftest import SWEEP
from tracker.errors import UsageError
from tracker.report import Order, Printed, report
from tracker.reports.templates import shipped_templates
from tracker.workspace import Workspace


def final(ws: Workspace, to: Path, at: datetime, formats: list[str], because: str = "") -> Printed:
    words = {"issuer": "示例市政务公开办公室", "number": "示政公开办函〔2026〕12号", "recipients": "各县、区人民政府"}
    words |= {"basis": "按照《政府网站与政务新媒体检查指标》要求", "contact": "示例科"}
    days = {"issued": date(2026, 11, 11), "deadline": date(2026, 11, 21)}
    told = ws.settings.model_copy(update={"bulletin": ws.settings.bulletin.model_copy(update=words | days)})
    office, order = replace(ws, settings=told), Order(at=at, fresh=True, because=because)
    return report(office, "bulletin", ws.sweep(SWEEP), to=to, formats=formats, final=True, printer=None, order=order)


def test_our_own_bulletin_agrees_with_itself_and_the_workspace(ws: Workspace, at: datetime, tmp_path: Path) -> None:
    assert final(ws, tmp_path / "o", at, ["docx"]).released == ()


@pytest.mark.parametrize("formats", [["docx"], ["html"]])
def test_what_does_not_agree_blocks(formats: list[str], ws: Workspace, at: datetime, tmp_path: Path) -> None:
    own = ws.templates / "reports"
    own.mkdir(parents=True)
    prose = (shipped_templates() / "reports" / "bulletin.txt").read_text(encoding="utf-8")
    right = "政务新媒体共{{ figures.registered }}个"
    assert right in prose
    (own / "bulletin.txt").write_text(prose.replace(right, "政务新媒体共{{ figures.registered + 7 }}个"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"通报自查发现不一致:.*用 --because"):
        final(ws, tmp_path / "o", at, formats)
    assert list((tmp_path / "o").iterdir()) == []
    assert ws.store.prints() == ()
    done = final(ws, tmp_path / "o", at, formats, "数字以附件为准")
    (kept,) = ws.store.prints()
    assert [path.suffix for path in (tmp_path / "o").iterdir()] == [f".{formats[0]}"]
    assert kept.reason == "数字以附件为准"
    assert kept.gates
    assert all(slug.startswith("check-") for slug in kept.gates)
    assert {gate.slug for gate in done.released} == set(kept.gates)
