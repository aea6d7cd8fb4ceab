"""Broken, altered, foreign and hostile bundles, a full disk, a killed run, two at once: one clear sentence, nothing written."""

import gzip
import hashlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters import BY_PLATFORM
from tests.bundle.offices import look, office, sent, state
from tests.e2e.running import ok, tracker
from tracker.bundle import Taken, Terms, take
from tracker.bundle.container import LIST, RECORDS
from tracker.clock import SHANGHAI
from tracker.credentials import fresh
from tracker.errors import TrackerError, UsageError
from tracker.evidence import signed
from tracker.sealing import findings, open_private
from tracker.workspace import Workspace, opened

AT = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
ROWS = ("新浪微博,示例发布,2026-11-06,2026-09-01,无", "微信订阅号,示例统计,2026-11-06,2026-11-05,无")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A county, a city that trusts it, a bundle; and the key that both keep their own keys with."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_KEY", fresh())
        county = office(folder / "县", "示例县", "发布", "统计")
        look(county, "批次", *ROWS)
        key = sent(county, folder / "b")
        city = office(folder / "市", "示例市", "发布", "统计", "市府")
        ok("bundle", "trust", key, workspace=city)
        yield folder, key


@pytest.fixture
def city(made: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(made[0] / "市", tmp_path / "市")
    return tmp_path / "市"


@pytest.fixture
def bundle(made: tuple[Path, str]) -> Path:
    return made[0] / "b"


def members(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as file:
        return {name: file.read(name) for name in file.namelist()}


def written(path: Path, held: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as file:
        for name, raw in held.items():
            file.writestr(name, raw)
    return path


def signed_anew(made: tuple[Path, str], held: dict[str, bytes], **other: object) -> dict[str, bytes]:
    """The members under a true signature of the county: what a signer that is trusted might send."""
    told = json.loads(held[LIST])["statement"] | other
    listed = [
        {"name": name, "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)} for name, raw in held.items() if name != LIST
    ]
    told = {**told, "members": listed} if "members" not in other else told
    return {**held, LIST: signed.pack(told, open_private(made[0] / "县"))}


def sentence(root: Path, bundle: Path, **terms: str) -> str:
    """What is said when it is refused; nothing is written."""
    before = state(root)
    with opened(root) as ws, pytest.raises(TrackerError) as caught:
        take(ws, bundle, BY_PLATFORM, Terms(who="市", **terms), at=AT)
    assert state(root) == before
    assert not list((root / "snapshots" / ".incoming").glob("*"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def tried(ws: Workspace, bundle: Path) -> tuple[str, Taken | None]:
    try:
        return "", take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT)
    except UsageError as error:
        return str(error), None


def test_any_flipped_byte_is_refused_or_changes_nothing(city: Path, bundle: Path, tmp_path: Path) -> None:
    whole, bad, refusals = bundle.read_bytes(), tmp_path / "bad", 0
    places = [*range(0, len(whole), max(1, len(whole) // 25)), len(whole) - 1]
    with zipfile.ZipFile(bundle) as file:
        places += [info.header_offset + 30 + len(info.filename) + 3 for info in file.infolist()]
    kept = tmp_path / "kept"
    shutil.copytree(city, kept)
    for at in places:
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        with opened(city) as ws:
            said, told = tried(ws, bad)
        if told is None:
            assert "没有导入任何东西" in said, at
            refusals += 1
            continue
        # a time or a flag in the zip's own frame says nothing of what is carried
        assert [(one.visits, one.aside) for one in told.sweeps] == [(2, 0)], at
        shutil.rmtree(city)
        shutil.copytree(kept, city)
    assert refusals > len(places) * 0.8
    assert state(city)[1] == state(kept)[1]


@pytest.mark.parametrize("part", [0, 10, 0.5, -30, -1])
def test_a_bundle_that_is_cut_short_is_refused(city: Path, bundle: Path, tmp_path: Path, part: float) -> None:
    whole = bundle.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * part) if isinstance(part, float) else part])
    assert "不是完整的数据包" in sentence(city, tmp_path / "cut")


def test_what_is_no_bundle_is_refused(city: Path, bundle: Path, tmp_path: Path, made: tuple[Path, str]) -> None:
    held = members(bundle)
    without = {name: raw for name, raw in held.items() if name != LIST}
    some = next(name for name in held if name.startswith("files/"))
    cases: list[tuple[dict[str, bytes], str]] = [
        (without, "不是数据包"),
        ({**held, "../../../etc/x": b""}, "不该有的文件"),
        ({**held, "files/" + "0" * 64: b""}, "与清单不一致"),
        ({name: raw for name, raw in held.items() if name != some}, "与清单不一致"),
        ({**held, some: b"x" * len(held[some])}, "SHA-256 不符"),
        (signed_anew(made, held, format="tracker bundle 2"), "由更新的程序写成"),
        (signed_anew(made, held, format="else"), "清单的格式不对"),
        (signed_anew(made, held, members=[{}]), "清单的格式不对"),
        (signed_anew(made, held, at="bald"), "读不懂"),
        (signed_anew(made, {**held, RECORDS: b"{}\n"}), "第1行读不懂"),
        (signed_anew(made, {**held, RECORDS: b"[" * 100_000}), "第1行读不懂"),
    ]
    for content, words in cases:
        assert words in sentence(city, written(tmp_path / "w", content)), words
    assert "不是按原样存放的" in sentence(city, written(tmp_path / "w", held, zipfile.ZIP_DEFLATED))
    assert "没有这个文件" in sentence(city, tmp_path / "nowhere")


def changed(held: dict[str, bytes], kind: str, **other: Any) -> bytes:
    """The records with fields of one kind changed."""
    lines = [json.loads(line) for line in held[RECORDS].splitlines()]
    for line in lines:
        if line["kind"] == kind:
            line["told"].update(other)
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("kind", "other", "words"),
    [
        ("visit", {"file": "../x-1.warc.gz"}, "采集文件名“../x-1.warc.gz”不对"),
        ("visit", {"file": "C:x-1.warc.gz"}, "不对"),
        ("visit", {"sha256": "0" * 64}, "没有带来"),
        ("sweep", {"name": "../x"}, "不能用作文件夹名"),
        ("sweep", {"beside": {"../../tracker.toml": "0" * 64}}, "不该有的文件"),
        ("sweep", {"beside": {"manifest.jsonl": "0" * 64}}, "没有带来"),
        ("decision", {}, ""),
    ],
)
def test_names_that_would_leave_the_folder_are_refused(
    city: Path, bundle: Path, tmp_path: Path, made: tuple[Path, str], kind: str, other: dict[str, Any], words: str
) -> None:
    held = members(bundle)
    content = signed_anew(made, {**held, RECORDS: changed(held, kind, **other)})
    path = written(tmp_path / "w", content)
    if words:
        assert words in sentence(city, path)
    else:
        with opened(city) as ws:
            assert take(ws, path, BY_PLATFORM, Terms(who="市"), at=AT).sweeps[0].visits == 2


def test_a_visit_that_swells_is_refused(city: Path, bundle: Path, tmp_path: Path, made: tuple[Path, str]) -> None:
    bomb, held = gzip.compress(b"\0" * (64 << 20), 9), members(bundle)
    bomb *= 17
    digest = hashlib.sha256(bomb).hexdigest()
    first = next(json.loads(line)["told"]["sha256"] for line in held[RECORDS].splitlines() if b'"kind":"visit"' in line)
    raw = held[RECORDS].replace(first.encode(), digest.encode())
    content = {name: one for name, one in held.items() if name != f"files/{first}"}
    content = signed_anew(made, {**content, RECORDS: raw, f"files/{digest}": bomb})
    assert "展开后超过 1 GB" in sentence(city, written(tmp_path / "w", content))


def test_two_at_once_enter_it_once(city: Path, bundle: Path) -> None:
    def go(_: int) -> int:
        with opened(city) as ws:
            return sum(one.visits for one in take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT).sweeps)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, range(2))) == [0, 2]
    with opened(city) as ws:
        assert len(ws.store.visits("批次-示例县")) == 2
        assert findings(ws, ws.head("批次-示例县"), BY_PLATFORM) == ()


def _limited(root: Path, bundle: Path, most: int, out: Any) -> None:
    """In a process of its own: no file may grow beyond `most` bytes, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with opened(root) as ws:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT)
            out.put("")
        except TrackerError as error:
            out.put(str(error))


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are a matter of POSIX")
@pytest.mark.parametrize("most", [600, 20_000])
def test_no_room_leaves_nothing_and_the_next_run_enters_all(city: Path, bundle: Path, most: int) -> None:
    before, context = state(city), multiprocessing.get_context("spawn")
    out = context.Queue()
    worker = context.Process(target=_limited, args=(city, bundle, most, out))
    worker.start()
    said = out.get(timeout=60)
    worker.join(60)
    assert said, "it should have been too small"
    assert "写不进" in said or "没有写入" in said or "磁盘" in said, said
    assert state(city) == before
    with opened(city) as ws:
        assert take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT).sweeps[0].visits == 2


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from adapters import BY_PLATFORM
from tracker.bundle import Terms, take
from tracker.workspace import opened
left = int(sys.argv[3])
def watch(event, args):
    global left
    if event in ("os.rename", "os.mkdir", "shutil.copyfile", "sqlite3.connect") or event == "open" and str(args[1])[:1] in "wa":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
with opened(Path(sys.argv[1])) as ws:
    sys.addaudithook(watch)
    take(ws, Path(sys.argv[2]), BY_PLATFORM, Terms(who="市"), at=datetime.fromisoformat(sys.argv[4]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(city: Path, bundle: Path, tmp_path: Path) -> None:
    shutil.copytree(city, tmp_path / "ganz")
    with opened(tmp_path / "ganz") as ws:
        take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT)
        whole = [(one.file, one.sha256, one.account_id) for one in ws.store.visits("批次-示例县")]
    killed = 0
    for left in (1, 4, 7, 9, 11, 14):
        root = tmp_path / f"w{left}"
        shutil.copytree(city, root)
        words = [sys.executable, "-c", _KILLED, str(root), str(bundle), str(left), AT.isoformat()]
        done = subprocess.run(words, check=False, timeout=60, cwd=Path(__file__).parents[2], capture_output=True)
        killed += done.returncode == -signal.SIGKILL
        with opened(root) as ws:
            take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=AT + timedelta(minutes=1))
            assert [(one.file, one.sha256, one.account_id) for one in ws.store.visits("批次-示例县")] == whole
            assert len(ws.evidence.files("批次-示例县")) == len(whole)
            assert findings(ws, ws.head("批次-示例县"), BY_PLATFORM) == ()
            assert ws.store.last_head("批次-示例县") is not None
    assert killed >= 4


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs a mount that is read-only")
def test_evidence_that_is_read_only_is_told(city: Path, bundle: Path) -> None:
    held = city / "snapshots"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(held)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("cannot mount here")
    try:
        said = sentence(city, bundle)
    finally:
        subprocess.run(["umount", str(held)], check=True)
    assert "只读" in said or "写不进" in said or "不能锁定" in said


def test_a_clock_that_is_behind_is_told_and_nothing_is_lost(city: Path, bundle: Path) -> None:
    with opened(city) as ws:
        told = take(ws, bundle, BY_PLATFORM, Terms(who="市"), at=datetime(2020, 1, 1, tzinfo=SHANGHAI))
    assert "请核对两台电脑的时钟" in told.notes[0]
    assert told.sweeps[0].visits == 2


def test_damaged_evidence_is_not_sent(made: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(made[0] / "县", tmp_path / "县")
    path = next((tmp_path / "县" / "snapshots" / "批次").glob("*.warc.gz"))
    path.write_bytes(path.read_bytes() + b"x")
    said = tracker("bundle", "export", tmp_path / "c", workspace=tmp_path / "县")
    assert (said.code, path.name in said.err, (tmp_path / "c").exists()) == (1, True, False)
