"""due: who is near a breach; and how links and the short work list are shown to people."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.common import day_option, json_line, say, table, workspace
from tracker.clock import day, now
from tracker.due import DATE, Standing, export_due, messages, standings, work
from tracker.errors import UsageError
from tracker.links import Told
from tracker.model import Account, Aspect, CommentPolicy, Found, Seen, Verification
from tracker.reminding import Delivery, Fate, check, deliver, digests, quiet_until, sender
from tracker.workspace import Workspace

_TITLES = {name: adapter.title for name, adapter in BY_PLATFORM.items()}
_STATUS = {
    "matched": "已对应",
    "wrong": "不是台账里的账号",
    "dead": "已失效",
    "duplicate": "重复",
    "foreign": "不是本程序认识的链接",
    "unclear": "没看到内容",
    "not_opened": "没有打开",
}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("due")(run_due)


def run_due(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=0, help="离最后安全日不超过几天的才列")] = 7,
    check_date: Annotated[str | None, typer.Option(help="按哪一天算;默认今天")] = None,
    text: Annotated[bool, typer.Option("--text", help="每个工作群一条提醒,可直接粘贴")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="把提醒发到 tracker.toml 里 [notify] 的地址;同样的内容一天只发一次")
    ] = False,
    at_once: Annotated[bool, typer.Option("--now", help="安静时间里也发")] = False,
    again: Annotated[bool, typer.Option("--again", help="发过的、不清楚是否发出的也再发")] = False,
    profile: Annotated[str | None, typer.Option(help="地方口径;默认工作区的")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """快到期的账号:最后见到的更新、还剩几天、最后安全日,最急的在前。"""
    on = day_option(check_date) or day(now())
    with workspace(context) as ws:
        found = [one for one in standings(ws, ws.profile(profile), on) if one.days_left is None or one.days_left <= days]
        _tell(found, days, on, text=text, as_json=as_json)
        if send:
            _send(ws, found, at_once=at_once, again=again)


def _tell(found: Sequence[Standing], days: int, on: date, *, text: bool, as_json: bool) -> None:
    if as_json:
        for one in found:
            json_line(_as_json(one))
    elif text:
        say("\n\n".join(one.text for one in messages(found, _TITLES)) or f"{days}天之内没有到期的账号,不用提醒")
    else:
        _show(found, days, on)


def _as_json(one: Standing) -> dict[str, object]:
    account = one.account
    return {
        "account_id": account.account_id,
        "platform": account.platform,
        "kind": account.kind,
        "name": account.name,
        "organisation": account.organisation,
        "region": account.region,
        "check_date": one.check_date.isoformat(),
        "last_proven": one.last.on.isoformat() if one.last else None,
        "route": str(one.last.route) if one.last else None,
        "last_safe": one.last_safe.isoformat() if one.last_safe else None,
        "days_left": one.days_left,
    }


def _show(found: Sequence[Standing], days: int, on: date) -> None:
    if not found:
        say(f"{on:%Y-%m-%d}:{days}天之内没有到期的账号")
        return
    rows = [(*_who(one.account), *_when(one)) for one in found]
    table(
        f"{on:%Y-%m-%d}:{days}天之内到期、或还没有见到过更新的账号",
        ("账号", "类型", "主办单位", "最后见到的更新", "最后安全日", "还剩"),
        rows,
    )
    say("最后见到的更新只是程序和人看到过的;没有看到不等于没有更新,要打开看过才能下结论")


def _who(account: Account) -> tuple[str, str, str]:
    return account.name, account.kind or _TITLES.get(account.platform, ""), account.organisation


def _when(one: Standing) -> tuple[str, str, str]:
    if one.last is None or one.last_safe is None:
        return "没有见到过", "", ""
    left = one.days_left or 0
    return one.last.on.isoformat(), one.last_safe.isoformat(), f"{left}天" if left >= 0 else f"已过{-left}天"


def _send(ws: Workspace, found: Sequence[Standing], *, at_once: bool, again: bool) -> None:
    """Send the digests and say what became of them. Raises UsageError in quiet hours, or when one did not go out."""
    told = ws.settings.notify
    if not (told.urls or told.organisations):
        raise UsageError(
            '还没有配置发送地址:在 tracker.toml 里写 [notify] urls = ["…"](写法见 apprise),或把 --text 的内容粘贴到群里'
        )
    until = None if at_once else quiet_until(ws, now())
    if until:
        raise UsageError(f"现在不打扰([notify] quiet),{until:%m-%d %H:%M} 之后再发;一定要现在发,请加 --now")
    posts, send = digests(found, told, _TITLES), sender()
    check(posts)
    done = deliver(ws, posts, clock=now, send=send, again=again)
    say(in_words(done))
    if lost := [one.digest.recipient for one in done if one.fate is Fate.FAILED]:
        raise UsageError(f"{'、'.join(lost)} 的提醒试了几次都没有发出去;请检查网络和 tracker.toml 里的地址,再发一次不会重复")


def in_words(done: Sequence[Delivery]) -> str:
    """What became of reminders, as one sentence."""
    told = "、".join(f"{fate}{count}条" for fate in Fate if (count := sum(one.fate is fate for one in done)))
    unsure = "、".join(one.digest.recipient for one in done if one.fate is Fate.UNKNOWN)
    more = f";{unsure} 的上次发送时中断过,没有重发,请问一下对方,没收到就用 tracker due --send --again" if unsure else ""
    return f"提醒:{told or '没有到期的账号,不用发'}{more}"


def give_due(ws: Workspace, file: Path, on: date, accounts: Collection[Account], latest_day: int | None) -> None:
    """observe export --due: write the short work list of these accounts and say how long it is."""
    wanted = {one.account_id for one in accounts}
    every = work(ws, ws.profile(), BY_PLATFORM, on, latest_day=latest_day)
    found = [one for one in every if one.standing.account.account_id in wanted]
    export_due(file, found)
    dates = sum(DATE in one.ask for one in found)
    answers = sum(len(one.ask) for one in found) - dates
    say(f"已写出{len(found)}行:{file};要看更新日期的{dates}个,要看的检查项{answers}处(共{len(wanted)}个账号)")


def show_links(told: Sequence[Told], left: Sequence[Standing], *, as_json: bool) -> None:
    """What became of every link, and which accounts are still unproven."""
    if as_json:
        for one in told:
            json_line(_link_json(one))
        return
    for status, word in _STATUS.items():
        held = [one for one in told if one.status == status]
        if held:
            say(f"{word}:{len(held)}个")
        for one in held:
            say(f"  {one.url}  {one.line}")
    if not left:
        say("批次里的账号都已证明有更新")
        return
    rows = [(*_who(one.account), *_when(one)[:2]) for one in left]
    table(f"还没有证明有更新的账号:{len(left)}个", ("账号", "类型", "主办单位", "最后见到的更新", "最后安全日"), rows)


def _link_json(one: Told) -> dict[str, object]:
    seen = one.observation.aspects if one.observation else {}
    values = {aspect: found.value for aspect, found in seen.items() if isinstance(found, Seen)}
    return {
        "url": one.url,
        "status": one.status,
        "account_id": one.account.account_id if one.account else None,
        "name": one.account.name if one.account else None,
        "matched_by": one.matched_by or None,
        "posted": one.posted.isoformat() if one.posted else None,
        "fresh": one.fresh,
        "verified": _verified(values.get(Aspect.VERIFICATION)),
        "commerce": _commerce(values.get(Aspect.FOOTERS)),
        "comments": _comments(values.get(Aspect.COMMENT_POLICY)),
        "repeats": one.repeats or None,
        "outcome": str(one.observation.outcome) if one.observation else None,
        "detail": one.line,
    }


def _verified(value: object) -> bool | None:
    return value.verified if isinstance(value, Verification) else None


def _commerce(value: object) -> list[str] | None:
    return [hit.quote for hit in value.hits] if isinstance(value, Found) else None


def _comments(value: object) -> str | None:
    return str(value.state) if isinstance(value, CommentPolicy) else None
