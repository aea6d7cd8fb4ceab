"""Makes examples/bulletin.docx: an invented bulletin (虚构) with four slips. Run `python -m tests.checking.make_example`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document

from tests.bulletin.cities import ADS, LIKES, OFFICE, SILENT, STALE, City, finding, registry, verdict
from tracker.model import Account, Conclusion
from tracker.reports.forms import write

TARGET = Path(__file__).parents[2] / "examples" / "bulletin.docx"
NOTE = "虚构示例，文中的错是故意留的"
FAULTS = [("UPD-01", STALE)] * 5 + [("INT-01", SILENT)] * 8 + [("CNT-02", LIKES)] * 2 + [("CNT-03", ADS)] * 3
SLIPS = {
    "约为62.9%": "约为64.6%",
    "占不合格总数的27.8%": "占不合格总数的22.8%",
    "有3个政务新媒体存在": "有4个政务新媒体存在",
    "2026年11月30日前": "2026年11月10日前",
}
"""What is right (151 of 240, 5 of 18, 3 rows of the annex, a day after that of issue) → what the example says instead."""
_UNITS = ("教育", "卫健", "财政", "水利", "农业", "文旅", "住建", "交通", "审计")
_UNITS += ("统计", "商务", "民政", "司法", "人社", "应急", "林业", "信访", "医保")


def city() -> City:
    """240 accounts filed, 151 of them checked, 18 failing."""
    accounts = registry(9, 57, 174)
    checked = accounts[:151]
    failing = {one.account_id: one for one in _failing(checked[8::8])}
    faults = dict(zip(failing, FAULTS, strict=True))
    verdicts = [
        verdict(failing[one.account_id], Conclusion.FAILED, finding(*faults[one.account_id]), last=date(2026, 10, 1))
        if one.account_id in failing
        else verdict(one, Conclusion.PASSED, last=date(2026, 11, 5))
        for one in checked
    ]
    office = replace(OFFICE, basis=f"{OFFICE.basis}（本文为虚构示例）", public_note=NOTE)
    return City(accounts=accounts, verdicts=verdicts, forms=("noncompliant",), places=1, office=office)


def _failing(accounts: Sequence[Account]) -> Iterator[Account]:
    """Eighteen of them, named as offices name their accounts."""
    for unit, one in zip(_UNITS, accounts, strict=True):
        place = "示例市" if one.region == "市直" else one.region
        yield replace(one, name=f"{place[:2]}{unit}", organisation=f"{place}{unit}局")


def make(to: Path) -> None:
    """Write the bulletin with its slips. Each right word must stand in it once."""
    with TemporaryDirectory() as folder:
        (path,) = write(city().context(), Path(folder), ["docx"])
        document = Document(str(path))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    for right, wrong in SLIPS.items():
        (run,) = [one for one in runs if right in one.text]
        run.text = run.text.replace(right, wrong)
    document.save(str(to))


if __name__ == "__main__":
    make(TARGET)
