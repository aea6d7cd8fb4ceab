"""Control accounts with real adapters, HTTP and Chromium: a busy one proves its lanes, one that fell silent shuts them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.living import Watch, begin, desk, settle, verdicts, world_of
from tests.platforms.serve import serve
from tests.platforms.world import World, WorldAccount
from tests.samples.__main__ import access, fast
from tracker.capture import Care, find_browser
from tracker.errors import UsageError
from tracker.model.lane_state import LaneState
from tracker.proof import controls
from tracker.sweep import plan, run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
KEYS = ("weibo:示例水利", "weibo:示例教育", "toutiao:丙河发布", "douyin:示例公安")


@pytest.fixture(autouse=True)
def chromium() -> None:
    try:
        find_browser()
    except UsageError as error:
        pytest.skip(str(error))


def posting(one: WorldAccount, days: int, world: World) -> WorldAccount:
    """A control account whose newest post is so many days old; filed accounts stay as they are."""
    if one.filed:
        return one
    later = timedelta(days=(world.today - max(post.at for post in one.posts).date()).days - days)
    return replace(one, posts=tuple(replace(post, at=post.at + later) for post in one.posts))


def swept(root: Path, days: int) -> tuple[list[LaneState], dict[str, object]]:
    plain = world_of(KEYS)
    world = World(accounts=tuple(posting(one, days, plain) for one in plain.accounts), today=plain.today)
    told = {one.platform: one.ids.get("uid", one.ids.get("user_id", "")) for one in world.accounts if not one.filed}
    told |= {one.platform: one.ids["sec_uid"] for one in world.accounts if not one.filed and "sec_uid" in one.ids}
    with serve(world) as served, settle(root, world) as ws:
        sweep = begin(ws, world, "s")
        allowed, secrets = access(ws)
        jobs = plan(ws, sweep, BY_PLATFORM, allowed, today=world.today)

        async def live() -> None:
            stop = asyncio.Event()
            care = Care(controls=controls(BY_PLATFORM, told, world.today))
            async with desk(served, lambda lane: secrets.get(lane.credential)) as fetchers:
                tools = {"progress": Watch(stop=stop), "clock": lambda: world.clock, "stop": stop, "pace": fast, "care": care}
                await run(ws, sweep, jobs, BY_PLATFORM, fetchers=fetchers, **tools)

        asyncio.run(live())
        return [mark.state for mark in ws.store.marks("s")], {str(one["name"]): one["verdict"] for one in verdicts(ws, sweep)}


def test_a_busy_control_account_proves_its_lanes(tmp_path: Path) -> None:
    states, told = swept(tmp_path / "ws", 1)
    assert states == [LaneState.GOOD] * 6
    assert told == {"示例水利": "不合格", "示例教育": "合格", "丙河发布": "不合格", "示例公安": "合格"}


def test_a_control_account_that_fell_silent_shuts_them(tmp_path: Path) -> None:
    states, told = swept(tmp_path / "ws", 5)
    assert states == [LaneState.BAD] * 3
    assert set(told.values()) == {"未能核查"}
