"""A lane that was planned for one visit makes it, however late it begins; after that the budget holds."""

import asyncio
import random
from itertools import count

from tests.capture.fake import QUICK, Naps
from tracker.adapter import Ask
from tracker.capture.lanes import Gate, OpenLane
from tracker.capture.ports import Budget, Fetcher, Lane
from tracker.model import Exchange, Visit

ONE = Budget(requests=2, seconds=9.0, each=1, allowance=9.0)


class Nobody(Fetcher):
    async def fetch(self, ask: Ask, visit: Visit) -> list[Exchange]:
        return []

    async def close(self) -> None:
        """Nothing."""


def test_the_only_visit_of_a_lane_fits_although_a_moment_has_passed() -> None:
    async def go() -> tuple[bool, bool]:
        ticks, stop = count(0.0, 0.001), asyncio.Event()
        tools = {"sleep": Naps(), "time": lambda: next(ticks), "rng": random.Random(1), "stop": stop, "budget": ONE}
        lane = OpenLane(Lane(platform="demo"), Nobody(), QUICK, Gate(), **tools)
        before = lane.spent()
        async with lane.visit(), lane.request(Ask(page="home", url="https://a.test/")):
            pass
        return before, lane.spent()

    assert asyncio.run(go()) == (False, True)
