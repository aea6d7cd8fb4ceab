"""A reviewed invented city whose units were asked."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters import BY_PLATFORM
from tests.console.conftest import TODAY, fill_users
from tracker import consult, demo, settings
from tracker.consult import Known
from tracker.judge import judge
from tracker.report import told
from tracker.review import decide, last_judgement, read_decisions
from tracker.text import key
from tracker.workspace import Workspace, opened

SWEEP = demo.SWEEP
UNIT = "甲山县卫生健康局"
"""Of the user `unit` in these tests: it has an account with a finding."""


def belong(ws: Workspace) -> None:
    """The user `unit` is UNIT's."""
    user = ws.store.user(login="unit")
    assert user
    ws.store.change_user(replace(user, organisations=frozenset({UNIT})))


def review(ws: Workspace) -> None:
    """Every candidate is decided, so that units may be asked."""
    at = TODAY
    decide(ws, ws.sweep(SWEEP), read_decisions(ws, demo.samples() / "decisions.csv", at=at), BY_PLATFORM, at=at)


def send(ws: Workspace, days: int = 7) -> None:
    """Every unit with findings is asked, without a browser."""
    judge(ws, ws.sweep(SWEEP), ws.profile(), BY_PLATFORM, at=TODAY)
    facts = told(ws, ws.sweep(SWEEP), last_judgement(ws, ws.sweep(SWEEP)), final=False)
    due = TODAY.date() + timedelta(days=days)
    assert consult.ask(facts, deadline=due, to=ws.reports, printer=None, who="王某", at=TODAY)


def city_of_many(sample_root: Path, folder: Path, *, asked: bool) -> Path:
    """A copy of the sample for many people where one person may confirm, reviewed; `asked` = all units up to 2026-11-13."""
    shutil.copytree(sample_root, folder)
    path = folder / settings.FILE
    told = re.sub(r"(?m)^persons = \d", "persons = 1", path.read_text(encoding="utf-8"))
    path.write_text(f"{told}\n[server]\nmany = true\n", encoding="utf-8")
    with opened(folder) as ws:
        fill_users(ws.store)
        belong(ws)
        review(ws)
        if asked:
            send(ws)
    return folder


def known(ws: Workspace) -> Mapping[tuple[str, str], Known]:
    return consult.known(ws, ws.head(SWEEP))


def of_unit(ws: Workspace, unit: str = UNIT) -> list[Known]:
    """What a unit was told, by the registry's owner."""
    return [one for one in known(ws).values() if key(_owner(ws, one)) == key(unit)]


def of_others(ws: Workspace, unit: str = UNIT) -> list[Known]:
    return [one for one in known(ws).values() if key(_owner(ws, one)) != key(unit)]


def _owner(ws: Workspace, one: Known) -> str:
    account = ws.store.account(one.account_id)
    assert account
    return account.organisation
