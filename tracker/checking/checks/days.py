"""§5.16: dates are whole and in order: period, window, issue, publication, deadline."""

from collections.abc import Iterator

from tracker.checking.calendar import Days, Told
from tracker.checking.checks.base import Check, Outcome, Ran, Skipped, Slip
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record


def _days(bulletin: Bulletin, record: Record | None) -> Outcome:
    days = bulletin.days
    odd = [Slip(place=each.place, says=each.says, why=f"“{each.says}”{each.why}", fits=each.fits) for each in days.odd]
    known = {"检查时间": days.windows, "成文日期": days.issued, "发布日期": days.published, "整改期限": days.deadlines}
    told = [name for name, value in known.items() if value]
    if not told and not odd:
        return Skipped(why="没有读到检查时间、成文日期或整改期限")
    return Ran(on="、".join(told) or "文中的日期", slips=(*odd, *_order(days), *_late(days)))


def _order(days: Days) -> Iterator[Slip]:
    for window in days.windows:
        if days.issued and days.issued.until < window.until:
            why = f"成文日期 {days.issued.until} 早于检查结束的 {window.until}"
            yield Slip(place=days.issued.place, says=days.issued.says, why=why, fits=f"{window.until} 当天或以后")
        if days.period and not (days.period[0] <= window.since and window.until <= days.period[1]):
            why = f"检查时间 {window.since} 至 {window.until} 与标题所说的检查期对不上"
            yield Slip(place=window.place, says=window.says, why=why, fits="核对年份和月份")


def _late(days: Days) -> Iterator[Slip]:
    shown: tuple[tuple[str, Told | None], ...] = (("成文", days.issued), ("发布", days.published))
    for deadline in days.deadlines:
        for name, day in shown:
            if day and deadline.until < day.until:
                why = f"要求 {deadline.until} 前完成,而{name}日期是 {day.until},期限已过"
                yield Slip(place=deadline.place, says=deadline.says, why=why, fits=f"{day.until} 以后的日期")
                break


DAYS = Check(slug="dates", number=16, title="日期完整、先后合理", run=_days)
