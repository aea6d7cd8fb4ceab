"""Lists: pages without gap or repeat in every order and both ways, scope and filters in SQL, every order by an index, the step of
the schema that fills what lists need, counts that follow what changes."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.store.invented import AT, account, sweep
from tracker.errors import UsageError
from tracker.model import Account, Bounds, Conclusion, Effect, Finding, Status, Verdict
from tracker.people import Scope
from tracker.store import AccountAsk, JudgementHead, Slice, Store, Turn, VerdictAsk
from tracker.store import database as module
from tracker.store.listing import ACCOUNT_ORDERS, VERDICT_ORDERS
from tracker.text import key

HEAD = JudgementHead(sweep="2026-11-02", profile="national", profile_digest="d", at=AT)
REGIONS, PLATFORMS, STATUSES = ("", "甲山县", "乙水县"), ("alpha", "beta"), ("正常", "已注销")
EVERYONE = 230


def filed(number: int, lot: Random) -> Account:
    return account(
        number,
        platform=lot.choice(PLATFORMS),
        region=lot.choice(REGIONS),
        status=lot.choice(STATUSES),
        org_type="市级部门",
        organisation=f"示例 {number % 40} 局",
        name=f"{lot.choice('甲乙丙丁')}发布",
        filed_id=f"Gh_{number}",
        position=lot.randint(1, 90),
    )


def judged_one(one: Account, lot: Random) -> Verdict:
    days = lot.choice((None, 0, 3, 15, 40))
    found = Finding(code="UPD-01", message="逾期", basis="", effect=Effect.VETO, status=lot.choice(tuple(Status)))
    return Verdict(
        account=one,
        conclusion=lot.choice(tuple(Conclusion)),
        word="字",
        check_date=date(2026, 11, 2),
        latest_post=None if days is None else date(2026, 11, 2).replace(month=10, day=1 + days % 28),
        idle_days=None if days is None else Bounds(least=days),
        findings=(found,) if lot.random() < 0.3 else (),
    )


@pytest.fixture
def everyone(store: Store) -> list[Account]:
    lot = Random(7)
    found = [filed(number, lot) for number in range(1, EVERYONE + 1)]
    store.add_accounts(found, "甲", AT)
    return found


@pytest.fixture
def verdicts(store: Store, everyone: list[Account]) -> list[Verdict]:
    lot = Random(8)
    store.start_sweep(sweep(accounts=tuple(everyone)))
    return [judged_one(one, lot) for one in everyone]


@pytest.fixture
def head(store: Store, verdicts: list[Verdict]) -> JudgementHead:
    begun = store.begin_judgement(HEAD)
    store.add_verdicts(begun, verdicts, 0)
    return store.end_judgement(begun, len(verdicts))


def walked(ask: Callable[[Turn], Slice[Any]], turn: Turn) -> list[Any]:
    """All rows of all pages, forwards; then back again, which must give the same pages."""
    pages, found = list[tuple[Any, ...]](), ask(turn)
    assert not found.before
    pages.append(found.rows)
    while found.after:
        found = ask(replace(turn, after=found.after))
        pages.append(found.rows)
    back = [found.rows]
    while found.before:
        found = ask(replace(turn, before=found.before))
        back.append(found.rows)
    assert back[::-1] == pages
    return [row for page in pages for row in page]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("order", sorted(ACCOUNT_ORDERS))
def test_account_pages_follow_each_other_both_ways(store: Store, everyone: list[Account], order: str, down: bool) -> None:
    value: dict[str, Callable[[Account], object]] = {
        "position": lambda one: one.position,
        "name": lambda one: key(one.name),
        "organisation": lambda one: key(one.organisation),
        "region": lambda one: one.region,
    }
    found = walked(lambda turn: store.list_accounts(AccountAsk(), turn), Turn(order=order, down=down, size=23))
    assert found == sorted(everyone, key=lambda one: (value[order](one), one.account_id), reverse=down)  # type: ignore[type-var]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("order", sorted(VERDICT_ORDERS))
def test_verdict_pages_follow_each_other_both_ways(
    store: Store, head: JudgementHead, verdicts: list[Verdict], order: str, down: bool
) -> None:
    value: dict[str, Callable[[Verdict], object]] = {
        "position": lambda one: 0,
        "name": lambda one: key(one.account.name),
        "latest": lambda one: one.latest_post.isoformat() if one.latest_post else "",
        "idle": lambda one: one.idle_days.least if one.idle_days else -1,
    }
    found = walked(lambda turn: store.list_verdicts(head, VerdictAsk(), turn), Turn(order=order, down=down, size=31))
    wanted = sorted(enumerate(verdicts), key=lambda one: (value[order](one[1]), one[0]), reverse=down)  # type: ignore[type-var]
    assert found == [one for _, one in wanted]


SCOPES = (
    Scope(),
    Scope(region="甲山县"),
    Scope(organisations=frozenset({key("示例 3 局"), key("示例 4 局")})),
    Scope(region="\0"),
)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("ask", [AccountAsk(), AccountAsk(words="示例 1"), AccountAsk(words="gh_21", status="正常"),
                                 AccountAsk(platform="beta", region="甲山县"), AccountAsk(words="%_'\"\0")])  # fmt: skip
def test_accounts_are_filtered_within_the_scope(store: Store, everyone: list[Account], scope: Scope, ask: AccountAsk) -> None:
    wanted = [one for one in everyone if scope.holds(one) and like(one, ask)]
    found = walked(lambda turn: store.list_accounts(ask, turn, scope), Turn(size=17))
    assert {one.account_id for one in found} == {one.account_id for one in wanted}
    assert store.count_accounts(ask, scope) == len(wanted)


def like(one: Account, ask: AccountAsk) -> bool:
    if ask.platform not in ("", one.platform) or ask.region not in ("", one.region) or ask.status not in ("", one.status):
        return False
    wanted = key(ask.words)
    return not wanted or any(wanted in key(told) for told in (one.name, one.organisation, one.filed_id, one.account_id))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("waiting", [False, True])
def test_verdicts_are_filtered_within_the_scope(
    store: Store, head: JudgementHead, verdicts: list[Verdict], scope: Scope, waiting: bool
) -> None:
    for ask in (
        VerdictAsk(),
        VerdictAsk(conclusion="failed"),
        VerdictAsk(words="发布 ", platform="alpha"),
        VerdictAsk(region="乙水县"),
    ):
        wanted = [
            one
            for one in verdicts
            if scope.holds(one.account)
            and like(one.account, AccountAsk(words=ask.words, platform=ask.platform, region=ask.region))
            and ask.conclusion in ("", str(one.conclusion))
            and (not waiting or any(each.status is Status.CANDIDATE for each in one.findings))
        ]
        found = walked(lambda turn, ask=ask: store.list_verdicts(head, ask, turn, scope, waiting=waiting), Turn(size=19))
        assert found == wanted
        assert store.count_verdicts(head, ask, scope, waiting=waiting) == len(wanted)


def test_numbers_are_told_apart_and_follow_the_registry(store: Store, everyone: list[Account], head: JudgementHead) -> None:
    tally = store.account_tally(Scope(region="甲山县"))
    assert sum(one.accounts for one in tally) == sum(one.region == "甲山县" for one in everyone)
    assert {one.region for one in tally} == {"甲山县"}
    before = store.count_accounts(AccountAsk(region="甲山县"))
    store.change_account(replace(next(one for one in everyone if one.region == "甲山县"), region="乙水县"), "甲", AT, "更正")
    assert store.count_accounts(AccountAsk(region="甲山县")) == before - 1
    told = store.verdict_tally(head)
    assert sum(one.accounts for one in told) == EVERYONE
    assert sum(one.waiting for one in told) == sum(
        each.status is Status.CANDIDATE for one in store.verdicts(head) for each in one.findings
    )


@pytest.mark.parametrize(
    "told", ["", "x", "[]", "[1]", '["1","a"]', '[1,"a",2]', '[1e99,"a"]', "[" * 5000, '[99999999999999999999,"a"]']
)
def test_a_page_key_that_is_none_of_ours_is_refused(store: Store, everyone: list[Account], told: str) -> None:
    if not told:
        assert store.list_accounts(AccountAsk(), Turn(after=told)).rows
        return
    with pytest.raises(UsageError, match="第一页"):
        store.list_accounts(AccountAsk(), Turn(after=told))


def plans(store: Store, url: str, asks: Callable[[], object]) -> list[str]:
    """What the database says of how it answers the statements of a call."""
    said, real = list[tuple[str, Any]](), store._database.execute_sql

    def heard(sql: str, params: Any = None, *more: Any) -> Any:
        said.append((sql, params))
        return real(sql, params, *more)  # type: ignore[no-untyped-call]

    store._database.execute_sql = heard  # type: ignore[method-assign]
    try:
        asks()
    finally:
        store._database.execute_sql = real  # type: ignore[method-assign]
    lite = url.startswith("sqlite")
    how = "EXPLAIN QUERY PLAN " if lite else "EXPLAIN "
    with store.transaction():
        if not lite:
            # few rows are sorted faster than looked up; at the size that counts they are not
            real("SET LOCAL enable_sort = off")  # type: ignore[no-untyped-call]
            real("SET LOCAL enable_seqscan = off")  # type: ignore[no-untyped-call]
            real("SET LOCAL enable_bitmapscan = off")  # type: ignore[no-untyped-call]
        return [
            "\n".join(str(row[-1]) for row in real(how + sql, params).fetchall()) for sql, params in said if "ORDER BY" in sql
        ]  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("down", [False, True])
def test_every_order_is_that_of_an_index(
    store: Store, url: str, everyone: list[Account], head: JudgementHead, down: bool
) -> None:
    scopes = (Scope(), Scope(region="甲山县"), Scope(organisations=frozenset({"甲", "乙"})))
    for order in ACCOUNT_ORDERS:
        start = Turn(order=order, down=down, size=20)
        after = store.list_accounts(AccountAsk(), start).after
        for turn in (start, replace(start, after=after), replace(start, before=after)):
            for ask in (AccountAsk(), AccountAsk(platform="beta", status="正常")):
                for scope in scopes:
                    sorted_by_index(plans(store, url, lambda a=ask, t=turn, s=scope: store.list_accounts(a, t, s)))
    for order in VERDICT_ORDERS:
        start = Turn(order=order, down=down, size=20)
        after = store.list_verdicts(head, VerdictAsk(), start).after
        for turn in (start, replace(start, after=after), replace(start, before=after)):
            for ask in (VerdictAsk(), VerdictAsk(conclusion="failed", region="乙水县")):
                for waiting in (False, True) if order == "position" else (False,):
                    sorted_by_index(
                        plans(store, url, lambda a=ask, t=turn, w=waiting: store.list_verdicts(head, a, t, waiting=w))
                    )


def sorted_by_index(told: list[str]) -> None:
    assert told
    for plan in told:
        assert "INDEX" in plan.upper() or "PRIMARY KEY" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan


def test_the_step_of_the_schema_fills_what_lists_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """A database of the schema before, with accounts and verdicts in it, lists them as a new one does."""
    lot = Random(9)
    accounts = [replace(filed(number, lot), region="长" * 80 if number == 3 else "甲山县") for number in range(1, 8)]
    made = [judged_one(one, lot) for one in accounts]
    old = tmp_path / "old"
    shutil.copytree(module.MIGRATIONS, old)
    (old / "0009_lists.py").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(module, "MIGRATIONS", old)
        with Store.open(url) as store:
            fill_old(store, accounts, made)
    with Store.open(url) as store:
        head = JudgementHead(sweep=HEAD.sweep, profile="p", profile_digest="d", at=AT, number=1)
        assert list(store.list_verdicts(head, VerdictAsk(), Turn(order="position")).rows) == made
        for scope in (Scope(), Scope(region="长" * 80)):
            new = rows(store, made, scope)
            assert [one.account_id for one in store.list_accounts(AccountAsk(), Turn(order="name"), scope).rows] == new
        with pytest.raises(UsageError), store.transaction():
            store._database.execute_sql("DELETE FROM verdict_line")  # type: ignore[no-untyped-call]


def rows(store: Store, made: list[Verdict], scope: Scope) -> list[str]:
    """What a fresh registry of these accounts lists."""
    wanted = [one.account for one in made if scope.holds(one.account)]
    return [one.account_id for one in sorted(wanted, key=lambda one: (key(one.name), one.account_id))]


def fill_old(store: Store, accounts: list[Account], made: list[Verdict]) -> None:
    from tracker.store.codec import account_to_json, dumps, verdict_text

    def say(sql: str, *values: object) -> None:
        store._database.execute_sql(sql.replace("?", store._database.param), values)  # type: ignore[no-untyped-call]

    with store.transaction():
        for one in accounts:
            told = (one.account_id, one.platform, "k", one.position, dumps(account_to_json(one)))
            say("INSERT INTO account (account_id, platform, name_key, position, data) VALUES (?, ?, ?, ?, ?)", *told)
        say("INSERT INTO sweep (name, kind, since, until, started_at, source) VALUES (?, 'check', '', '', '', '')", HEAD.sweep)
        say("INSERT INTO judgement (sweep, profile, profile_digest, at) VALUES (?, 'p', 'd', ?)", HEAD.sweep, AT.isoformat())
        for place, one in enumerate(made):
            row = (1, place, one.account.account_id, str(one.conclusion), one.word, verdict_text(one))
            say("INSERT INTO verdict (judgement, position, account_id, conclusion, word, data) VALUES (?, ?, ?, ?, ?, ?)", *row)


def test_the_state_of_a_sweep_tells_whether_a_judgement_still_stands(store: Store, head: JudgementHead) -> None:
    assert store.judged_state(head) == store.sweep_state(HEAD.sweep)
    store.narrow_sweep(HEAD.sweep, [account(1).account_id])
    assert store.judged_state(head) != store.sweep_state(HEAD.sweep)
    told = store.sweep_state(HEAD.sweep)
    store.narrow_sweep(HEAD.sweep, [account(1).account_id])
    assert store.sweep_state(HEAD.sweep) == told


def test_sqlite_and_postgres_agree_that_names_sort_by_code_point(store: Store) -> None:
    names = ["b", "A", "中", "丁", "é", "z", "a"]
    store.add_accounts([account(number, name=name) for number, name in enumerate(names, 1)], "甲", AT)
    found = store.list_accounts(AccountAsk(), Turn(order="name")).rows
    assert [key(one.name) for one in found] == sorted(map(key, names))
