"""What a person decides of a shared sweep: sharing it, taking it back, waiting no longer; and that it is judged once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.cluster import town
from tests.e2e.running import tracker
from tracker.capture import Desk
from tracker.clock import now
from tracker.cluster import finish, opening
from tracker.cluster.drain import Ends, drain
from tracker.cluster.lines import lane_of
from tracker.cluster.means import Means
from tracker.errors import UsageError
from tracker.model import Outcome
from tracker.store import LaneStanding, Machine, SweepStanding
from tracker.workspace import Workspace, opened

pytestmark = pytest.mark.postgres


@pytest.fixture
def ws(database: str, tmp_path: Path) -> Iterator[Workspace]:
    shared = tmp_path / "证据"
    shared.mkdir()
    world = town.world(3, 2, now())
    made = town.machine(tmp_path, "甲机", database, world, shared, [one for one in world.accounts if one.grant])
    with opened(made.root) as found:
        yield found


def means(ws: Workspace) -> Means:
    return Means(ws=ws, name="甲机", adapters=BY_PLATFORM, clock=now, desks=lambda secrets: Desk(secrets), progress=None)  # type: ignore[arg-type]


def share(ws: Workspace) -> dict[str, LaneStanding]:
    lines = opening.share(ws, ws.store.sweep(town.SWEEP) or town.begin(ws), BY_PLATFORM, clock=now)
    return {lane_of(one).name: one.standing for one in lines}


def stand(ws: Workspace, standing: LaneStanding, note: str = "") -> None:
    for one in ws.store.queued_lanes():
        ws.store.stand_lane(one.id, standing, note=note)


def test_a_sweep_is_shared_by_what_the_machines_have(ws: Workspace) -> None:
    with pytest.raises(UsageError, match="先在至少一台机器上运行 tracker worker"):
        share(ws)
    assert ws.store.sweep(town.SWEEP) is None, "nothing was begun"
    ws.store.tell_machine(means(ws).offer())
    grants = {one.account_id for one in ws.store.accounts() if one.name.endswith(("4", "5"))}
    assert share(ws).keys() == {"guest", *grants}


def test_sharing_again_queues_what_was_late_or_cancelled_but_no_lane_that_met_a_wall(ws: Workspace) -> None:
    ws.store.tell_machine(means(ws).offer())
    names = list(share(ws))
    for one, standing in zip(
        ws.store.queued_lanes(), (LaneStanding.LATE, LaneStanding.CANCELLED, LaneStanding.STOPPED), strict=True
    ):
        ws.store.stand_lane(one.id, standing)
    assert list(share(ws).values()) == [LaneStanding.QUEUED, LaneStanding.QUEUED, LaneStanding.STOPPED]
    assert opening.resume(ws, f"weixin:{names[2]}") == 1
    with pytest.raises(UsageError, match="没有停下的通道"):
        opening.resume(ws, "weixin")


def test_a_shared_sweep_is_not_gone_on_with_by_one_machine_until_it_is_taken_back(ws: Workspace) -> None:
    ws.store.tell_machine(means(ws).offer())
    share(ws)
    said = tracker("sweep", "--resume", "--plan", workspace=ws.root)
    assert said.code == 2
    assert "tracker worker cancel" in said.err
    assert len(opening.cancel(ws, town.SWEEP)) == 3
    assert tracker("sweep", "--resume", "--plan", workspace=ws.root).code == 0


def test_whoever_waits_no_longer_has_the_reason_recorded(ws: Workspace) -> None:
    ws.store.tell_machine(means(ws).offer())
    share(ws)
    with pytest.raises(UsageError, match="还有通道在做或在排队"):
        opening.close(ws, town.SWEEP, BY_PLATFORM, clock=now)
    ws.store.stop_lane("weixin", "", str(Outcome.CHALLENGE), "出现验证码", rest=None)
    stand(ws, LaneStanding.STOPPED, "出现验证码")
    assert opening.close(ws, town.SWEEP, BY_PLATFORM, clock=now) == 5
    visits = ws.store.visits(town.SWEEP)
    assert {one.observation.detail for one in visits} == {"通道已停:出现验证码"}
    assert [one.observation.outcome for one in visits].count(Outcome.CHALLENGE) == 3
    assert ws.evidence.verify(town.SWEEP) == ()
    assert [one.sweep for one in finish.ready(ws.store)] == [town.SWEEP]


def judgements(ws: Workspace) -> int:
    return int(ws.store._rows.judgement_end.select().count())


def test_a_sweep_is_judged_once_whoever_dies_when(ws: Workspace) -> None:
    ws.store.tell_machine(means(ws).offer())
    share(ws)
    stand(ws, LaneStanding.DONE)
    asyncio.run(finish.finish(means(ws), town.SWEEP))
    asyncio.run(finish.finish(means(ws), town.SWEEP))
    assert judgements(ws) == 1
    # a machine that died between the judgement and the note of it
    ws.store.stand_sweep(town.SWEEP, SweepStanding.OPEN)
    asyncio.run(finish.finish(means(ws), town.SWEEP))
    assert judgements(ws) == 1
    found = ws.store.queued_sweep(town.SWEEP)
    assert found is not None
    assert found.standing is SweepStanding.DONE


def test_a_machine_without_the_common_folder_takes_no_lane(ws: Workspace, tmp_path: Path) -> None:
    ws.store.tell_machine(means(ws).offer())
    share(ws)
    stand(ws, LaneStanding.STOPPED)
    opening.close(ws, town.SWEEP, BY_PLATFORM, clock=now)
    stand(ws, LaneStanding.QUEUED)
    (ws.root / "snapshots").unlink()
    (ws.root / "snapshots").mkdir()

    async def go() -> None:
        await drain(means(ws), ws.store.queued_lanes()[0].id, Ends(enough=asyncio.Event(), stop=asyncio.Event()))

    with pytest.raises(Exception, match="同一个共享文件夹"):
        asyncio.run(go())
    assert "同一个共享文件夹" in ws.store.queued_lanes()[0].note


def test_the_weekly_sweep_is_opened_once_a_day(ws: Workspace) -> None:
    ws.store.tell_machine(Machine(name="甲机"))
    name = opening.weekly(ws, BY_PLATFORM, clock=now)
    assert opening.weekly(ws, BY_PLATFORM, clock=now) == name
    assert [one.name for one in ws.store.sweeps()] == [name]
    assert ws.head(name).kind == "weekly"
    later = opening.weekly(ws, BY_PLATFORM, clock=lambda: now() + timedelta(days=7))
    assert len({name, later}) == len(ws.store.sweeps()) == 2
