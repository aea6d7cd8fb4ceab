"""explain: the whole verdict card of one account."""

from typing import Annotated

import typer

from tracker import explain as cards
from tracker.cli.common import errors, json_line, say, workspace
from tracker.review import last_head

DAMAGED = 1
"""Exit code: an evidence file of the account is missing, cut or altered."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("explain")(run_explain)


def run_explain(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="编号、“平台:名称”或名称")],
    sweep: Annotated[str | None, typer.Option("--sweep", help="批次名称;默认最近一次")] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """一个账号的判定依据:条款、日期、算式、原文、证据文件和记录。证据文件不见了或被改动时退出码为 1。"""
    with workspace(context) as ws:
        record = ws.head(sweep)
        card = cards.gather(ws, record, last_head(ws, record), ws.account(account).account_id)
    if as_lines:
        json_line(cards.as_json(card))
    else:
        for line in card.lines():
            say(line)
    if card.damaged:
        errors(card.damaged[0] if len(card.damaged) == 1 else f"{card.damaged[0]}(共{len(card.damaged)}个证据文件有问题)")
        raise typer.Exit(DAMAGED)
