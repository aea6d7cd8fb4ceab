"""The world of `benchmarks.lists`: a registry, a check that goes on, weekly judgements; made by bulk statements."""

import dataclasses
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.judging import KINDS
from tracker import settings
from tracker.clock import day, now, start_of
from tracker.model import (
    Account,
    Bounds,
    Conclusion,
    Effect,
    Finding,
    Observation,
    Outcome,
    Period,
    Route,
    Status,
    StoredVisit,
    Undetermined,
    Verdict,
    Window,
)
from tracker.registry import platform_of
from tracker.store import JudgementHead, Store, SweepRecord
from tracker.store.visits import _columns as visit_columns
from tracker.workspace import create, opened

SEED = 2026
REGIONS = ("市直", *(f"{name}县" for name in "甲乙丙丁戊己庚辛壬癸"), *(f"{name}区" for name in "子丑寅卯"))
SORTS = ("市级部门", "县级部门", "乡镇政府")
WORDS = ("第{}单位", "发布", "示例市", "单位", "1000{}", "没有这个名字")
"""Searched for: rare, frequent, everywhere, nowhere."""
DRAWN = 1500
"""Accounts of the draw: the work list of a check that looks at drawn accounts."""


def world(root: Path, database: str | None, *, accounts: int, judgements: int) -> int:
    """A workspace whose check was judged just now, with as many judgements before; returns how many verdict rows it has."""
    draw, at = random.Random(SEED), now()  # noqa: S311 - an invented world, no secret
    told = settings.template(place="示例市", profile="baoji")
    create(root, told)
    if database:
        path = root / settings.FILE
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("database")]
        path.write_text("\n".join([f'database = "{database}"', *lines]) + "\n", encoding="utf-8")
    filed = [account(number, draw) for number in range(accounts)]
    with opened(root) as ws:
        fast(ws.store)
        today = day(at)
        ws.store.put_period(Period(name="本期", title="本期", start=today - timedelta(days=30), end=today + timedelta(days=30)))
        ws.store.add_accounts(filed, "甲", at)
        for week in range(judgements - 1, -1, -1):
            sweep(ws.store, at - timedelta(weeks=week, hours=1), filed if week == 0 else filed[:1], formal=week == 0)
        visits(ws.store, filed, at - timedelta(minutes=50), draw)
        judged(ws.store, ws.profile().name, ws.profile().digest, [verdict(one, at, draw) for one in filed], at)
        settle(ws.store)
        return int(ws.store._database.execute_sql("SELECT COUNT(*) FROM verdict").fetchone()[0])


def fast(store: Store) -> None:
    """What is lost by a crash can be made again."""
    if not hasattr(store._database, "pragma"):
        return
    store._database.pragma("synchronous", "off", permanent=True)
    store._database.pragma("cache_size", -400_000, permanent=True)


def settle(store: Store) -> None:
    """What the database itself does at night."""
    if hasattr(store._database, "pragma"):
        store._database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with store._database.connection_context():
        store._database.connection().autocommit = True
        store._database.execute_sql("VACUUM ANALYZE")
        store._database.connection().autocommit = False


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
        org_type=draw.choice(SORTS),
        region=draw.choice(REGIONS),
        filed_id=f"{10**9 + number}",
        ids={"uid": f"{10**9 + number}"},
        position=number + 1,
    )


def sweep(store: Store, at: datetime, accounts: Sequence[Account], *, formal: bool) -> None:
    """A check that freezes everybody, or the head of a weekly one."""
    store.start_sweep(
        SweepRecord(
            name=f"{at:%Y-%m-%d}",
            kind="check" if formal else "weekly",
            period="本期" if formal else None,
            check_date=day(at),
            window=Window(since=day(at) - timedelta(days=30), until=day(at)),
            started_at=at,
            accounts=tuple(accounts),
        )
    )


def visits(store: Store, accounts: Sequence[Account], at: datetime, draw: random.Random) -> None:
    """One look of a machine at each account of the check."""

    names = [name for name in store._rows.visit._meta.sorted_field_names if name != "id"]

    def rows() -> Iterator[tuple[object, ...]]:
        for one in accounts:
            told = visit_columns(
                StoredVisit(
                    sweep=f"{at:%Y-%m-%d}",
                    account_id=one.account_id,
                    platform=one.platform,
                    route=Route.BROWSER,
                    url=f"https://example.invalid/u/{one.filed_id}",
                    file=f"{at:%Y-%m-%d}/{one.account_id}-1.warc.gz",
                    sha256=f"{draw.getrandbits(256):064x}",
                    at=at,
                    observation=Observation(outcome=Outcome.OK),
                )
            )
            shown = (start_of(day(at)) - timedelta(days=draw.randint(0, 20))).date().isoformat()
            told["latest_post"] = shown if draw.random() < 0.97 else None
            yield tuple(told[name] for name in names)

    with store.transaction():
        store._append(store._rows.visit, names, rows())


def verdict(one: Account, at: datetime, draw: random.Random) -> Verdict:
    """Most pass, some fail, some wait, some could not be seen."""
    conclusion, word = draw.choices(
        (
            (Conclusion.PASSED, "合格"),
            (Conclusion.FAILED, "不合格"),
            (Conclusion.TO_REVIEW, "不合格"),
            (Conclusion.UNCHECKED, "未能核查"),
        ),
        (92, 3, 2, 3),
    )[0]
    days = draw.randint(15, 90) if conclusion is Conclusion.FAILED else draw.randint(0, 13)
    status = Status.CANDIDATE if conclusion is Conclusion.TO_REVIEW else Status.AUTOMATIC
    finding = Finding(
        code="UPD-01",
        message="超过两周未更新",
        basis="《政府网站与政务新媒体检查指标》",
        effect=Effect.VETO,
        status=status,
        arithmetic=f"最后更新{days}天前,检查日{day(at)},共{days}天没有更新",
        counterfactual="检查日前14天内有一条更新",
    )
    broken = conclusion in (Conclusion.FAILED, Conclusion.TO_REVIEW)
    return Verdict(
        account=one,
        conclusion=conclusion,
        word=word,
        check_date=day(at),
        latest_post=None if conclusion is Conclusion.UNCHECKED else day(at) - timedelta(days=days),
        idle_days=None if conclusion is Conclusion.UNCHECKED else Bounds(least=days, most=days),
        findings=(finding,) if broken else (),
        undetermined=(
            (Undetermined(code="UPD-01", reason="页面要求登录,没有看到列表"),) if conclusion is Conclusion.UNCHECKED else ()
        ),
    )


def judged(store: Store, profile: str, digest: str, verdicts: Sequence[Verdict], at: datetime) -> None:
    """The first judgement by the store's own way, the others as its copies, the check's the last of all."""
    heads = [
        JudgementHead(sweep=head.name, profile=profile, profile_digest=digest, at=max(head.started_at, at - timedelta(minutes=1)))
        for head in store.sweeps()
    ]
    first = store.begin_judgement(heads[0])
    with store.transaction():
        for start in range(0, len(verdicts), 5000):
            store.add_verdicts(first, verdicts[start : start + 5000], start)
    store.end_judgement(first, len(verdicts))
    for head in heads[1:]:
        begun = store.begin_judgement(head)
        with store.transaction():
            for row in (store._rows.verdict, store._rows.verdict_line):
                names = [name for name in row._meta.sorted_field_names if name != "judgement"]
                told = ", ".join(names)
                table = row._meta.table_name
                store._database.execute_sql(
                    f"INSERT INTO {table} (judgement, {told}) SELECT {begun.number}, {told} FROM {table} "  # noqa: S608 - our own
                    f"WHERE judgement = {first.number} ORDER BY position"
                )
        store.end_judgement(dataclasses.replace(begun), len(verdicts))
