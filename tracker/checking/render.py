"""A report as lines for the command line, and as plain data."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from tracker.checking.records import Disagreement, Report


def lines(report: Report) -> Iterator[str]:
    """The report in Chinese, line by line: what does not fit, what only deserves a look, what could not be checked."""
    yield f"检查了{'、'.join(report.files)}:{_summary(report)}。"
    for number, each in enumerate(report.wrong, 1):
        yield from _told(number, each)
    minor = [each for each in report.disagreements if each.harmless]
    if minor:
        yield f"另有 {len(minor)} 处供参考,不一定要改:"
        yield from (f"  {each.place}:{each.why}。" for each in minor)
    ran = [each for each in report.checked if each.ran]
    yield f"共 {len(report.checked)} 项检查,做了 {len(ran)} 项。"
    yield from (f"  没有做:{each.title}——{each.why}。" for each in report.checked if not each.ran)


def _summary(report: Report) -> str:
    return f"发现 {len(report.wrong)} 处不一致" if report.wrong else "没有发现不一致"


def _told(number: int, each: Disagreement) -> Iterator[str]:
    yield f"{number}. {each.place}:{each.why}。"
    if each.says and each.says not in each.why:
        yield f"   原文:{each.says}"
    if each.fits:
        yield f"   相符的写法:{each.fits}"


def as_json(report: Report) -> Mapping[str, object]:
    """The report as plain data: files, disagreements, checked, each with the fields of its record."""
    return {
        "files": list(report.files),
        "disagreements": [asdict(each) for each in report.disagreements],
        "checked": [asdict(each) for each in report.checked],
    }
