"""The parts: locks between machines, what is tried again and when, copies of the evidence, sentences."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import fsspec
import psycopg
import pytest

from adapters import BY_PLATFORM
from tests.e2e.running import tracker
from tracker.clock import SHANGHAI, now
from tracker.cluster import copies
from tracker.cluster.again import Again, rest_after
from tracker.cluster.fence import held
from tracker.cluster.lines import DESK, access_of_lanes, access_of_machines, locks_of, queues_of
from tracker.errors import UsageError
from tracker.evidence import Evidence, VisitMeta
from tracker.model import HANDLING, Exchange, Handling, Outcome, Route, Window
from tracker.store import Machine, QueuedLane, Store
from tracker.workspace import create

BEAT = 0.5
AT = datetime(2026, 11, 20, 22, 0, tzinfo=SHANGHAI)


@pytest.fixture
def url(database: str) -> str:
    Store.open(database).close()
    return database


def test_a_lane_is_held_by_one_machine_alone(url: str) -> None:
    async def go() -> None:
        async with held(url, ["lane/x/", "public/x"], "甲机", BEAT):
            with pytest.raises(Again, match="另一台"):
                async with held(url, ["public/x"], "乙机", BEAT):
                    pytest.fail("two held it")
            async with held(url, ["public/y"], "乙机", BEAT):
                pass
        async with held(url, ["public/x"], "乙机", BEAT):
            pass

    asyncio.run(go())


def test_what_is_told_when_the_session_is_cut_is_not_told_and_the_lane_is_lost(url: str) -> None:
    async def go() -> bool:
        async with held(url, ["lane/x/"], "甲机", BEAT) as fence:
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [fence.session.info.backend_pid])
            await asyncio.wait_for(fence.lost.wait(), 5)
            return fence.lost.is_set()

    assert asyncio.run(go())


def test_a_holder_that_gives_no_sign_of_life_is_cut_off_by_the_next(url: str) -> None:
    async def go() -> None:
        async with held(url, ["lane/x/"], "甲机", BEAT) as frozen:
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("UPDATE lane_holder SET beat = beat - 3600")
            async with held(url, ["lane/x/"], "乙机", BEAT):
                assert [one.holder for one in _holders(url)] == ["乙机"]
            await asyncio.wait_for(frozen.lost.wait(), 5)

    asyncio.run(go())


def _holders(url: str):
    with Store.open(url) as store:
        return store.holders()


def test_a_wall_waits_for_a_person_and_a_rest_for_its_hour() -> None:
    waits = {outcome: rest_after(outcome, AT) for outcome in Outcome}
    assert {one for one, wait in waits.items() if wait is not None} == {one for one in Outcome if HANDLING[one] is Handling.REST}
    assert waits[Outcome.CHALLENGE] is None
    assert waits[Outcome.RATE_LIMITED] == 3600
    assert waits[Outcome.QUOTA] == 2.5 * 3600, "half an hour after midnight"


def test_a_machine_listens_to_the_lanes_that_it_has_credentials_for() -> None:
    has = Machine(name="甲机", sessions=(("weibo", "session", "办公室"),), grants=("acc-1",))
    listed = queues_of(has, BY_PLATFORM)
    assert set(listed) >= {DESK, "weibo", "weibo:办公室", "weixin", "weixin:acc-1", "douyin", "toutiao"}
    assert queues_of(has, BY_PLATFORM, ["weibo:办公室"]) == [DESK, "weibo:办公室"]
    assert queues_of(has, BY_PLATFORM, ["weibo"])[:3] == [DESK, "weibo", "weibo:办公室"]


def test_what_one_machine_cannot_use_another_may() -> None:
    told = access_of_machines(
        [Machine(name="甲机", unfit={"acc-1": "已过期", "acc-2": "已过期"}), Machine(name="乙机", grants=("acc-1",))]
    )
    assert (told.grants, told.unfit) == ({"acc-1"}, {"acc-2": "已过期"})
    lines = [
        QueuedLane(sweep="s", platform="weibo", credential="办公室", auth="session"),
        QueuedLane(sweep="s", platform="weixin", credential="acc-1", auth="owner", public=False),
    ]
    access = access_of_lanes(lines)
    assert (access.sessions, access.grants) == ({("weibo", "session"): "办公室"}, {"acc-1"})
    assert locks_of(lines[0])[-1] == "public/weibo"
    assert locks_of(lines[1]) == ("lane/weixin/acc-1",)


def _evidence(folder: Path, visits: int) -> Evidence:
    evidence = Evidence(folder)
    for n in range(visits):
        _visit(evidence, f"acc-{n}")
    return evidence


def _visit(evidence: Evidence, own: str) -> None:
    today = date(2026, 11, 20)
    meta = VisitMeta(
        account_id=own,
        account_key=f"weixin:{own}",
        platform="weixin",
        route=Route.FEED,
        window=Window(since=today, until=today),
        today=today,
        at=AT,
    )
    evidence.keep("批次", own, meta, [Exchange(page="rss", url="https://feeds.shili.example/x", status=200, body=b"x", at=AT)])


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_copy_elsewhere_is_whole_and_grows(kind: str, tmp_path: Path) -> None:
    to = f"memory://{uuid4().hex}" if kind == "memory" else f"file://{tmp_path}/副本"
    evidence = _evidence(tmp_path / "snapshots", 3)
    assert copies.copy(evidence, "批次", to) == copies.Copied(files=3, new=3)
    assert copies.check("批次", to) == ()
    _visit(evidence, "acc-9")
    assert copies.copy(evidence, "批次", to) == copies.Copied(files=4, new=1)
    assert copies.check("批次", to) == ()


def test_a_flipped_byte_in_the_copy_is_named_and_half_a_file_is_sent_again(tmp_path: Path) -> None:
    root, evidence = tmp_path / "副本", _evidence(tmp_path / "snapshots", 2)
    to = f"file://{root}"
    copies.copy(evidence, "批次", to)
    file = root / "批次" / "acc-1-1.warc.gz"
    raw = file.read_bytes()
    file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    (damage,) = copies.check("批次", to)
    assert damage.file == "批次/acc-1-1.warc.gz"
    file.write_bytes(raw[:50])
    assert copies.copy(evidence, "批次", to).new == 1
    assert copies.check("批次", to) == ()


def test_a_place_that_gives_back_something_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = _evidence(tmp_path / "snapshots", 1)
    place = fsspec.filesystem("memory")
    monkeypatch.setattr(type(place), "cat_file", lambda self, path, *told, **more: b"")
    with pytest.raises(UsageError, match="证据副本写不到"):
        copies.copy(evidence, "批次", f"memory://{uuid4().hex}")


def test_a_secret_in_the_address_is_not_repeated(tmp_path: Path) -> None:
    evidence = _evidence(tmp_path / "snapshots", 1)
    with pytest.raises(UsageError) as told:
        copies.copy(evidence, "批次", "nosuch://key:planted-secret@bucket/x?token=planted-secret")
    assert "planted-secret" not in str(told.value)


def test_without_postgresql_the_command_says_what_is_needed(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    create(root, 'database = "sqlite:///tracker.db"\n')
    said = tracker("worker", workspace=root)
    assert said.code == 2
    assert "PostgreSQL" in said.err
    assert "Traceback" not in said.err
    assert tracker("worker", "status", "--json", workspace=root).lines == []
    assert "没有交给多台机器" in tracker("worker", "cancel", "x", workspace=root).err
    assert "没有停下的通道" in tracker("worker", "resume", "weibo", workspace=root).err
    assert "不是平台" in tracker("worker", "--lanes", "nosuch", workspace=root).err


def test_a_sweep_is_not_shared_before_a_machine_is_there(url: str, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    create(root, f'database = "{url}"\n')
    with Store.open(url) as store:
        store.add_accounts([], "test", now())
    assert "先导入台账" in tracker("sweep", "--cluster", workspace=root).err
