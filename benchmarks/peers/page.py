"""docs/performance.md and its picture from the figures in build/peers/: python -m benchmarks.peers.page."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from benchmarks.peers.contest import OURS, TOP
from benchmarks.peers.machine import machine
from tracker.model import Conclusion

FOLDER = TOP / "build" / "peers"
DOCS = TOP / "docs"
BENCH = FOLDER / "bench.txt"
"""What `make bench` printed, where somebody kept it."""
TITLES = {
    "article": ("贴进来的文章,普通请求", "公众号文章页,每页约 30 KB,一个账号一页"),
    "feed": ("订阅源,普通请求", "每个账号一个 RSS,20 条,约 6 KB"),
    "pages": ("浏览器打开主页", "头条号主页,页面的脚本再取列表,10 条;两个应答一共约 {kb:.0f} KB"),
}
WANTED = {"article": ("Scrapy", 3.0), "pages": ("scrapy-playwright", 1.5)}
CONCLUSIONS = {
    str(Conclusion.PASSED): "合格",
    str(Conclusion.TO_REVIEW): "待复核",
    str(Conclusion.UNCHECKED): "未能核查",
    str(Conclusion.FAILED): "不合格(冤枉)",
    str(Conclusion.LIFECYCLE): "已注销、已迁移",
}
WORDS = {"stale": "14 天没有更新", "never": "没有内容"}
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=jinja2.StrictUndefined,
    autoescape=jinja2.select_autoescape(["svg.jinja"]),
    keep_trailing_newline=True,
)
_WIDEST = 480
"""Length of the longest bar of a panel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contender of a contest; times in milliseconds of processor time, `packed` in bytes a file."""

    name: str
    ms: float
    rate: float
    start: float
    rate_with_start: float
    we: float
    we_with_start: float
    packed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One kind of task; `load` of the machine while it was measured; `said` tells whether what was wanted is reached."""

    title: str
    what: str
    accounts: int
    rounds: int
    load: str
    rows: tuple[Row, ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccusedRow:
    """A cell in which the script accused, by the newest date (`script`) or by the first row."""

    name: str
    script: str
    first: str
    tracker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accused:
    """The script's reports over the fault matrix, and ours where it accused."""

    cells: int
    script_accused: int
    script_fine: int
    script_error: int
    first_accused: int
    first_fine: int
    tracker: int
    rows: tuple[AccusedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the picture, in its units."""

    name: str
    ms: float
    y: int
    width: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The bars of one contest."""

    title: str
    y: int
    bars: tuple[Bar, ...]


def contest(kind: str, told: Mapping[str, Any]) -> Contest:
    """A contest from its figures."""
    title, what = TITLES[kind]
    bodies = told["evidence"][OURS]["bodies"] / told["accounts"]
    return Contest(
        title=title,
        what=what.format(kb=bodies / 1000),
        accounts=told["accounts"],
        rounds=told["rounds"],
        load=told["machine"]["load"],
        rows=tuple(_row(name, one, told) for name, one in told["summary"].items()),
        said=_said(kind, told["summary"]),
    )


def _row(name: str, one: Mapping[str, float], told: Mapping[str, Any]) -> Row:
    held = told["evidence"][name]
    return Row(
        name="本程序" if name == OURS else name,
        ms=round(one["ms"], 1),
        rate=one["rate"],
        start=one["start"],
        rate_with_start=one["rate with start"],
        we=one["we"],
        we_with_start=one["we with start"],
        packed=held["packed"] // held["files"],
    )


def _said(kind: str, summary: Mapping[str, Mapping[str, float]]) -> str:
    if kind not in WANTED:
        return "这一项没有定目标。"
    peer, least = WANTED[kind]
    told = f"目标:不少于 {peer} 的 {least:g} 倍;量得 {summary[peer]['we']:g} 倍"
    return f"{told},达到。" if summary[peer]["we"] >= least else f"{told},**没有达到**。"


def accused(told: Mapping[str, Any]) -> Accused:
    """The counts, and a row for each false accusation."""
    script, first = told["script"]["newest"], told["script"]["first"]
    rows = [
        AccusedRow(
            name=name,
            script=WORDS.get(one["newest"], "没有报"),
            first=WORDS.get(one["first"], "没有报"),
            tracker=CONCLUSIONS[one["tracker"]],
        )
        for name, one in sorted(told["accused"].items())
    ]
    return Accused(
        cells=told["cells"],
        script_accused=script.get("stale", 0) + script.get("never", 0),
        script_fine=script.get("fine", 0),
        script_error=script.get("error", 0),
        first_accused=first.get("stale", 0) + first.get("never", 0),
        first_fine=first.get("fine", 0),
        tracker=told["tracker"],
        rows=tuple(rows),
    )


def panels(contests: Sequence[Contest]) -> Iterable[Panel]:
    """The picture, panel by panel."""
    y = 28
    for one in contests:
        longest = max(row.ms for row in one.rows)
        bars = tuple(
            Bar(
                name=row.name,
                ms=row.ms,
                y=y + 12 + 28 * n,
                width=round(row.ms / longest * _WIDEST, 1),
                colour="#1d4e89" if n == 0 else "#9db4c0",
            )
            for n, row in enumerate(one.rows)
        )
        yield Panel(title=one.title, y=y, bars=bars)
        y += 50 + 28 * len(bars)


def figures(part: str) -> Mapping[str, Any]:
    """The figures of a part; empty where it was never measured."""
    path = FOLDER / f"{part}.json"
    told: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return told


def main() -> int:
    """Write the page and the picture."""
    contests = [contest(kind, told) for kind in TITLES if (told := figures(kind))]
    shown = list(panels(contests))
    height = max((bar.y for panel in shown for bar in panel.bars), default=0) + 40
    bench = BENCH.read_text(encoding="utf-8").strip() if BENCH.exists() else ""
    scripted = figures("accused")
    told = {"machine": machine(), "contests": contests, "accused": accused(scripted) if scripted else None, "bench": bench}
    page = _TEMPLATES.get_template("performance.md.jinja").render(**told)
    (DOCS / "performance.md").write_text(page, encoding="utf-8")
    picture = _TEMPLATES.get_template("performance.svg.jinja").render(panels=shown, height=height)
    (DOCS / "performance.svg").write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
