"""A sweep as an office runs it: real Chromium at the real host names; then judged, replayed, stopped, killed, resumed."""

import asyncio
import gzip
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.e2e.living import begin, go, settle, verdicts, world_of
from tests.platforms import ids, weibo_rows
from tests.platforms.douyin_rows import aweme_id
from tests.platforms.serve import Served, serve
from tests.platforms.weixin_api import token_of
from tests.platforms.world import LOGIN, World, WorldAccount, article_url
from tests.samples import city, roles
from tracker.adapter import Ask, Await
from tracker.model import Decision, Exchange, Route, Visit
from tracker.sweep import open_sweep, replay
from tracker.workspace import Workspace, opened

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium"), pytest.mark.timeout(300)]

KEYS = (
    *("weixin:示例统计", "weixin:示例审计", "weixin:示例教育", "weixin:示例文旅", "weixin:示例公安", "weixin:示例民政"),
    *("weixin:戊岭发布", "weibo:示例水利", "weibo:示例税务", "weibo:示例教育", "weibo:示例生态环境", "weibo:戊岭教体"),
    *("toutiao:丙河发布", "toutiao:示例发布", "douyin:示例公安", "douyin:甲山公安", "douyin:戊岭公安"),
)
"""One account of every role of the sample city."""
SWEEP = "2026-11-06"
COMMENTS = {
    "weibo": Await(page="buildcomments", url_pattern=r"/ajax/statuses/buildComments\?"),
    "douyin": Await(page="comments", url_pattern=r"/aweme/v1/web/comment/list/\?"),
}


class Nosy:
    """An adapter that has the comments of an opened post recorded too, so that there is something to redact."""

    def __init__(self, adapter: object) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> object:
        return getattr(self._adapter, name)

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        asks = self._adapter.next(visit, so_far)  # type: ignore[attr-defined]
        more = COMMENTS.get(self._adapter.platform)  # type: ignore[attr-defined]
        if more is None or visit.route is not Route.LINK:
            return asks
        return tuple(replace(ask, await_=(*ask.await_, more)) for ask in asks)


@dataclass(frozen=True, kw_only=True)
class Done:
    """A finished sweep and its verdicts."""

    root: Path
    served: Served
    verdicts: list[dict[str, object]]


def account(key: str) -> WorldAccount:
    return next(one for one in city.accounts() if one.key == key)


def text_of(world: World) -> str:
    """A chat with the links that clerks would paste."""
    return "\n".join(f"{one.organisation}:{article_url(one, post)}" for one in world.accounts for post in city.linked(one))


def talked_of() -> str:
    """Two posts under which invented people wrote."""
    weibo, douyin = account("weibo:示例教育"), account("douyin:示例公安")
    written = next(post for post in weibo.posts if post.comments)
    mid = weibo_rows.mid_of(weibo, written)
    filmed = next(post for post in douyin.posts if post.comments)
    return f"https://weibo.com/{weibo.ids['uid']}/{ids.mblogid(mid)} https://www.douyin.com/video/{aweme_id(douyin, filmed)}"


def decisions(ws: Workspace) -> list[Decision]:
    """What the sample's reviewer confirms."""
    told = {one.account_id: roles.expected_of(f"{one.platform}:{one.name}") for one in ws.store.accounts()}
    at = roles.TODAY.isoformat()
    clock = ws.sweep(SWEEP).started_at
    return [
        Decision(account_id=key, code=one.code, confirmed=True, who="示例复核员", why=f"{at}核对属实", at=clock)
        for key, one in told.items()
        if one.confirmed_by == "decision"
    ]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    root, world = tmp_path_factory.mktemp("live") / "ws", world_of(KEYS)
    nosy = {name: Nosy(adapter) for name, adapter in BY_PLATFORM.items()}
    with serve(world) as served, settle(root, world, f"{text_of(world)}\n{talked_of()}") as ws:
        sweep = begin(ws, world, SWEEP)
        asyncio.run(go(ws, sweep, served, adapters=nosy))
        yield Done(root=root, served=served, verdicts=verdicts(ws, sweep, decisions(ws)))


def test_every_account_is_judged_as_its_role_says(done: Done) -> None:
    words = {"failed": "不合格", "passed": "合格", "unchecked": "未能核查"}
    told = {f"{one['platform']}:{one['name']}": one for one in done.verdicts}
    expected = {key: roles.expected_of(key) for key in KEYS}
    assert {key: one["verdict"] for key, one in told.items()} == {key: words[e.verdict] for key, e in expected.items()}
    codes = {key: {f["code"].replace("UPD-02", "UPD-01") for f in one["findings"]} for key, one in told.items()}
    assert codes == {key: {e.code} - {""} for key, e in expected.items()}


def test_the_sweep_ended_and_its_evidence_is_sound(done: Done) -> None:
    with opened(done.root) as ws:
        assert ws.sweep(SWEEP).ended_at is not None
        assert ws.evidence.verify(SWEEP) == ()
        assert {visit.file for visit in ws.store.visits(SWEEP)} == {one.file for one in ws.evidence.files(SWEEP)}


def test_nothing_was_asked_of_a_host_that_no_adapter_names(done: Done) -> None:
    hosts = {host for adapter in BY_PLATFORM.values() for host in adapter.hosts}
    assert {call["host"] for call in done.served.log} <= hosts


def replayed(root: Path, done: Done, database: str = "") -> list[dict[str, object]]:
    source = done.root / "snapshots" / SWEEP
    with settle(root, done.served.world, database=database) as ws:
        sweep = open_sweep(ws, SWEEP, at=done.served.world.clock, window=ws_window(done), source="重放")
        assert len(list(replay(ws, sweep, source, BY_PLATFORM))) == len(list(source.glob("*.warc.gz")))
        return verdicts(ws, sweep, decisions(ws))


def ws_window(done: Done):
    with opened(done.root) as ws:
        return ws.sweep(SWEEP).window


def test_a_replay_gives_the_same_verdicts_from_the_same_bytes(done: Done, tmp_path: Path, database: str) -> None:
    assert replayed(tmp_path / "ws", done, database) == done.verdicts
    here, there = (folder / "snapshots" / SWEEP for folder in (tmp_path / "ws", done.root))
    assert {path.name for path in here.iterdir()} == {path.name for path in there.iterdir()}
    files = [path.name for path in there.glob("*.warc.gz")]
    assert [name for name in files if (here / name).read_bytes() != (there / name).read_bytes()] == []


def test_no_secret_and_no_commenter_is_in_any_file(done: Done) -> None:
    world = done.served.world
    grants = [one for one in world.accounts if one.grant]
    wanted = {LOGIN, "world-guest", "oSHILI", "示例网友", "示例用户", "90008000", "90000000"}
    wanted |= {one.grant.secret for one in grants if one.grant} | {token_of(one) for one in grants}
    wanted |= {ids.sec_uid("writer", n) for n in range(20)}
    written = {path: body_of(path) for path in done.root.rglob("*") if path.is_file()}
    assert len(written) > len(KEYS)
    found = [(word, path.name) for word in wanted for path, body in written.items() if word.encode() in body]
    assert found == []


def body_of(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def test_there_were_comments_tokens_and_logins_to_leak(done: Done) -> None:
    """Without these calls the test before would prove nothing."""
    calls = Counter(call["endpoint"] for call in done.served.log)
    assert calls["buildcomments"] >= 1
    assert calls["comments"] >= 1
    assert calls["stable_token"] >= 3
    assert any("access_token=WORLD-" in call["query"] for call in done.served.log)
    written = b"".join(body_of(path) for path in (done.root / "snapshots" / SWEEP).glob("*.warc.gz"))
    assert "请问怎么办理".encode() in written
    assert "什么时候办".encode() in written


SOME = ("weixin:示例统计", "weixin:示例公安", "weixin:示例民政", "weixin:示例文旅", "weixin:戊岭发布", "weixin:示例教育")
SOME += ("weibo:示例水利", "weibo:示例教育", "weibo:示例税务", "toutiao:丙河发布", "toutiao:示例发布", "douyin:示例公安")
"""Accounts without walls, for sweeps that are broken off."""


@pytest.fixture(scope="module")
def part() -> Iterator[Served]:
    with serve(world_of(SOME)) as served:
        yield served


@pytest.fixture(scope="module")
def whole(part: Served, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """The verdicts of the same world when nothing interrupts."""
    with settle(tmp_path_factory.mktemp("whole") / "ws", part.world, text_of(part.world)) as ws:
        sweep = begin(ws, part.world, SWEEP)
        asyncio.run(go(ws, sweep, part))
        return verdicts(ws, sweep)


def finish(root: Path, served: Served) -> list[dict[str, object]]:
    """Go on with a broken-off sweep; every account and link must end up visited once."""
    with settle(root, served.world) as ws:
        sweep = begin(ws, served.world, SWEEP)
        before = {visit.file for visit in ws.store.visits(SWEEP)}
        assert before
        asyncio.run(go(ws, sweep, served))
        visits = ws.store.visits(SWEEP)
        assert before < {visit.file for visit in visits}
        assert {visit.file for visit in visits} == {one.file for one in ws.evidence.files(SWEEP)}
        assert ws.evidence.verify(SWEEP) == ()
        assert [path.name for path in (root / "snapshots" / SWEEP).glob("*.partial")] == []
        links = Counter(visit.url for visit in visits if visit.route is Route.LINK)
        others = Counter(visit.account_id for visit in visits if visit.route is not Route.LINK)
        assert links == Counter(link.url for link in ws.store.links())
        assert others == Counter(one.account_id for one in sweep.accounts if one.platform != "weixin" or granted(one.name))
        assert ws.sweep(SWEEP).ended_at is not None
        return verdicts(ws, sweep)


def granted(name: str) -> bool:
    return account(f"weixin:{name}").grant is not None


def test_a_stopped_sweep_goes_on_where_it_was(part: Served, whole: list[dict[str, object]], tmp_path: Path) -> None:
    root = tmp_path / "ws"
    with settle(root, part.world, text_of(part.world)) as ws:
        sweep = begin(ws, part.world, SWEEP)
        seen = asyncio.run(go(ws, sweep, part, most=4))
        assert 4 <= seen < 8
        assert ws.sweep(SWEEP).ended_at is None
    assert finish(root, part) == whole


@pytest.mark.parametrize("moment", ["outside", "before the journal", "within a file"])
def test_a_killed_sweep_goes_on_where_it_was(part: Served, whole: list[dict[str, object]], tmp_path: Path, moment: str) -> None:
    root = tmp_path / "ws"
    with settle(root, part.world, text_of(part.world)) as ws:
        begin(ws, part.world, SWEEP)
    kill(root, part, tmp_path, moment)
    folder = root / "snapshots" / SWEEP
    with opened(root) as ws:
        known = {visit.file for visit in ws.store.visits(SWEEP)}
        kept = {f"{SWEEP}/{path.name}" for path in folder.glob("*.warc.gz")}
        assert known <= kept
        assert moment != "before the journal" or len(kept - known) == 1
        assert moment != "within a file" or len(list(folder.glob("*.partial"))) == 1
        assert ws.sweep(SWEEP).ended_at is None
    assert finish(root, part) == whole


def kill(root: Path, served: Served, folder: Path, moment: str) -> None:
    """Run the sweep in a process of its own and end that without any warning."""
    ca = folder / "ca.pem"
    served.ca.cert_pem.write_to_path(str(ca))
    told = [sys.executable, "-m", "tests.e2e.doomed", str(root), str(served.port), str(ca), SWEEP, moment]
    with subprocess.Popen(told, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        if moment == "outside":
            wait_for(root / "snapshots" / SWEEP, 3, process)
            process.kill()
        _, told_why = process.communicate(timeout=60)
    assert process.returncode not in (0, 1), told_why.decode("utf-8", errors="replace")


def wait_for(folder: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if len(list(folder.glob("*.warc.gz"))) >= count:
            return
        assert process.poll() is None, process.stderr.read() if process.stderr else b""
        time.sleep(0.02)
    pytest.fail("the sweep in the other process did not begin within 24 seconds")
