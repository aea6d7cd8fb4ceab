"""What is changed from the command line is a row of the audit log, as what is changed from the page is."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from tracker import audit
from tracker.clock import now
from tracker.people import local
from tracker.workspace import Workspace

CHANGES = frozenset(
    {
        "accounts import", "period open", "period close", "draw", "history import", "absence add", "links", "observe import",
        "review confirm", "review dismiss", "review import", "sweep", "sweep thaw", "judge", "report consult",
        "report objections decide", "credentials add", "credentials login", "credentials remove", "evidence seal", "prune",
        "bundle import", "bundle trust", "bundle export", "backup", "worker", "worker resume", "worker cancel",
        "worker close",
    }
)  # fmt: skip
"""Commands that change what is recorded; `report` does so with --final. (`users` notes its own.)"""


@contextmanager
def noted(ws: Workspace, context: typer.Context) -> Iterator[None]:
    """A row for what is done in the block, whether it succeeds or not, if the command changes anything."""
    command = context.command_path.partition(" ")[2]
    final = command.startswith("report") and bool(context.params.get("final"))
    if command not in CHANGES and not final:
        yield
        return
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        action = f"cli {'report --final' if final else command}"
        told = " ".join(f"{name}={context.params[name]}" for name in _NAMED if context.params.get(name))
        if command in _BY_ITSELF:
            audit.by_itself(ws.store, now(), action, outcome, targets=told)
        else:
            who = str(context.params.get("who") or "") or ws.settings.inspector
            audit.keep(ws.store, now(), local(who), action, outcome, targets=told)


_NAMED = ("account", "account_id", "code", "form", "sweep", "period", "name", "lane", "before", "into", "region")
"""Parameters that say of what; no file's content, no secret."""
_BY_ITSELF = frozenset({"worker"})
"""Commands that go on for days without a person."""
