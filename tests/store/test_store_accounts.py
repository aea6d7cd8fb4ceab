"""The registry and its history."""

import dataclasses
import time
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.store.invented import ACCOUNTS, AT, account
from tracker.clock import SHANGHAI
from tracker.errors import UsageError
from tracker.model import Account
from tracker.store import Change, Store


def test_accounts_come_in_registry_order_and_by_platform(store: Store) -> None:
    first, second, third = account(1, position=3), account(2, position=1, platform="beta"), account(3, position=2)
    store.add_accounts([first, second, third], "王某", AT)
    assert store.accounts() == (second, third, first)
    assert store.accounts("alpha") == (third, first)
    assert store.account("account002") == second
    assert store.account("nobody") is None


def test_names_are_found_as_the_field_compares_them(store: Store) -> None:
    here, there = account(1, name="某某｜发布 A"), account(2, name="某某|发布a", platform="beta")
    store.add_accounts([here, there], "王某", AT)
    assert store.find("alpha", "某某丨发布 ａ") == (here,)
    assert store.find(None, "某某|发布A") == (here, there)
    assert store.find("alpha", "别的") == ()


def test_a_known_id_is_refused_and_nothing_of_the_batch_stays(store: Store) -> None:
    store.add_accounts([account(1)], "王某", AT)
    with pytest.raises(UsageError, match=r"账号“示例发布 1”.*已在台账中"):
        store.add_accounts([account(2), account(1)], "王某", AT)
    assert store.accounts() == (account(1),)


def test_each_changed_field_leaves_a_row(store: Store) -> None:
    store.add_accounts([account(1)], "王某", AT)
    renamed = account(1, name="示例市发布", status="拟关停注销", status_date=date(2026, 11, 1), ids={"uid": "7"})
    later = AT + timedelta(days=1)
    store.change_account(renamed, "李某", later, "来函改名")
    assert store.account("account001") == renamed
    assert store.find("alpha", "示例市发布") == (renamed,)
    told = [(change.field, change.old, change.new) for change in store.history("account001")]
    assert told == [
        ("account_id", "", "account001"),
        ("name", "示例发布 1", "示例市发布"),
        ("status", "正常", "拟关停注销"),
        ("status_date", "", "2026-11-01"),
        ("ids", "", '{"uid": "7"}'),
    ]
    assert store.history("account001")[1] == Change(
        account_id="account001", field="name", old="示例发布 1", new="示例市发布", at=later, who="李某", why="来函改名"
    )
    assert store.history("account001")[1].at.tzinfo is SHANGHAI


def test_a_change_that_changes_nothing_leaves_no_row(store: Store) -> None:
    store.add_accounts([account(1)], "王某", AT)
    assert store.change_account(account(1), "李某", AT, "重复导入") == ()
    assert len(store.history("account001")) == 1


def test_an_unknown_account_cannot_change(store: Store) -> None:
    with pytest.raises(UsageError, match="没有编号为“account009”"):
        store.change_account(account(9), "李某", AT, "")


def test_ids_are_learned_once_and_never_overwritten(store: Store) -> None:
    store.add_accounts([account(1, ids={"uid": "7", "key": ""})], "王某", AT)
    assert store.learn_ids("account001", {"uid": "8", "key": "k", "token": "t", "none": ""}, AT) == {"key": "k", "token": "t"}
    assert store.account("account001") == account(1, ids={"uid": "7", "key": "k", "token": "t"})
    assert store.learn_ids("account001", {"uid": "9"}, AT) == {}
    assert [change.field for change in store.history("account001")] == ["account_id", "ids"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(record=ACCOUNTS)
def test_any_account_survives_the_database(store: Store, record: Account) -> None:
    record = dataclasses.replace(record, account_id=f"a{len(store.accounts())}", position=len(store.accounts()))
    store.add_accounts([record], "王\0某", AT)
    assert store.account(record.account_id) == record
    assert record in store.find(None, record.name)


def test_a_very_long_or_broken_name_is_kept_and_found(store: Store) -> None:
    name = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(10_000)) + "\ud83d"
    store.add_accounts([account(1, name=name)], "王某", AT)
    assert store.account("account001") == account(1, name=name[:-1] + "\ufffd")
    assert len(store.find("alpha", name)) == 1


def test_ten_thousand_accounts_are_entered_in_seconds_and_twins_in_one_batch_are_refused(store: Store) -> None:
    many = [account(n) for n in range(10_000)]
    with pytest.raises(UsageError, match="account007"):
        store.add_accounts([*many, account(7)], "王某", AT)
    store.add_accounts([], "王某", AT)
    begun = time.perf_counter()
    store.add_accounts(many, "王某", AT)
    assert time.perf_counter() - begun < 20
    assert store.accounts() == tuple(many)
