"""Dates of a bulletin: its period, window, day of issue and deadlines; and what looks like a date and is none (§5.16)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.checking.source import Paragraph, Source, all_notes

_FULL = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_SHORT = r"(?<![\d年])(\d{1,2})月(\d{1,2})日"
_ANY = re.compile(rf"{_FULL}|{_SHORT}")
_TO = r"(?:起)?(?:至|到|[—\-~–]+)"
_RANGE = re.compile(rf"(?:(\d{{4}})年)?(\d{{1,2}})月(\d{{1,2}})日?{_TO}(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日")
_WINDOW = re.compile(r"(?:检查|监测|复查|检测|抽查|巡查)(?:复查)?(?:时间|期间|时段)(?:为|是|自|从|:)*$")
_ISSUED = re.compile(rf"{_FULL}(?:印发)?|([二〇零一三四五六七八九]{{4}})年([一二三四五六七八九十]+)月([一二三四五六七八九十]+)日")
_PUBLISHED = re.compile(rf"(?:发布|公开|上网)(?:时间|日期):?(?:{_FULL}|(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}))")
_HOUR = r"(?:\([^)]*\))?(?:[上下]午)?(?:\d{1,2}[时点:]\d{0,2}分?)?(?:下班)?"
_DEADLINE = re.compile(rf"(?:(\d{{4}})年)?(\d{{1,2}})月(\d{{1,2}})日{_HOUR}(?:以|之)?前")
_REPORTS = re.compile("报送|上报|书面报|前报|报[^。,;]{0,20}(?:办|局|委|政府|科|室)|反馈|提交|完成整改|整改到位|整改完毕")
_ASKED = re.compile("请|要|须|务必|应|将|限|并于")
_DONE = re.compile("[^,;。]{0,12}(?:已|(?:上报|报送|备案|完成|提交|发布|开设|整改)的)")
_BROKEN = (
    (re.compile(r"(?<!\d)\d{1,2}月\d{1,2}(?=[。;)]|,(?!\d)|(?:以|之)?前|$)"), "少了“日”"),
    (re.compile(r"\d{4}年\d{3,4}(?=[日前至到。,;)—~-]|$)"), "月和日连在一起,少了“月”“日”"),
    (re.compile(r"\d{4}年\d{1,2}日"), "少了月份"),
)
_NUMERALS = "〇一二三四五六七八九"
_BEFORE_PERIOD, _AFTER_PERIOD = timedelta(days=15), timedelta(days=62)
_HALF_YEAR = timedelta(days=182)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Dates as stated: one (`since` == `until`) or a range, with their place and words."""

    since: date
    until: date
    place: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """Words that look like a date and are none."""

    place: str
    says: str
    why: str
    fits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Every date that a check needs; `period` from the title, with some days of grace; None = not stated."""

    period: tuple[date, date] | None
    windows: tuple[Told, ...]
    issued: Told | None
    published: Told | None
    deadlines: tuple[Told, ...]
    odd: tuple[Odd, ...]
    year: int | None

    @property
    def reference(self) -> date | None:
        """The latest day that a check in this bulletin can be of: that of issue, else the end of the last window."""
        if self.issued:
            return self.issued.until
        return max((each.until for each in self.windows), default=None)


def read_days(source: Source, title: str, published: date | None) -> Days:
    """All dates of the prose and of the annexes' notes. Pure."""
    lines = (*source.prose, *all_notes(source.parts))
    issued = _issued(source.prose)
    named = re.search(r"(\d{4})年", title)
    year = issued.until.year if issued else (int(named[1]) if named else None)
    windows, turned = _windows(lines, year)
    public = Told(since=published, until=published, place="发布日期", says=published.isoformat()) if published else None
    return Days(
        period=_period(title),
        windows=windows,
        issued=issued,
        published=public or _published(source.prose),
        deadlines=tuple(_deadlines(source.prose, issued)),
        odd=(*_odd(lines), *turned),
        year=year,
    )


def _issued(prose: Sequence[Paragraph]) -> Told | None:
    """The day under the signature: the last line that is a date and nothing else."""
    for paragraph in reversed(prose):
        match = _ISSUED.fullmatch(paragraph.plain)
        day = _day(*_parts(match)) if match else None
        if day:
            return Told(since=day, until=day, place=paragraph.place, says=paragraph.words.text)
    return None


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    if match[1]:
        return int(match[1]), int(match[2]), int(match[3])
    year = int("".join(str(_NUMERALS.index(sign)) for sign in match[4].replace("零", "〇")))
    return year, _small(match[5]), _small(match[6])


def _small(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    return (10 * (_NUMERALS.index(tens) if tens else 1) if ten else 0) + (_NUMERALS.index(ones) if ones else 0)


def _published(prose: Sequence[Paragraph]) -> Told | None:
    for paragraph in prose:
        if match := _PUBLISHED.search(paragraph.plain):
            day = _day(*(int(each) for each in match.groups() if each))
            if day:
                return Told(since=day, until=day, place=paragraph.place, says=paragraph.words.quote(*match.span()))
    return None


def _windows(lines: Iterable[Paragraph], year: int | None) -> tuple[tuple[Told, ...], tuple[Odd, ...]]:
    """Check windows, and every range that ends before it begins."""
    found, turned = [], []
    for paragraph in lines:
        for match in _RANGE.finditer(paragraph.plain):
            own = match[1] or match[4]
            guessed = int(own) if own else year
            if guessed is None:
                continue
            since = _day(int(match[1] or guessed), int(match[2]), int(match[3]))
            until = _day(int(match[4] or match[1] or guessed), int(match[5] or match[2]), int(match[6]))
            if not since or not until:
                continue
            says = paragraph.words.quote(*match.span())
            if until < since and not match[4] and not match[1]:
                # 12月28日至1月5日 without a year goes over New Year.
                since = since.replace(year=since.year - 1) if since.month > 6 > until.month else since
            if until < since:
                turned.append(Odd(place=paragraph.place, says=says, why="起止日期颠倒:结束日期早于开始日期"))
            elif _WINDOW.search(paragraph.plain[: match.start()]):
                found.append(Told(since=since, until=until, place=paragraph.place, says=says))
    return tuple(found), tuple(turned)


def _deadlines(prose: Sequence[Paragraph], issued: Told | None) -> Iterator[Told]:
    if issued is None:
        return
    for paragraph in prose:
        for start, stop in paragraph.words.sentences():
            sentence = paragraph.plain[start:stop]
            if not _REPORTS.search(sentence) or not _ASKED.search(sentence):
                continue
            for match in _DEADLINE.finditer(sentence):
                if _DONE.match(sentence[match.end() :]):
                    continue
                day = _day(int(match[1] or issued.until.year), int(match[2]), int(match[3]))
                # A deadline without a year that seems long past is of the next year.
                if day and not match[1] and issued.until - day > _HALF_YEAR:
                    day = _day(day.year + 1, day.month, day.day)
                if day:
                    says = paragraph.words.quote(start + match.start(), start + match.end())
                    yield Told(since=day, until=day, place=paragraph.place, says=says)


def _odd(lines: Iterable[Paragraph]) -> Iterator[Odd]:
    for paragraph in lines:
        for pattern, why in _BROKEN:
            for match in pattern.finditer(paragraph.plain):
                yield Odd(place=paragraph.place, says=paragraph.words.quote(*match.span()), why=why, fits=_mended(match[0]))
        for match in _ANY.finditer(paragraph.plain):
            year, month, day = (int(match[1]), match[2], match[3]) if match[1] else (2000, match[4], match[5])
            if not _day(year, int(month), int(day)):
                yield Odd(place=paragraph.place, says=paragraph.words.quote(*match.span()), why="日历上没有这一天")


def _mended(words: str) -> str:
    if match := re.fullmatch(r"(\d{4})年(\d{2})(\d{2})", words):
        return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if _day(*map(int, match.groups())) else ""
    return f"{words}日" if "月" in words else ""


def _period(title: str) -> tuple[date, date] | None:
    """The period that a title names, 15 days before to 62 days after: a quarter is often checked after its end."""
    year = re.search(r"(\d{4})年", title)
    quarter = re.search("([一二三四1-4])季度", title)
    month = re.search(r"年(\d{1,2})月", title)
    if not year or not (quarter or month):
        return None
    if quarter:
        at = ("一二三四".find(quarter[1]) + 1) or int(quarter[1])
        first, last = _day(int(year[1]), at * 3 - 2, 1), _day(int(year[1]), at * 3, 28)
    else:
        first = _day(int(year[1]), int(month[1]), 1) if month else None
        last = first + timedelta(days=27) if first else None
    return (first - _BEFORE_PERIOD, last + _AFTER_PERIOD) if first and last else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
