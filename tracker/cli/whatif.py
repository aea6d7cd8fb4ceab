"""what-if: who would change sides under another profile."""

from collections import Counter
from typing import Annotated

import typer

from adapters import BY_PLATFORM
from tracker.cli.common import json_line, say, table, workspace
from tracker.cli.progress import Counting
from tracker.errors import UsageError
from tracker.store import SweepHead
from tracker.whatif import Outcome, against_of, compare
from tracker.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("what-if")(what_if)


def what_if(
    context: typer.Context,
    profile: Annotated[str, typer.Option("--profile", help="假设改用的口径")],
    against: Annotated[str | None, typer.Option("--against", help="与哪个口径比;默认是各批次上次判定的口径")] = None,
    sweep: Annotated[str | None, typer.Option("--sweep", help="只看一个批次;默认看全部批次")] = None,
    as_lines: Annotated[bool, typer.Option("--json", help="每行一个 JSON")] = False,
) -> None:
    """换一个口径,谁的检查结果会变、由哪条规则引起;只读,不改动任何判定。"""
    with workspace(context) as ws:
        heads = (ws.head(sweep),) if sweep else ws.store.sweeps()
        if not heads:
            raise UsageError("还没有巡检批次;先运行 tracker sweep 或 tracker observe import")
        outcomes = [_outcome(ws, head, profile, against) for head in heads]
    for outcome in outcomes:
        if as_lines:
            _lines(outcome)
        else:
            _show(outcome)


def _outcome(ws: Workspace, head: SweepHead, profile: str, against: str | None) -> Outcome:
    new = ws.profile(profile)
    old = ws.profile(against) if against else against_of(ws, head)
    with Counting(f"批次 {head.name}", ws.store.sweep_size(head.name)) as bar:
        return compare(ws, head, new, old, BY_PLATFORM, tell=bar.advance)


def _lines(outcome: Outcome) -> None:
    """One line per account that changes sides, then one of the sweep as a whole."""
    for move in outcome.moves:
        json_line(
            {
                "sweep": outcome.sweep,
                "account_id": move.account_id,
                "platform": move.platform,
                "kind": move.kind,
                "name": move.name,
                "organisation": move.organisation,
                "region": move.region,
                "before": move.before,
                "after": move.after,
                "rules": [{"code": one.code, "before": str(one.before), "after": str(one.after)} for one in move.causes],
            }
        )
    json_line(
        {
            "sweep": outcome.sweep,
            "against": outcome.against,
            "profile": outcome.profile,
            "accounts": outcome.accounts,
            "moved": len(outcome.moves),
            "changes": [{"before": was, "after": now, "count": n} for (was, now), n in outcome.changes.most_common()],
            "rules": dict(outcome.rules.most_common()),
            "types": dict(outcome.types.most_common()),
            "regions": dict(outcome.regions.most_common()),
        }
    )


def _show(outcome: Outcome) -> None:
    head = f"批次 {outcome.sweep}:口径 {outcome.against} 改为 {outcome.profile},共{outcome.accounts}个账号"
    if not outcome.moves:
        say(f"{head},没有一个的结果会变")
        return
    changes = [(f"{was} → {now}", n) for (was, now), n in outcome.changes.most_common()]
    table(f"{head},{len(outcome.moves)}个的结果会变", ("变化", "个数"), changes)
    for title, counted in (("规则", outcome.rules), ("类型", outcome.types), ("县区", outcome.regions)):
        _counts(title, counted)
    rows = [(move.kind, move.name, move.organisation, move.before, move.after, move.why) for move in outcome.moves]
    table("逐个账号", ("类型", "名称", "主办单位", "原来", "改后", "由哪条规则引起"), rows)


def _counts(title: str, counted: Counter[str]) -> None:
    table(f"按{title}", (title, "个数"), counted.most_common())
