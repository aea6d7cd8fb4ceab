"""List pages at the size of a province: `python -m benchmarks.lists [--accounts 50000] [--judgements 20] [--seconds 20]`.

A seeded world is made in SQLite, and in PostgreSQL where TRACKER_TEST_POSTGRES names a server (a schema of its own, dropped
afterwards). The real server runs as a process of its own; this one asks each list page 20 times a second, whether the answer
before has come or not, with changing filters, orders, words and pages, once what is worked out behind the page is there. Exit 1
when the 95th percentile of a page is over 100 ms.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode
from uuid import uuid4

import aiohttp

from benchmarks.lists_world import WORDS, world

BUDGET = 0.100
"""Seconds, 95th percentile."""
RATE = 20
"""Requests a second."""
SEED = 2026
SERVER = "TRACKER_TEST_POSTGRES"
_NEXT = re.compile(r'href="([^"]+)" rel="next"')
_LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/login\?t=(\S+)")
_CHOICES = re.compile(r'<select id="(\w+)".*?</select>', re.DOTALL)
_VALUE = re.compile(r'<option value="([^"]+)"')


@dataclass(slots=True)
class Asker:
    """What a person may ask one page for: learned from the page itself, as a person would."""

    path: str
    orders: tuple[str, ...]
    draw: random.Random
    filters: dict[str, list[str]] = field(default_factory=dict)
    following: str = ""

    def learn(self, text: str) -> None:
        """Filters of the page, and the way to the next one."""
        for found in _CHOICES.finditer(text):
            self.filters[found[1]] = [unescape(each) for each in _VALUE.findall(found[0])]
        more = _NEXT.search(text)
        self.following = unescape(more[1]) if more else ""

    def address(self) -> str:
        """A page in the middle as often as not, else a new question."""
        if self.following and self.draw.random() < 0.5:
            return self.following
        told = {name: self.draw.choice(values) for name, values in self.filters.items() if values and self.draw.random() < 0.3}
        if self.filters and self.draw.random() < 0.3:
            told["q"] = self.draw.choice(WORDS).format(self.draw.randint(0, 9999))
        if self.orders and self.draw.random() < 0.5:
            told["order"] = self.draw.choice(self.orders)
            if self.draw.random() < 0.5:
                told["down"] = "1"
        return f"{self.path}?{urlencode(told)}" if told else self.path


PAGES: dict[str, tuple[str, ...]] = {
    "/accounts": ("name", "organisation", "region"),
    "/verdicts": ("name", "latest", "idle"),
    "/review": (),
    "/list": (),
    "/looks": (),
}
"""Page → what it can be sorted by."""


async def settled(session: aiohttp.ClientSession, path: str) -> None:
    """Wait until what is worked out behind a page is there: at most one twentieth of the time is spent on it (`Background`)."""
    for _ in range(600):
        async with session.get(path) as answer:
            if "正在更新" not in (text := await answer.text()) and "正在重新判定" not in text:
                return
        await asyncio.sleep(0.5)
    raise RuntimeError(f"{path} was not settled after five minutes")


async def asked(base: str, cookie: str, asker: Asker, seconds: float) -> tuple[float, list[float]]:
    """The first answer, which counts what is counted once, and then every answer's seconds from when it was due."""
    took: list[float] = []
    async with aiohttp.ClientSession(base, headers={"Cookie": cookie}) as session:

        async def one(due: float) -> None:
            async with session.get(asker.address()) as answer:
                text = await answer.text()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.url}: {answer.status} {text[:300]}")
            took.append(time.perf_counter() - due)
            asker.learn(text)

        await one(time.perf_counter())
        first = took.pop()
        await settled(session, asker.path)
        begin, running = time.perf_counter(), []
        for number in range(int(seconds * RATE)):
            due = begin + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            running.append(asyncio.create_task(one(due)))
        await asyncio.gather(*running)
    return first, took


@contextmanager
def served(root: Path) -> Iterator[tuple[str, str]]:
    """The real server on a free port: its address, and the cookie of somebody who came in by the link."""
    command = [sys.executable, "-u", "-m", "tracker", "--workspace", str(root), "serve", "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:  # noqa: S603 - our own
        try:
            yield signed_in(process)
        finally:
            process.terminate()


def signed_in(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Read the link, come in by it."""
    for line in process.stdout or ():
        found = _LINK.search(line)
        if found:
            base = f"http://127.0.0.1:{found[1]}"
            return base, asyncio.run(cookie_of(base, found[2]))
    raise RuntimeError("the server told no link")


async def cookie_of(base: str, word: str) -> str:
    """What the link gives; asked again until the server answers."""
    async with aiohttp.ClientSession(base) as session:
        for _ in range(200):
            try:
                async with session.get("/login", params={"t": word}, allow_redirects=False) as answer:
                    return "; ".join(f"{one.key}={one.value}" for one in answer.cookies.values())
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
    raise RuntimeError("the server does not answer")


@contextmanager
def schema(server: str) -> Iterator[str]:
    """Address of a schema of its own, dropped afterwards."""
    import psycopg

    name = f"bench_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options={quote(f'-c search_path={name}')}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def measure(database: str | None, told: argparse.Namespace) -> bool:
    """Make the world, ask every page; whether all kept the budget."""
    with TemporaryDirectory() as folder:
        root, began = Path(folder) / "bench", time.perf_counter()
        rows = world(root, database, accounts=told.accounts, judgements=told.judgements)
        kind = "PostgreSQL" if database else "SQLite"
        _say(f"{kind}: {told.accounts} accounts, {rows} verdict rows, made in {time.perf_counter() - began:.0f} s")
        with served(root) as (base, cookie):
            kept = [
                page(base, cookie, Asker(path, PAGES[path], random.Random(SEED)), told.seconds)  # noqa: S311 - no secret
                for path in told.pages
            ]
    return all(kept)


def page(base: str, cookie: str, asker: Asker, seconds: float) -> bool:
    """Ask one page and tell; whether it kept the budget."""
    first, took = asyncio.run(asked(base, cookie, asker, seconds))
    ordered = sorted(took)
    middle, late = ordered[len(ordered) // 2], ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    over = late > BUDGET
    _say(
        f"  {asker.path:<10} {len(took):5} requests  first {first * 1000:6.0f} ms  p50 {middle * 1000:5.0f} ms  "
        f"p95 {late * 1000:5.0f} ms  max {ordered[-1] * 1000:5.0f} ms{'  BROKEN' if over else ''}"
    )
    return not over


def _say(line: str) -> None:
    print(line, flush=True)


def main(given: Sequence[str] | None = None) -> int:
    """Measure both databases; 1 when a budget is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--judgements", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pages", nargs="+", choices=sorted(PAGES), default=list(PAGES))
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    told = parser.parse_args(given)
    kept: list[bool] = []
    if told.database != "postgres":
        kept.append(measure(None, told))
    server = os.environ.get(SERVER, "")
    if told.database != "sqlite" and server:
        with schema(server) as database:
            kept.append(measure(database, told))
    elif told.database != "sqlite":
        _say(f"PostgreSQL: not measured, {SERVER} names no server")
    loads: Callable[[], tuple[float, float, float]] | None = getattr(os, "getloadavg", None)
    _say(
        f"budget {BUDGET * 1000:.0f} ms at {RATE} requests/s: {'kept' if all(kept) else 'BROKEN'}"
        + (f"; load {loads()[0]:.1f}" if loads else "")
    )
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
