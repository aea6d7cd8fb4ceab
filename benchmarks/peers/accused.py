"""False accusations: the fault matrix of our tests, visited by a plain script and by us.

Of every cell in which the account posted yesterday the script's report is counted. Then our program visits the cells in which
the script accused, in the same world; that it accuses in none of all 463 is tested by tests/e2e/test_fault_matrix.py.
"""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from benchmarks.peers.contest import PEERS, SCRIPTS, TOP
from tests.e2e.faulty import Case, cases, link_of, meet, world
from tests.platforms import feed, small
from tests.platforms.serve import Served, serve
from tests.platforms.world import WorldAccount
from tests.samples.__main__ import sessions
from tracker.model import Conclusion

ACCUSES = ("stale", "never")
_LIMIT = 1500.0
"""Seconds for the script over the whole matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the script says of an account by the newest of its dates, and by the first row: stale, never, fine, or an error."""

    newest: str
    first: str

    @property
    def accuses(self) -> bool:
        """Whether either way reports the account."""
        return self.newest in ACCUSES or self.first in ACCUSES


def fresh() -> list[Case]:
    """The cells in which the account posted yesterday: every report would be false."""
    return [case for case in cases() if not case.silent]


def measure(browser: str, say: Callable[[str], None]) -> dict[str, object]:
    """What the script reports, and what we conclude where it accuses."""
    chosen = fresh()
    told = reports(chosen, browser)
    accused = [case for case in chosen if told[case.name].accuses]
    shares = {"newest": _share(one.newest for one in told.values()), "first": _share(one.first for one in told.values())}
    say(f"accused: the script, of {len(chosen)}: by the newest date {shares['newest']}, by the first row {shares['first']}")
    ours = ours_of(accused)
    wrong = sum(one is Conclusion.FAILED for one in ours.values())
    say(f"accused: tracker {wrong} of the {len(ours)} cells in which the script accused")
    cells = {one.name: {**asdict(told[one.name]), "tracker": str(ours[one.name])} for one in accused}
    return {"cells": len(chosen), "script": shares, "accused": cells, "tracker": wrong}


def _share(told: Iterable[str]) -> dict[str, int]:
    words = [word.partition(" ")[0] for word in told]
    return {word: words.count(word) for word in sorted(set(words))}


def reports(chosen: Sequence[Case], browser: str) -> dict[str, Report]:
    """What the script says of each case; a case of which it said nothing is an error."""
    folder = Path(mkdtemp(prefix="peers-accused-", dir=_scratch()))
    with serve(world(chosen)) as served:
        task = folder / "task.json"
        task.write_text(json.dumps(_task(chosen, served, browser), ensure_ascii=False), encoding="utf-8")
        command = [str(PEERS), str(SCRIPTS / "scrapy_dates.py"), str(task)]
        with (folder / "told.jsonl").open("wb") as told, (folder / "said.txt").open("wb") as said:
            subprocess.run(command, stdout=told, stderr=said, check=True, timeout=_LIMIT)  # noqa: S603 - a script of this package
    rows = [json.loads(line) for line in (folder / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    rmtree(folder)
    silent = Report(newest="error silent", first="error silent")
    return {case.name: silent for case in chosen} | {row["name"]: Report(newest=row["told"], first=row["first"]) for row in rows}


def _scratch() -> Path:
    folder = TOP / "build" / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _task(chosen: Sequence[Case], served: Served, browser: str) -> dict[str, Any]:
    targets = [_target(case, account) for case, account in zip(chosen, served.world.accounts, strict=True)]
    cookies = [cookie for one in sessions().values() for cookie in _cookies(one.storage_state)]
    told = {"port": served.port, "browser": browser, "now": small.NOON.isoformat(), "targets": targets}
    return told | {"login": {"cookies": cookies, "origins": []}}


def _cookies(state: Mapping[str, object]) -> list[object]:
    found = state["cookies"]
    return found if isinstance(found, list) else []


def _target(case: Case, account: WorldAccount) -> dict[str, object]:
    grant = {"appid": account.grant.appid, "secret": account.grant.secret} if account.grant else {}
    return {"name": case.name, "platform": case.platform, "by": case.by, "url": _url(case, account), "grant": grant}


def _url(case: Case, account: WorldAccount) -> str:
    if case.by in ("feed", "link"):
        return feed.address(account) if case.by == "feed" else link_of(account)
    match case.platform:
        case "weibo":
            return f"https://weibo.com/u/{account.ids['uid']}"
        case "toutiao":
            return f"https://www.toutiao.com/c/user/token/{account.ids['token']}/"
        case "douyin":
            return f"https://www.douyin.com/user/{account.ids['sec_uid']}"
    return ""


def ours_of(chosen: Sequence[Case]) -> dict[str, Conclusion]:
    """What we conclude, by the case's name, under the national profile with every rule."""
    if not chosen:
        return {}
    folder = Path(mkdtemp(prefix="peers-ours-", dir=_scratch()))
    try:
        return {name: met.verdict.conclusion for name, met in meet(chosen, folder / "ws").items()}
    finally:
        rmtree(folder)
