"""A platform that changed: many fall silent at once, or an aspect is unseen for all. It is frozen until a person lifts it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.made import noon, posts, visit
from tracker import settings
from tracker.drift import export, freeze, frozen, thaw
from tracker.errors import UsageError
from tracker.judge import as_json, judge
from tracker.model import (
    Account,
    Aspect,
    Conclusion,
    Identity,
    Outcome,
    Reported,
    Route,
    Seen,
    Unseen,
    Verdict,
    Verification,
    Window,
)
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

DAY = date(2026, 11, 6)
WEEK = timedelta(days=28)
"""Between two sweeps here: what the first one showed has grown old by the second."""
ACCOUNTS = tuple(
    Account(
        account_id=f"{platform}{n}",
        platform=platform,
        kind="新浪微博",
        name=f"示例{platform}{n}",
        ids={"uid": f"{n}"},
        position=n,
    )
    for platform in ("one", "two")
    for n in range(1, 13)
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    create(tmp_path, settings.template(profile="national"))
    with opened(tmp_path) as found:
        found.store.add_accounts(list(ACCOUNTS), "测试", noon(DAY))
        yield found


def sweep(ws: Workspace, on: date, told: Callable[[Account], dict[Aspect, Seen | Unseen]]) -> SweepRecord:
    made = SweepRecord(
        name=str(on),
        kind="check",
        period=None,
        check_date=None,
        window=Window(since=on, until=on),
        started_at=noon(on),
        accounts=ACCOUNTS,
    )
    ws.store.start_sweep(made)
    for account in ACCOUNTS:
        put(ws, made, account, told(account), on)
    return made


def put(ws: Workspace, made: SweepRecord, account: Account, told: dict[Aspect, Seen | Unseen], on: date, n: int = 1) -> None:
    file = f"{made.name}/{account.account_id}-{n}.warc.gz"
    one = visit(told, at=on, sweep=made.name, outcome=Outcome.OK)
    ws.store.add_visit(replace(one, account_id=account.account_id, platform=account.platform, file=file))


def fresh(on: date, account: Account) -> dict[Aspect, Seen | Unseen]:
    identity = Seen(value=Identity(ids=account.ids, name=account.name))
    listed = Seen(value=posts([on - timedelta(days=2)], as_of=on, complete_since=on - timedelta(days=60)))
    return {Aspect.EXISTENCE: identity, Aspect.POSTS: listed, Aspect.VERIFICATION: Seen(value=Verification(verified=True))}


def silent(on: date, account: Account) -> dict[Aspect, Seen | Unseen]:
    old = Seen(value=posts([on - timedelta(days=30)], as_of=on, complete_since=on - timedelta(days=60)))
    return {**fresh(on, account), Aspect.POSTS: old}


def with_silent(count: int, on: date = DAY) -> Callable[[Account], dict[Aspect, Seen | Unseen]]:
    """Of platform one the first `count` accounts are silent."""
    return lambda one: silent(on, one) if one.platform == "one" and one.position <= count else fresh(on, one)


def both(ws: Workspace, count: int) -> SweepRecord:
    """Everybody fresh four weeks ago, so many silent today."""
    sweep(ws, DAY - WEEK, lambda one: fresh(DAY - WEEK, one))
    return sweep(ws, DAY, with_silent(count))


def verdicts(ws: Workspace, made: SweepRecord) -> dict[str, Verdict]:
    return {one.account.account_id: one for one in judge(ws, made, ws.profile(), {}, at=noon(DAY)).verdicts}


@pytest.mark.parametrize(("count", "drifted"), [(0, False), (2, False), (3, True), (12, True)])
def test_more_than_a_fifth_newly_silent_is_drift(ws: Workspace, count: int, drifted: bool) -> None:
    found = freeze(ws, both(ws, count), at=noon(DAY))
    assert [one.platform for one in found] == (["one"] if drifted else [])
    if drifted:
        assert found[0].numbers == {"compared": 12, "silent": count}
        assert found[0].samples == tuple(sorted(f"{DAY}/one{n}-1.warc.gz" for n in range(1, count + 1)))
        assert f"12个账号里有{count}个" in found[0].why


def test_too_few_accounts_say_nothing(ws: Workspace) -> None:
    sweep(ws, DAY - WEEK, lambda one: fresh(DAY - WEEK, one) if one.position < 10 else silent(DAY - WEEK, one))
    assert freeze(ws, sweep(ws, DAY, with_silent(12)), at=noon(DAY)) == ()


def test_the_first_sweep_is_compared_with_nothing(ws: Workspace) -> None:
    assert freeze(ws, sweep(ws, DAY, with_silent(12)), at=noon(DAY)) == ()


def test_an_aspect_that_nobody_shows_any_more_is_drift(ws: Workspace) -> None:
    sweep(ws, DAY - WEEK, lambda one: fresh(DAY - WEEK, one))
    hidden = {Aspect.VERIFICATION: Unseen(outcome=Outcome.DRIFT)}
    made = sweep(ws, DAY, lambda one: fresh(DAY, one) | (hidden if one.platform == "two" else {}))
    (found,) = freeze(ws, made, at=noon(DAY))
    assert (found.platform, found.numbers) == ("two", {"compared": 12, "unseen": 12})
    assert "认证" in found.why


def test_a_missing_login_is_no_drift(ws: Workspace) -> None:
    sweep(ws, DAY - WEEK, lambda one: fresh(DAY - WEEK, one))
    hidden = {Aspect.VERIFICATION: Unseen(outcome=Outcome.LOGIN_WALL)}
    assert freeze(ws, sweep(ws, DAY, lambda one: fresh(DAY, one) | hidden), at=noon(DAY)) == ()


def test_a_frozen_platform_accuses_nobody_and_the_others_are_judged(ws: Workspace) -> None:
    made = both(ws, 6)
    before = verdicts(ws, made)
    freeze(ws, made, at=noon(DAY))
    told = verdicts(ws, made)
    assert before["one1"].conclusion is Conclusion.FAILED, "without the freeze it would stand on the list"
    assert told["one1"].conclusion is Conclusion.UNCHECKED
    assert any(one.reason.endswith("已暂停判定)") for one in told["one1"].undetermined if one.code == "UPD-01")
    assert [told[f"two{n}"] for n in range(1, 13)] == [before[f"two{n}"] for n in range(1, 13)]
    assert not [one for own, one in told.items() if own.startswith("one") and one.findings]


def test_what_people_saw_of_a_frozen_platform_counts(ws: Workspace) -> None:
    made = both(ws, 6)
    freeze(ws, made, at=noon(DAY))
    look = visit({}, at=DAY, sweep=made.name, outcome=Outcome.OK)
    said = replace(look.observation, reported=(Reported(code="UPD-01", broken=True, phrase="两周未更新"),))
    manual = {"route": Route.MANUAL, "platform": "one", "account_id": "one1", "file": f"{DAY}/one1-9.warc.gz"}
    ws.store.add_visit(replace(look, observation=said, check_date=DAY, **manual))
    assert verdicts(ws, made)["one1"].conclusion is Conclusion.FAILED


def test_a_person_lifts_it_and_judging_again_gives_what_it_was(ws: Workspace) -> None:
    made = both(ws, 6)
    before = [as_json(one) for one in verdicts(ws, made).values()]
    freeze(ws, made, at=noon(DAY))
    assert [one.platform for one in frozen(ws)] == ["one"]
    (lifted,) = thaw(ws, "one", why="逐个核对,确实停更", who="示例员", at=noon(DAY))
    assert (lifted.sweep, lifted.lifted) == (made.name, True)
    assert frozen(ws) == ()
    assert [as_json(one) for one in verdicts(ws, made).values()] == before
    assert freeze(ws, made, at=noon(DAY)) == (), "what a person lifted stays lifted"


@pytest.mark.parametrize(("platform", "why", "words"), [("one", " ", "须写明理由"), ("two", "看过", "现在暂停的平台:one")])
def test_lifting_needs_a_reason_and_a_freeze(ws: Workspace, platform: str, why: str, words: str) -> None:
    freeze(ws, both(ws, 6), at=noon(DAY))
    with pytest.raises(UsageError, match=words):
        thaw(ws, platform, why=why, who="示例员", at=noon(DAY))
    assert len(frozen(ws)) == 1


def test_a_frozen_sweep_is_no_measure_for_the_next(ws: Workspace) -> None:
    """What drifted last week would make this week's drift look like last week's."""
    freeze(ws, both(ws, 12), at=noon(DAY))
    found = freeze(ws, sweep(ws, DAY + WEEK, with_silent(12, DAY + WEEK)), at=noon(DAY + WEEK))
    assert [one.platform for one in found] == ["one"]


def test_claims_of_a_frozen_sweep_prove_nothing_later(ws: Workspace) -> None:
    made = both(ws, 6)
    freeze(ws, made, at=noon(DAY))
    later = sweep(ws, DAY + WEEK, lambda one: fresh(DAY + WEEK, one))
    assert {one.conclusion for one in verdicts(ws, later).values()} == {Conclusion.PASSED}


def test_the_drifted_visits_can_be_handed_to_a_developer(ws: Workspace, tmp_path: Path) -> None:
    freeze(ws, both(ws, 6), at=noon(DAY))
    (held,) = frozen(ws)
    for file in held.samples:
        path = ws.evidence.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.encode())
    assert export(ws, [held], tmp_path / "样本") == 6
    assert sorted(path.read_bytes().decode() for path in (tmp_path / "样本").rglob("*.gz")) == sorted(held.samples)


def test_the_database_refuses_to_change_what_was_frozen(ws: Workspace) -> None:
    freeze(ws, both(ws, 6), at=noon(DAY))
    row = ws.store._rows.freeze
    with pytest.raises(UsageError), ws.store.transaction():
        row.update(why="").execute()
