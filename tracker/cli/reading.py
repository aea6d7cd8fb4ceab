"""read: what an adapter reads in one stored page; needs no workspace."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.adapter import Adapter
from tracker.cli.common import existing, json_line, say
from tracker.clock import SHANGHAI, day, now
from tracker.errors import UsageError
from tracker.model import Account, Exchange, Observation, Route, Visit, Window, reading


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("read")(read)


def read(
    platform: Annotated[str, typer.Argument(help="平台")],
    file: Annotated[Path, typer.Argument(help="存下来的页面或接口应答")],
    url: Annotated[str, typer.Option(help="它的网址")],
    status: Annotated[int, typer.Option(help="HTTP 状态码")] = 200,
    account: Annotated[str, typer.Option(help="应当是哪个账号(平台编号)")] = "",
    at: Annotated[str, typer.Option(help="取得时间,ISO 8601;默认现在")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """读一个页面,说出读到了什么、没读到什么。"""
    adapter = _adapter(platform)
    exchange = Exchange(page=_page(adapter, url), url=url, status=status, body=existing(file).read_bytes(), at=_instant(at))
    found = look(adapter, exchange, account)
    if as_json:
        json_line(reading(found))
        return
    say(f"整页:{found.outcome} {found.detail}".rstrip())
    for key, value in reading(found).items():
        if key != "outcome":
            say(f"{key}:{value}")
    for note in found.notes:
        say(f"备注:{note}")


def look(adapter: Adapter, exchange: Exchange, account: str) -> Observation:
    """The reading of one page, as for a visit of this account, or of a pasted link when no account is named."""
    ids = adapter.ids(account) if account else {}
    if account and not ids:
        raise UsageError(f"“{account}”不是{adapter.title}的账号编号或主页地址")
    today = day(exchange.at)
    visit = Visit(
        account=Account(account_id="read", platform=adapter.platform, kind="", name="", ids=ids) if account else None,
        route=Route.BROWSER if account else Route.LINK,
        window=Window(since=today - timedelta(days=60), until=today),
        today=today,
        url="" if account else exchange.url,
    )
    return adapter.read(visit, [replace(exchange, body=adapter.redact(exchange))])


def _adapter(platform: str) -> Adapter:
    if platform not in BY_PLATFORM:
        raise UsageError(f"没有平台 {platform};可用:{'、'.join(BY_PLATFORM)}")
    found: Adapter = BY_PLATFORM[platform]
    return found


def _page(adapter: Adapter, url: str) -> str:
    for page, pattern in adapter.pages.items():
        if re.search(pattern, url):
            return page
    raise UsageError(f"{adapter.title}没有这样的页面:{url};认识的页面:{'、'.join(adapter.pages)}")


def _instant(told: str) -> datetime:
    if not told:
        return now()
    try:
        at = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(f"时间 {told} 看不懂;请写成 2026-11-06T12:00:00+08:00") from error
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
