"""Judging as a stream: memory does not grow, facts are stored once, and the same inputs give the same bytes for ever."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.made import noon, posts, visit
from tracker import case, settings
from tracker.judge import judge, judge_streamed
from tracker.model import (
    Account,
    Aspect,
    Conclusion,
    Decision,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Outcome,
    Period,
    Route,
    Seen,
    Window,
)
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

PLATFORM = next(iter(BY_PLATFORM))
DAY = date(2026, 11, 6)
LIKED = Likes(items=(Like(post_id="1", owner="示例市 统计局", owner_kind="企业", text="限时特价,点击购买"),), whole=True)


def account(number: int, **told: object) -> Account:
    fixed: dict[str, object] = {
        "account_id": f"one-{number:05}",
        "platform": PLATFORM,
        "kind": "新浪微博",
        "name": f"示例发布{number}",
        "ids": {"uid": str(number)},
        "position": number,
    }
    return Account(**(fixed | told))  # type: ignore[arg-type]


@contextmanager
def office(root: Path, accounts: int) -> Iterator[Workspace]:
    create(root, settings.template())
    with opened(root) as ws:
        ws.store.add_accounts([account(number) for number in range(accounts)], "测试", noon(DAY))
        yield ws


def sweep(ws: Workspace, on: date = DAY, liked: Likes | None = LIKED, **told: object) -> SweepRecord:
    """A sweep over the registry in which everybody posted four days before, but every fiftieth a month before."""
    fixed: dict[str, object] = {
        "name": str(on),
        "kind": "check",
        "period": None,
        "check_date": on,
        "window": Window(since=on - timedelta(days=30), until=on),
        "started_at": noon(on),
        "accounts": ws.store.accounts(),
    }
    made = SweepRecord(**(fixed | told))  # type: ignore[arg-type]
    ws.store.start_sweep(made)
    with ws.store.transaction():
        for number, one in enumerate(made.accounts):
            last = on - timedelta(days=4 if number % 50 else 35)
            listed = posts([last], as_of=on, complete_since=on - timedelta(days=60))
            likes = {"likes": Seen(value=liked)} if liked else {}
            look(ws, made, one, posts=Seen(value=listed), **likes)
    return made


def look(ws: Workspace, made: SweepRecord, one: Account, number: int = 1, **aspects: Seen) -> None:
    told = {Aspect.EXISTENCE: Seen(value=Identity(ids=one.ids, name=one.name)), **{Aspect(k): v for k, v in aspects.items()}}
    file = f"{made.name}/{one.account_id}-{number}.warc.gz"
    base = visit(told, at=made.started_at.date(), sweep=made.name)
    ws.store.add_visit(replace(base, account_id=one.account_id, platform=one.platform, file=file))


def dump(ws: Workspace, made: SweepRecord) -> list[tuple[str, ...]]:
    """The verdicts of a new judgement, byte for byte as they are stored."""
    head = judge_streamed(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY))
    row = ws.store._rows.verdict
    columns = (row.position, row.account_id, row.conclusion, row.word, row.data)
    return list(row.select(*columns).where(row.judgement == head.number).order_by(row.position).tuples())


def stored(ws: Workspace) -> int:
    return int(ws.store._rows.facts.select().count())


def most(ws: Workspace, name: str) -> int:
    """Bytes at most while a sweep is judged."""
    head, profile = ws.head(name), ws.profile()
    gc.collect()
    tracemalloc.start()
    judge_streamed(ws, head, profile, BY_PLATFORM, at=noon(DAY), tell=lambda done: gc.collect())
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_memory_does_not_grow_while_facts_are_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "CHUNK", 50)
    monkeypatch.setattr("tracker.judge.CHUNK", 50)
    peaks = []
    for accounts in (50, 100, 400):  # the first warms up: words and sentences that are read once and kept are no growth
        with office(tmp_path / f"工作区{accounts}", accounts) as ws:
            peaks.append(most(ws, sweep(ws, liked=None).name))
    assert peaks[2] < peaks[1] * 1.2


def test_memory_does_not_grow_while_stored_facts_are_judged(tmp_path: Path) -> None:
    peaks = []
    for accounts in (500, 2000):
        with office(tmp_path / f"工作区{accounts}", accounts) as ws:
            name = sweep(ws, liked=None).name
            judge_streamed(ws, ws.head(name), ws.profile(), BY_PLATFORM, at=noon(DAY))
            peaks.append(most(ws, name))
    assert peaks[1] < peaks[0] * 1.2


def test_facts_are_built_once_and_again_only_for_whom_something_new_was_seen(tmp_path: Path) -> None:
    with office(tmp_path / "ws", 30) as ws:
        made = sweep(ws)
        before = dump(ws, made)
        assert (len(before), stored(ws)) == (30, 30)
        assert dump(ws, made) == before
        assert stored(ws) == 30
        look(ws, made, made.accounts[7], 2, footers=Seen(value=Found(hits=(Hit(kind="广告", quote="示例牌电热水壶"),))))
        after = dump(ws, made)
        assert stored(ws) == 31
        assert [one[0] for one, other in zip(before, after, strict=True) if one != other] == [7]


def test_stored_facts_judge_as_built_ones_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with office(tmp_path / "ws", 60) as ws:
        made = sweep(ws)
        first = dump(ws, made)
        assert {one[2] for one in first} == {Conclusion.FAILED, Conclusion.TO_REVIEW}
        assert dump(ws, made) == first
        monkeypatch.setattr(case, "_maker", lambda: "another version of the program")
        assert dump(ws, made) == first
        assert stored(ws) == 120


def later_sweep(ws: Workspace) -> None:
    sweep(ws, DAY + timedelta(days=7))


def changed_registry(ws: Workspace) -> None:
    for one in ws.store.accounts():
        ws.store.change_account(replace(one, name="改了名" + one.name, status="已注销"), "测试", noon(DAY), "改名")
    ws.store.add_accounts([account(900, organisation="示例市统计局")], "测试", noon(DAY))


def later_check_of_the_period_before(ws: Workspace) -> None:
    made = sweep(ws, DAY + timedelta(days=3), name="迟到的检查", period="2026Q3")
    judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY))


@pytest.mark.parametrize("happens", [later_sweep, changed_registry, later_check_of_the_period_before])
def test_nothing_that_comes_later_changes_a_frozen_sweep(tmp_path: Path, happens: Callable[[Workspace], None]) -> None:
    with office(tmp_path / "ws", 60) as ws:
        ws.store.put_period(Period(name="2026Q3", title="三季度", start=date(2026, 7, 1), end=date(2026, 9, 30)))
        ws.store.put_period(Period(name="2026Q4", title="四季度", start=date(2026, 10, 1), end=DAY))
        made = sweep(ws, period="2026Q4")
        before = dump(ws, made)
        happens(ws)
        assert dump(ws, made) == before
        assert ws.store._rows.facts.select().where(ws.store._rows.facts.sweep == made.name).count() == 60


def test_decisions_change_verdicts_and_no_facts(tmp_path: Path) -> None:
    with office(tmp_path / "ws", 3) as ws:
        made = sweep(ws)
        look(ws, made, made.accounts[1], 2, footers=Seen(value=Found(hits=(Hit(kind="商品卡片", quote="示例牌电热水壶"),))))
        before = dump(ws, made)
        told = Decision(account_id=made.accounts[1].account_id, code="CNT-03", confirmed=True, who="甲", why="看过", at=noon(DAY))
        ws.store.add_decision(made.name, told)
        assert dump(ws, made) != before
        assert stored(ws) == 3


def facts_of(ws: Workspace, made: SweepRecord) -> list[case.Brief]:
    return list(case.Case(ws, made, BY_PLATFORM, keep=False).briefs())


def test_facts_are_told_the_window_of_the_period_the_kin_and_the_codes_before(tmp_path: Path) -> None:
    with office(tmp_path / "ws", 0) as ws:
        ws.store.add_accounts([account(0), account(1, organisation="示例市统计局")], "测试", noon(DAY))
        third = Period(name="2026Q3", title="三季度", start=date(2026, 7, 1), end=date(2026, 9, 30))
        fourth = Period(name="2026Q4", title="四季度", start=date(2026, 10, 12), end=date(2026, 12, 31))
        for period in (third, fourth):
            ws.store.put_period(period)
        judge(ws, sweep(ws, third.end, name="三季度检查", period="2026Q3"), ws.profile(), BY_PLATFORM, at=noon(third.end))
        made = sweep(ws, period="2026Q4", name="四季度检查")
        silent, other = (one.facts for one in facts_of(ws, made))
        assert silent.window == Window(since=fourth.start, until=DAY)
        assert silent.kin == {"示例市统计局"}
        assert (silent.before, other.before) == (("UPD-01",), ())
        (alone, _) = facts_of(ws, sweep(ws, name="没有检查期", period=None))
        assert alone.facts.window == Window(since=DAY - timedelta(days=89), until=DAY), "a quarter before the check"


def test_an_unfiled_account_behind_a_link_is_told_to_its_namesake(tmp_path: Path) -> None:
    with office(tmp_path / "ws", 2) as ws:
        made = sweep(ws)
        base = visit(
            {Aspect.EXISTENCE: Seen(value=Identity(ids={"uid": "77"}, name="示例发布1"))}, sweep=made.name, route=Route.LINK
        )
        first = [one.facts.lookalikes.found.hits for one in facts_of(ws, made)]
        ws.store.add_visit(replace(base, account_id="", platform=PLATFORM, file=f"{made.name}/link-1.warc.gz"))
        hits = [one.facts.lookalikes.found.hits for one in facts_of(ws, made)]
        assert first == [(), ()]
        assert [hit.quote for hit in hits[1]] == ["示例发布1"]


def test_a_post_of_long_ago_disproves_that_there_never_was_one(tmp_path: Path) -> None:
    with office(tmp_path / "ws", 2) as ws:
        sweep(ws, DAY - timedelta(days=800))
        made = sweep(ws, accounts=())
        ws.store.extend_sweep(made.name, ws.store.accounts())
        for filed in ws.store.accounts():
            look(ws, made, filed, posts=Seen(value=posts([], as_of=DAY), outcome=Outcome.EMPTY))
        assert [brief.facts.never_posted.found for brief in facts_of(ws, made)] == [Found(whole=True)] * 2


def test_a_run_that_is_broken_off_leaves_the_last_judgement_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office(tmp_path / "ws", 40) as ws:
        made = sweep(ws)
        whole = judge(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY))
        monkeypatch.setattr("tracker.judge.CHUNK", 15)

        def stop(done: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            judge_streamed(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY), tell=stop)
        assert ws.store.last_judgement(made.name) == whole
        told: list[int] = []
        judge_streamed(ws, made, ws.profile(), BY_PLATFORM, at=noon(DAY), tell=told.append)
        assert told == [15, 15, 10]
