"""What a county, a city, a province and the nation need: lanes, hours, disk; `python -m benchmarks.scale` prints the tables.

Hours come from the adapters' own paces by the plan that a sweep is held to (`tracker.plan`), every pause at its longest. Bytes
are measured: evidence on the sample's visits, the database on a judged world of `benchmarks.judging`. Shares of platforms and of
reach are assumptions and are printed with the tables.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters import BY_PLATFORM
from benchmarks import judging
from tracker import demo, settings
from tracker.capture import Job, Lane
from tracker.clock import now
from tracker.enrol import import_accounts
from tracker.model import Account, Route, Visit, Window
from tracker.plan import Terms, lane_plan
from tracker.workspace import create, opened

SIZES: Mapping[str, int] = {"县": 30, "市": 450, "省": 20_000, "全国": 250_000}
WEEK = 40.0
"""Hours that a lane works in a week: five days of eight."""
LOOK = 15.0
"""Seconds of one look by a person."""
TODAY = date(2026, 11, 6)
WINDOW = Window(since=date(2026, 10, 7), until=TODAY)
SWEEPS = 52
"""In a year."""
WORLD = 2000
"""Accounts of the measured database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Accounts of one platform that are reached in one way; `share` of all; no route = by people."""

    kind: str
    how: str
    share: float
    route: Route | None


MIX = (
    Part(kind="微信订阅号", how="主办单位授权", share=0.15, route=Route.API),
    Part(kind="微信订阅号", how="粘贴的链接", share=0.30, route=Route.LINK),
    Part(kind="微信订阅号", how="人工", share=0.15, route=None),
    Part(kind="新浪微博", how="公开页面", share=0.15, route=Route.BROWSER),
    Part(kind="今日头条", how="公开页面", share=0.10, route=Route.BROWSER),
    Part(kind="抖音", how="公开页面", share=0.10, route=Route.BROWSER),
    Part(kind="其他平台", how="人工", share=0.05, route=None),
)
"""Three fifths are 微信 (DESIGN §1); the rest of the shares is assumed."""


def samples(root: Path) -> dict[str, Account]:
    """One account of each kind of the invented city."""
    create(root, settings.template())
    with opened(root) as ws:
        import_accounts(ws, demo.samples() / "registry.xlsx", BY_PLATFORM, skip_bad=False, who="", at=now())
        return {one.kind: one for one in ws.store.accounts() if one.ids}


def hours(part: Part, accounts: int, found: Mapping[str, Account]) -> float:
    """Of one lane (of people, where there is no route) for so many accounts, at most."""
    if part.route is None:
        return accounts * LOOK / 3600
    account = found[part.kind]
    link = part.route is Route.LINK
    visit = Visit(
        account=None if link else account, route=part.route, window=WINDOW, today=TODAY, url=account.url if link else ""
    )
    job = Job(visit=visit, routes=(part.route,), lane=Lane(platform=account.platform))
    adapter = BY_PLATFORM[account.platform]
    # nothing is asked of a page: its first requests are counted as one
    one = replace(job, visit=replace(visit, account=account)) if link else job
    return lane_plan(job.lane, [(one, part.route)] * accounts, Terms(adapters={adapter.platform: adapter})).seconds / 3600


def lanes(found: Mapping[str, Account]) -> Iterator[str]:
    """A row per way of reaching: accounts, hours and lanes that fit them into a week, for each size."""
    yield "| 平台 | 途径 | 占比 | " + " | ".join(f"{name} {size:,}" for name, size in SIZES.items()) + " |"
    yield "|---" * (3 + len(SIZES)) + "|"
    for part in MIX:
        cells = []
        for size in SIZES.values():
            accounts = round(size * part.share)
            if part.route is Route.API:
                cells.append(f"{accounts:,} 个授权,每个 {hours(part, 1, found) * 60:.0f} 分钟")
                continue
            spent = hours(part, accounts, found)
            unit = "人" if part.route is None else "通道"
            cells.append(f"{accounts:,} 个,{spent:,.1f} 小时,{ceil(spent / WEEK)} {unit}")
        yield f"| {part.kind} | {part.how} | {part.share:.0%} | " + " | ".join(cells) + " |"


def evidence_bytes() -> float:
    """Of one stored visit, on the average of the sample."""
    files = [path.stat().st_size for path in (demo.samples() / "visits").rglob("*.warc.gz")]
    return sum(files) / len(files)


def database_bytes(folder: Path) -> float:
    """Of one account in one judged sweep."""
    root = folder / "bench"
    judging.step("world", root, WORLD)
    judging.step("run", root, WORLD)
    return sum(path.stat().st_size for path in root.glob("*.db*")) / WORLD


def disk(folder: Path) -> Iterator[str]:
    """A row per kind of bytes: a year of weekly sweeps."""
    visit, row = evidence_bytes(), database_bytes(folder)
    yield f"每次采集 {visit / 1024:.0f} KB 证据(示例),每个账号每批次 {row / 1024:.1f} KB 数据库"
    yield "| 一年 52 批 | " + " | ".join(f"{name} {size:,}" for name, size in SIZES.items()) + " |"
    yield "|---" * (1 + len(SIZES)) + "|"
    for title, each in (("证据", visit), ("数据库", row)):
        yield f"| {title} | " + " | ".join(f"{size * each * SWEEPS / 2**30:,.1f} GB" for size in SIZES.values()) + " |"


def main() -> int:
    """Print the tables."""
    with TemporaryDirectory() as place:
        found = samples(Path(place) / "sample")
        for line in (*lanes(found), "", *disk(Path(place))):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
