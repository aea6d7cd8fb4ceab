"""period open|close|list|show, draw, and which accounts a sweep is for."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import typer

from tracker.cli.app import App
from tracker.cli.common import day_option, json_line, say, table, workspace
from tracker.clock import now
from tracker.draw import Order, chosen, known_period, scope_sentence
from tracker.draw import draw as make_draw
from tracker.errors import UsageError
from tracker.model import Account, Period
from tracker.store import Draw, Method, SweepHead
from tracker.workspace import Workspace

Name = Annotated[str, typer.Argument(help="检查期名称,例如 2026Q4")]
Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]
Who = Annotated[str, typer.Option(help="谁做的;默认 tracker.toml 里的检查人")]
METHODS: dict[Method, str] = {"all": "全部", "new-failing": "新报备和上期有问题的", "strata": "随机"}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    period = App("检查期:一段监测时间,一次正式检查。")
    period.command("open")(open_period)
    period.command("close")(close_period)
    period.command("list")(list_periods)
    period.command("show")(show_period)
    app.add_typer(period, name="period")
    app.command("draw")(run_draw)


def open_period(
    context: typer.Context,
    name: Name,
    start: Annotated[str, typer.Option(help="监测时间第一天")],
    end: Annotated[str, typer.Option(help="监测时间最后一天")],
    title: Annotated[str, typer.Option(help="印在标题里,例如 2026年第四季度")] = "",
) -> None:
    """设一个检查期;检查日落在其中的批次用它的标题和监测时间。"""
    first, last = day_option(start), day_option(end)
    if first is None or last is None or last < first:
        raise UsageError(f"监测时间 {start} 至 {end} 不对:结束不能早于开始")
    with workspace(context) as ws:
        ws.store.put_period(Period(name=name, title=title or name, start=first, end=last))
    say(f"检查期 {name}:{first} 至 {last}")


def close_period(
    context: typer.Context,
    name: Name,
    why: Annotated[str, typer.Option(help="没有正式检查就关闭时必须写明理由")] = "",
    who: Who = "",
) -> None:
    """关闭检查期:以后不能再抽取、再改监测时间,也不再归入新的批次。"""
    with workspace(context) as ws:
        period = known_period(ws, name)
        judged = [one for one in checks(ws, period) if ws.store.last_head(one.name)]
        if not judged and not why.strip():
            raise UsageError(f"检查期 {name} 还没有判定过的正式检查;先做检查和判定,或写明理由:--why 理由")
        ws.store.close_period(period.name, who or ws.settings.inspector, why, now())
    say(f"检查期 {name} 已关闭")


def checks(ws: Workspace, period: Period) -> list[SweepHead]:
    """The formal checks of a period, the earliest first."""
    return [one for one in ws.store.sweeps() if one.period == period.name and one.kind == "check"]


def list_periods(context: typer.Context, as_json: Json = False) -> None:
    """列出检查期。"""
    with workspace(context) as ws:
        periods = ws.store.periods()
    if as_json:
        for one in periods:
            json_line(_plain(one))
        return
    rows = [(one.name, one.title, one.start, one.end, _state(one), one.source) for one in periods]
    table("检查期", ("名称", "标题", "开始", "结束", "状态", "来源"), rows)


def _plain(one: Period) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "start": str(one.start),
        "end": str(one.end),
        "state": "closed" if one.closed_at else "open",
        "source": one.source,
    }


def _state(one: Period) -> str:
    return f"{one.closed_at:%Y-%m-%d} 关闭" if one.closed_at else "开放"


def show_period(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """一个检查期:监测时间、抽取经过、正式检查、通报里的范围句。"""
    with workspace(context) as ws:
        period = known_period(ws, name)
        draws, held, paper = ws.store.draws(period.name), checks(ws, period), ws.store.paper(period.name)
        names = {one.account_id: f"{one.name}({one.kind})" for one in ws.store.accounts()}
    if as_json:
        told = {"draws": [_draw(one) for one in draws], "checks": [one.name for one in held]}
        json_line(_plain(period) | told | {"paper_rows": len(paper.lines) if paper else None})
        return
    say(f"{period.name} {period.title}:{period.start} 至 {period.end},{_state(period)} {period.source}{period.closed_why}")
    for number, one in enumerate(draws, 1):
        size = f" {one.size}" if one.size else ""
        why = f",重抽理由:{one.why}" if one.why else ""
        how = f"{METHODS[one.method]}{size},种子 {one.seed},{len(one.drawn)}个{why}"
        say(f"第{number}次抽取 {one.at:%Y-%m-%d %H:%M} {one.who}:{how}")
    if draws:
        say(f"范围:{scope_sentence(draws[-1])}")
        say("名单:" + "、".join(names.get(drawn, drawn) for drawn in draws[-1].drawn))
    if paper:
        say(f"纸质通报 {paper.file}:{len(paper.lines)}行,tracker history show --period {period.name} 查看")
    say(f"正式检查:{'、'.join(one.name for one in held) or '还没有'}")


def _draw(one: Draw) -> dict[str, object]:
    return {
        "method": one.method,
        "by": one.by,
        "size": one.size,
        "seed": one.seed,
        "once_a_year": one.once_a_year,
        "frame": list(one.frame),
        "drawn": list(one.drawn),
        "at": one.at.isoformat(),
        "who": one.who,
        "why": one.why,
        "scope": scope_sentence(one),
    }


def run_draw(
    context: typer.Context,
    period: Annotated[str, typer.Option("--period", help="哪个检查期")],
    method: Annotated[str, typer.Option("--method", help="all 全部,new-failing 新报备和上期有问题的,strata 随机")],
    size: Annotated[str, typer.Option("--size", help="随机抽多少:个数(100)或每层比例(30%)")] = "",
    by: Annotated[str, typer.Option("--by", help="随机时分层:region 县区,platform 平台,org_type 主体类型")] = "",
    seed: Annotated[int | None, typer.Option("--seed", help="随机种子;不给就随机取一个并记下来")] = None,
    once_a_year: Annotated[bool, typer.Option("--once-a-year", help="本年度抽过的不再抽")] = False,
    why: Annotated[str, typer.Option("--why", help="重新抽取的理由")] = "",
    who: Who = "",
    as_json: Json = False,
) -> None:
    """抽取检查名单,写出 抽查名单.xlsx;同样的台账和种子得到同样的名单。"""
    if method not in METHODS:
        raise UsageError(f"--method {method} 不对;应为 {'、'.join(METHODS)} 之一")
    if seed is None:
        seed = secrets.randbelow(10**9) if method == "strata" else 0
    with workspace(context) as ws:
        order = Order(
            period=period,
            method=method,
            size=size,
            by=by,
            seed=seed,
            once_a_year=once_a_year,
            who=who or ws.settings.inspector,
            why=why,
        )
        made, path = make_draw(ws, order, at=now())
    if as_json:
        json_line(_draw(made))
        return
    rows = [(one.name, one.frame, one.eligible, one.wanted, one.drawn) for one in made.strata]
    table(f"检查期 {period},种子 {made.seed}", ("层", "在册", "可抽", "应抽", "抽中"), rows)
    for one in made.strata:
        if one.drawn < one.wanted:
            say(f"注意:“{one.name}”应抽{one.wanted}个,本年度尚未抽查的只剩{one.drawn}个")
    say(scope_sentence(made))
    say(f"已写出 {path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a sweep is for: which accounts, of which period, formal check or weekly monitoring."""

    which: str = "all"
    period: str | None = None
    weekly: bool = False

    @property
    def kind(self) -> Literal["check", "weekly"]:
        """The kind of the sweep."""
        return "weekly" if self.weekly else "check"

    def accounts(self, ws: Workspace, on: date) -> tuple[Account, ...]:
        """The accounts that are meant on this day. Raises UsageError."""
        if self.which == "all":
            return ws.store.accounts()
        period = self._period(ws, on)
        found = chosen(ws, self.which, period)
        if not found:
            raise UsageError(f"检查期 {period.name} 里没有 {self.which} 的账号;看看 tracker period show {period.name}")
        return found

    def name(self, ws: Workspace, on: date) -> str | None:
        """Name of the period that the sweep belongs to; None = the one in which the day lies, if any. Raises UsageError."""
        return None if self.period is None and self.which == "all" else self._period(ws, on).name

    def _period(self, ws: Workspace, on: date) -> Period:
        """The period named, else the open one of the day, else the last open one: a check may end after its window."""
        if self.period is not None:
            found = known_period(ws, self.period)
            if found.closed_at:
                raise UsageError(f"检查期 {found.name} 已经关闭({found.source or found.closed_by}),不能再检查")
            return found
        if held := ws.period_on(on):
            return known_period(ws, held)
        begun = [one for one in ws.store.periods() if one.start <= on and not one.closed_at]
        if not begun:
            raise UsageError(f"--accounts {self.which} 要有开放的检查期;先运行 tracker period open,或用 --period 指明")
        return max(begun, key=lambda one: one.start)
