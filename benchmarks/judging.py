"""What judging costs: CPU seconds and peak memory with all rules; `python -m benchmarks.judging [--accounts 100000]`.

A seeded world is made in a temporary workspace, twice: of a tenth and of the whole. Its sweep is judged once so that the facts
are stored, then again from stored facts, which is what is measured. Each step is a process of its own, so that one does not pay
for another. Exit 1 when the second judging takes longer than the budget, or memory grows with the accounts.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters import BY_PLATFORM
from tracker import settings
from tracker.clock import end_of, start_of
from tracker.judge import judge_streamed
from tracker.model import (
    Account,
    Aspect,
    Bio,
    CommentPolicy,
    CommentState,
    Conclusion,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Menu,
    MenuEntry,
    Observation,
    Outcome,
    Period,
    Post,
    Posts,
    Route,
    Seen,
    StoredVisit,
    Target,
    Unseen,
    Verification,
    Window,
)
from tracker.registry import platform_of
from tracker.rulebook import RULES
from tracker.store import SweepRecord
from tracker.workspace import create, opened

SECONDS = 60.0
"""Of one core, for as many accounts as the issue names; fewer get their share."""
ACCOUNTS = 100_000
GROWTH = 1.2
"""How much more memory ten times the accounts may take."""
SEED = 2026
SWEEP, TODAY = "2026-11-06", date(2026, 11, 6)
NOON = start_of(TODAY) + timedelta(hours=12)
KINDS = ("新浪微博", "今日头条", "抖音", "微信订阅号")
REGIONS = ("市直", "甲山县", "乙水县", "丙河区", "丁塬县", "戊岭县")
FAILING, UNSEEN = 0.02, 0.03
"""Shares of the accounts that were silent too long, and that met a wall."""
STALE = 0.01
"""Share of the columns that nobody keeps up."""
TOPICS = (
    "召开经济运行分析会",
    "公布一季度统计数据",
    "提醒市民注意防汛",
    "发布道路施工通告",
    "开展入户调查宣传",
    "组织志愿服务活动",
)


def world(root: Path, accounts: int) -> None:
    """A workspace with one sweep over so many accounts, one visit each."""
    draw = random.Random(SEED)  # noqa: S311 - an invented world, no secret
    create(root, settings.template(profile="bench"))
    rules = "".join(f"\n[rules.{rule.code}]\non = true\n" for rule in RULES)
    (root / "profiles" / "bench.toml").write_text(f'extends = "national"\ntitle = "全部规则"\n{rules}', encoding="utf-8")
    filed = [account(number, draw) for number in range(accounts)]
    with opened(root) as ws:
        ws.store.put_period(Period(name="2026Q4", title="2026年第四季度", start=date(2026, 10, 1), end=TODAY))
        ws.store.start_sweep(
            SweepRecord(
                name=SWEEP,
                kind="check",
                period="2026Q4",
                check_date=TODAY,
                window=Window(since=date(2026, 10, 1), until=TODAY),
                started_at=NOON,
                accounts=tuple(filed),
            )
        )
        for start in range(0, accounts, 1000):
            with ws.store.transaction():
                for one in filed[start : start + 1000]:
                    ws.store.add_visit(visit(one, draw))


def account(number: int, draw: random.Random) -> Account:
    """One filed account; four make a unit."""
    platform, fine, _ = platform_of(KINDS[number % len(KINDS)])
    unit = f"示例市第{number // len(KINDS)}单位"
    return Account(
        account_id=f"{platform}-{number:06}",
        platform=platform,
        kind=fine,
        name=f"{unit}发布",
        organisation=unit,
        supervisor="示例市人民政府办公室",
        org_type="部门",
        region=draw.choice(REGIONS),
        opened_on=date(2018, 5, 1),
        ids={"uid": f"{10**9 + number}"},
        position=number + 1,
    )


def visit(one: Account, draw: random.Random) -> StoredVisit:
    """What a machine saw of it; some met a wall."""
    file = f"{SWEEP}/{one.account_id}-1.warc.gz"
    wall = draw.random() < UNSEEN
    return StoredVisit(
        sweep=SWEEP,
        account_id=one.account_id,
        platform=one.platform,
        route=Route.BROWSER,
        url=f"https://example.invalid/u/{one.ids['uid']}",
        file=file,
        sha256=f"{draw.getrandbits(256):064x}",
        at=NOON + timedelta(minutes=5),
        observation=walled() if wall else seen(one, draw),
    )


def walled() -> Observation:
    """A login wall."""
    return Observation(outcome=Outcome.LOGIN_WALL, aspects={Aspect.POSTS: Unseen(outcome=Outcome.LOGIN_WALL)})


def seen(one: Account, draw: random.Random) -> Observation:
    """About ten posts, liked posts, menu entries and the rest, as far as its platform shows them."""
    said: dict[Aspect, Seen | Unseen] = {
        Aspect.EXISTENCE: Seen(value=Identity(ids=one.ids, name=one.name)),
        Aspect.VERIFICATION: Seen(value=Verification(verified=True, kind="政府", subject=one.organisation)),
        Aspect.POSTS: Seen(value=posts(one, draw)),
        Aspect.COMMENT_POLICY: Seen(value=CommentPolicy(state=CommentState.OPEN, seen=5, of=5, why="近5条均可评论")),
        Aspect.LIKES: Seen(value=Likes(items=tuple(like(number, draw) for number in range(draw.randint(0, 5))), whole=False)),
        Aspect.MENU: Seen(value=menu(draw)),
        Aspect.FOOTERS: Seen(value=Found(whole=True)),
        Aspect.BIO: Seen(value=Bio(text=f"{one.organisation}官方账号,发布政务信息,回应公众关切。")),
    }
    sees = BY_PLATFORM[one.platform].sees
    return Observation(outcome=Outcome.OK, aspects={aspect: value for aspect, value in said.items() if aspect in sees})


def posts(one: Account, draw: random.Random) -> Posts:
    """The newest posts, every few days back from today; of the failing the newest is a month old."""
    last = NOON - timedelta(days=draw.randint(20, 60) if draw.random() < FAILING else draw.randint(0, 6))
    found, at = list[Post](), last
    for number in range(draw.randint(8, 12)):
        told = f"{one.organisation}{draw.choice(TOPICS)}({draw.randint(1, 999)}号)"
        text = f"{told}。{draw.choice(TOPICS)},欢迎广大市民关注并提出意见建议,详情请见链接或拨打咨询电话。"
        url = f"https://example.invalid/p/{one.ids['uid']}/{number}"
        found.append(Post(id=f"{draw.getrandbits(52):016}", at=at, title=told, text=text, url=url, comments=draw.randint(0, 9)))
        at -= timedelta(days=draw.randint(1, 6), minutes=draw.randint(0, 300))
    return Posts(items=tuple(found), as_of=end_of(TODAY), complete_since=start_of(day_of(at)))


def day_of(at: datetime) -> date:
    """The day of an instant in Shanghai, in which the world is made."""
    return at.date()


def like(number: int, draw: random.Random) -> Like:
    """A liked post of somebody else."""
    kind, owner = draw.choice((("政府", "示例市人民政府办公室"), ("媒体", "示例日报"), ("企业", "示例电器商城")))
    at = NOON - timedelta(days=draw.randint(1, 80))
    return Like(post_id=f"L{number}", owner=owner, owner_kind=kind, text=draw.choice(TOPICS), at=at)


def menu(draw: random.Random) -> Menu:
    """A menu of six entries that lead somewhere, and a way to leave a message."""
    entries = tuple(
        MenuEntry(path=f"政务公开/{name}", kind="view", url=f"https://example.invalid/m/{name}", target=target(draw))
        for name in ("通知公告", "政策文件", "部门动态", "办事指南", "统计数据", "互动交流")
    )
    return Menu(is_open=True, entries=entries, channels=Found(hits=(Hit(kind="菜单", quote="互动交流/留言"),), whole=True))


def target(draw: random.Random) -> Target | None:
    """What a menu entry leads to; some were not opened, a few are old."""
    age = draw.randint(60, 400) if draw.random() < STALE else draw.randint(0, 25)
    fresh = Target(outcome=Outcome.OK, items=9, latest=NOON - timedelta(days=age), own=True, exact=True)
    return draw.choice((fresh, fresh, None))


def run(root: Path) -> dict[str, float]:
    """Judge the sweep: CPU seconds, accounts, failing ones, peak megabytes (0 where the system does not tell)."""
    with opened(root) as ws:
        began = time.process_time()
        head = judge_streamed(ws, ws.head(SWEEP), ws.profile(), BY_PLATFORM, at=NOON + timedelta(hours=1))
        spent = time.process_time() - began
        failed = sum(1 for _ in ws.store.verdicts(head, (Conclusion.FAILED,)))
    return {"seconds": spent, "accounts": head.total, "failed": failed, "megabytes": megabytes()}


def megabytes() -> float:
    """Peak memory of this process; 0 on systems that do not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


STEPS: dict[str, Callable[[Path, int], object]] = {
    "world": world,
    "run": lambda root, accounts: run(root),
}


def step(name: str, root: Path, accounts: int) -> dict[str, float]:
    """Run a step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.judging", "--step", name, "--root", str(root), "--accounts", str(accounts)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")  # noqa: S603 - this very module
    told: dict[str, float] = json.loads(done.stdout or "null") or {}
    return told


def measure(accounts: int) -> dict[str, float]:
    """Make a world of so many accounts, judge it twice, tell of the second time."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "bench"
        step("world", root, accounts)
        first = step("run", root, accounts)
        again = step("run", root, accounts)
        size = sum(path.stat().st_size for path in root.glob("*.db")) / 2**20
    _say(f"{accounts} accounts, {len(RULES)} rules, {again['failed']:.0f} failing, database {size:.0f} MB")
    for name, told in (("facts built  ", first), ("facts stored ", again)):
        rate = told["accounts"] / told["seconds"]
        _say(f"  {name} {told['seconds']:7.1f} s CPU  {rate:7.0f} accounts/s  peak {told['megabytes']:5.0f} MB")
    return again


def _say(line: str) -> None:
    print(line, flush=True)


def main(told: Sequence[str] | None = None) -> int:
    """Measure both sizes; 1 when a budget is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--step", choices=sorted(STEPS))
    parser.add_argument("--root", type=Path)
    asked = parser.parse_args(told)
    if asked.step:
        print(json.dumps(STEPS[asked.step](asked.root, asked.accounts)))
        return 0
    small, big = measure(max(1, asked.accounts // 10)), measure(asked.accounts)
    budget = SECONDS * asked.accounts / ACCOUNTS
    slow, fat = big["seconds"] > budget, big["megabytes"] > small["megabytes"] * GROWTH
    _say(f"budget {budget:.1f} s: {'BROKEN' if slow else 'kept'}; memory flat: {'NO' if fat else 'yes'}")
    return int(slow or fat)


if __name__ == "__main__":
    sys.exit(main())
