"""Our side of the comparison: `prepare` makes a workspace, `main` visits what a task names, `answers` reads back.

python -m benchmarks.visiting TASK.json
"""

import asyncio
import json
import ssl
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters import BY_PLATFORM
from tracker import settings
from tracker.adapter import Adapter, Pace
from tracker.capture import Desk, HostMap, Job, Lane, Patience
from tracker.model import Account, Aspect, Identity, Observation, Outcome, Posts, Route, Seen, StoredVisit, Visit, Window
from tracker.recording import with_ids
from tracker.store import SweepRecord
from tracker.sweep import REACH, open_sweep, run
from tracker.workspace import Workspace, create, opened

SWEEP = "bench"
ROUTES = {"article": Route.LINK, "feed": Route.FEED, "pages": Route.BROWSER}
SOON = Patience(answers=8, settle=0.05, before_step=0.5)


class Silent:
    """No display."""

    def started(self, job: Job) -> None:
        """Says nothing."""

    def visited(self, job: Job, observation: Observation) -> None:
        """Says nothing."""

    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None:
        """Nothing may stop a lane here."""
        raise RuntimeError(f"lane {lane.platform} stopped: {outcome} {detail}")


def unpaced(adapter: Adapter) -> Pace:
    """No pauses: the platforms are fake."""
    return Pace(between_accounts=(0, 0), between_requests=0)


def prepare(root: Path, targets: list[dict[str, str]], at: datetime) -> None:
    """A workspace with the accounts filed and the sweep begun at that instant."""
    create(root, settings.template())
    with opened(root) as ws:
        accounts = [account(one, n) for n, one in enumerate(targets, 1)]
        ws.store.add_accounts(accounts, "bench", at)
        open_sweep(ws, SWEEP, at=at, window=Window(since=at.date() - REACH, until=at.date()), kind="weekly")


def account(target: dict[str, str], position: int) -> Account:
    """The account as it was filed."""
    told = Account(
        account_id=target["account_id"],
        platform=target["platform"],
        kind="今日头条" if target["platform"] == "toutiao" else "微信订阅号",
        name=target["name"],
        organisation="示例市示例局",
        url=target["url"],
        position=position,
    )
    return with_ids(told, BY_PLATFORM)


async def visit(ws: Workspace, task: dict[str, Any]) -> None:
    """Visit every target by the route of the task."""
    route, sweep = ROUTES[task["kind"]], ws.sweep(SWEEP)
    filed = {one.account_id: one for one in sweep.accounts}
    jobs = [job(one, filed[one["account_id"]], route, sweep) for one in task["targets"]]
    trust = ssl.create_default_context(cafile=task["ca"])
    feeds = frozenset(one["url"] for one in task["targets"]) if route is Route.FEED else frozenset[str]()
    at = datetime.fromisoformat(task["now"])
    told = {"feeds": feeds, "clock": lambda: at, "host_map": HostMap(port=task["port"], ssl=trust), "patience": SOON}
    async with Desk(**told) as desk:
        tools = {"progress": Silent(), "clock": lambda: at, "stop": asyncio.Event(), "pace": unpaced}
        await run(ws, sweep, jobs, BY_PLATFORM, fetchers=desk, **tools)


def job(target: dict[str, str], filed: Account, route: Route, sweep: SweepRecord) -> Job:
    """A pasted link is nobody's until it was read."""
    where = {"account": None if route is Route.LINK else filed, "url": "" if route is Route.BROWSER else target["url"]}
    made = Visit(route=route, window=sweep.window, today=sweep.window.until, **where)
    return Job(visit=made, routes=(route,), lane=Lane(platform=filed.platform))


def answers(root: Path) -> dict[str, dict[str, object]]:
    """What the journal says of each account: name, newest post (seconds since 1970), number of posts."""
    with opened(root) as ws:
        return {one.account_id: answer(one) for one in ws.store.visits(SWEEP)}


def answer(visit: StoredVisit) -> dict[str, object]:
    """Of one visit; empty where it told nothing."""
    said = [seen.value for seen in visit.observation.aspects.values() if isinstance(seen, Seen)]
    names = [value.name for value in said if isinstance(value, Identity)]
    posts = visit.observation.aspects.get(Aspect.POSTS)
    if not isinstance(posts, Seen) or not isinstance(posts.value, Posts) or not posts.value.latest:
        return {}
    latest = int(posts.value.latest.at.timestamp())
    return {"name": names[0] if names else "", "latest": latest, "count": len(posts.value.items)}


def main(path: str) -> None:
    """Do the task of a file."""
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    with opened(Path(task["out"])) as ws:
        asyncio.run(visit(ws, task))


if __name__ == "__main__":
    main(sys.argv[1])
