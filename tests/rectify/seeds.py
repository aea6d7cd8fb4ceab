"""The published 商洛 list of 2020Q4 as old findings and present ones: people looked at everything, and the dates are exact."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.rectify.made import AT, earlier, finding, old, present
from tracker.looks import OTHER
from tracker.model import Conclusion
from tracker.rectify import Earlier, Present
from tracker.rulebook.taxonomy import kinds, read_phrases

FILE = Path(__file__).parents[3] / "shared" / "seeds" / "shangluo_media_1-75.csv"
BEFORE, NOW, WORD, DATE = "第三季度检查存在突出问题", "第四季度检查存在的突出问题", "第三季度整改情况", "最后更新日期"
_NO_FINDING = {"OK", "NEW", "LIF-01", "EMPTY"}
_EVERY = {kind.code for kind in kinds()} | {OTHER}


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    name: str
    earlier: Earlier
    present: Present
    published: str


def rows() -> Iterator[Row]:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            name = line["新媒体名称"]
            yield Row(number=int(line["序号"]), name=name, earlier=_earlier(line), present=_present(line), published=line[WORD])


def _earlier(line: Mapping[str, str]) -> Earlier:
    phrases = [one for one in read_phrases(line[BEFORE]) if one.code not in _NO_FINDING]
    told = [old(one.code or OTHER, one.text) for one in phrases]
    return earlier(*told, since=date(2020, 7, 1), until=date(2020, 9, 30), result="" if told else line[BEFORE])


def _present(line: Mapping[str, str]) -> Present:
    phrases = read_phrases(line[NOW])
    found = [finding(one.code or OTHER, one.text, phrase=one.text) for one in phrases if one.code not in _NO_FINDING]
    leaving = any(one.code == "LIF-01" for one in phrases)
    codes = {one.code for one in found}
    month, _, day_of = line[DATE].partition(".")
    latest = date(2020, int(month), int(day_of)) if day_of else None
    concluded = Conclusion.LIFECYCLE if leaving else Conclusion.FAILED if found else Conclusion.PASSED
    return present(
        *found,
        check_date=AT,
        latest=latest,
        silent_since=latest,
        kept=dict.fromkeys(_EVERY - codes, "检查人看过"),
        conclusion=concluded,
        word=line[NOW],
    )
