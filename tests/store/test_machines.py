"""What machines must know of each other, on both databases."""

from datetime import UTC, date, datetime
from math import isinf

import pytest

from tracker.errors import UsageError
from tracker.model import Account, Window
from tracker.store import LaneStanding, Machine, QueuedLane, Store, SweepRecord, SweepStanding

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
ACCOUNT = Account(account_id="acc-1", platform="weibo", kind="新浪微博", name="示例")
LANE = QueuedLane(sweep="s", platform="weibo", credential="办公室", auth="session")


@pytest.fixture
def shared(store: Store) -> Store:
    window = Window(since=date(2026, 11, 1), until=date(2026, 11, 20))
    store.add_accounts([ACCOUNT], "test", AT)
    told = SweepRecord(
        name="s", kind="check", period=None, check_date=None, window=window, started_at=AT, ended_at=None, accounts=(ACCOUNT,)
    )
    store.start_sweep(told)
    store.queue_sweep("s", [LANE, QueuedLane(sweep="s", platform="weixin")])
    return store


def test_a_machine_tells_again_what_it_has(store: Store) -> None:
    store.tell_machine(Machine(name="甲机", sessions=(("weibo", "session", "旧"),), grants=("acc-1",)))
    store.tell_machine(Machine(name="甲机", sessions=(("weibo", "session", "新"),), unfit={"acc-1": "已过期"}))
    (found,) = store.machines()
    assert (found.name, found.sessions, found.grants) == ("甲机", (("weibo", "session", "新"),), ())
    assert found.unfit == {"acc-1": "已过期"}
    assert 0 <= found.age < 30


def test_what_is_queued_already_stays(shared: Store) -> None:
    first, second = shared.queued_lanes("s")
    assert shared.stand_lane(first.id, LaneStanding.DONE)
    shared.queue_sweep("s", [LANE])
    assert [one.standing for one in shared.queued_lanes()] == [LaneStanding.DONE, LaneStanding.QUEUED]
    assert shared.queued_lane(second.id) == second
    assert shared.queued_lane(99) is None
    assert shared.queued_sweep("s") is not None
    assert shared.queued_sweep("t") is None


def test_a_sweep_that_is_not_there_cannot_be_shared(store: Store) -> None:
    with pytest.raises(UsageError, match="没有名为"):
        store.queue_sweep("s", [])
    assert store.queued_sweeps() == ()


def test_a_lane_that_a_person_cancelled_is_not_called_done(shared: Store) -> None:
    number = shared.queued_lanes()[0].id
    shared.stand_lane(number, LaneStanding.CANCELLED)
    assert not shared.stand_lane(number, LaneStanding.DONE, only=LaneStanding.QUEUED)
    found = shared.queued_lane(number)
    assert found is not None
    assert found.standing is LaneStanding.CANCELLED


def test_a_lane_waits_by_the_databases_clock(shared: Store) -> None:
    number = shared.queued_lanes()[0].id
    shared.stand_lane(number, LaneStanding.QUEUED, wait=600, rests=2, note="歇着")
    found = shared.queued_lane(number)
    assert found is not None
    assert 500 < found.wait <= 600
    assert (found.rests, found.note) == (2, "歇着")


def test_a_wall_lasts_until_a_person_frees_it_and_a_rest_until_it_is_over(store: Store) -> None:
    store.stop_lane("weibo", "办公室", "login_wall", "要登录", rest=None)
    store.stop_lane("weibo", "*", "rate_limited", "太快", rest=3600)
    store.stop_lane("douyin", "", "refused", "", rest=-1)
    rested, walled = store.lane_pasts("weibo")
    assert (rested.lane, rested.stopped) == ("*", "rate_limited")
    assert 3500 < rested.rest <= 3600
    assert isinf(walled.rest)
    assert [one.stopped for one in store.lane_pasts("douyin")] == [""]
    assert store.free_lanes("weibo", "别的") == 1
    assert store.free_lanes("weibo") == 1
    assert [one.stopped for one in store.lane_pasts("weibo")] == ["", ""]


def test_a_shared_sweep_ends_with_its_judgement(shared: Store) -> None:
    shared.stand_sweep("s", SweepStanding.DONE, 7)
    found = shared.queued_sweep("s")
    assert found is not None
    assert (found.standing, found.judgement) == (SweepStanding.DONE, 7)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_only_one_is_alone_at_a_time(store: Store, url: str) -> None:
    with Store.open(url) as other:
        with store.alone("x", "有人在写"), pytest.raises(UsageError, match="有人在写"), other.alone("x", "有人在写", 0.2):
            pytest.fail("two were alone")
        with other.alone("x", "有人在写", 0.2), other.alone("y", "有人在写", 0.2):
            pass
