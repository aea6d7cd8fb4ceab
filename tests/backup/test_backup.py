"""Backup and return: byte for byte, while others write, whatever ends it midway."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import ok, tracker
from tests.schedule.made import account, on
from tracker import audit, backup, demo, settings
from tracker.errors import UsageError
from tracker.workspace import create, opened

TOP = Path(__file__).parents[2]
AT = on("2026-11-20 21:30")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented city, judged, with an own profile, words, a template, a sealed credential and a locked file beside."""
    root = tmp_path_factory.mktemp("sample") / "工作 区"
    create(root, settings.template(place="示例市") + "\n[notify]\nurls = []\n")
    with opened(root) as ws:
        demo.fill(ws)
    for name, text in {
        "profiles/own.toml": 'name = "own"\nextends = "baoji"\n',
        "templates/reports/notes.txt": "本地模板",
        "credentials/credentials.json": '{"sealed": "c2VhbGVk"}',
        "reports/名单.csv": "a,b\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def root(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "ws"))


def judged(root: Path) -> bytes:
    return tracker("judge", "--json", workspace=root).out.encode()


@pytest.mark.parametrize("target", ["one.zip", "folder"])
def test_what_comes_back_on_an_empty_machine_judges_to_the_same_bytes(root: Path, tmp_path: Path, target: str) -> None:
    before = judged(root)
    said = ok("backup", tmp_path / target, workspace=root)
    assert "不在备份里" in said.out
    shutil.rmtree(root)
    back = tmp_path / "new" / "ws"
    told = ok("restore", tmp_path / target, back)
    assert "记录条数一致,证据清单完好" in told.out
    assert "原来的 TRACKER_KEY" in told.out
    assert "证据完好" in ok("evidence", "verify", workspace=back).out
    assert judged(back) == before
    assert (back / "profiles/own.toml").read_text(encoding="utf-8").startswith('name = "own"')
    assert (back / "templates/reports/notes.txt").read_text(encoding="utf-8") == "本地模板"
    assert (back / "credentials/credentials.json").exists()
    with opened(back) as ws:
        assert [(one.action, one.outcome) for one in ws.store.audit(0)][-1] == ("cli judge", "done")
        assert ("cli restore", "done") in [(one.action, one.outcome) for one in ws.store.audit(0)]
        assert not audit.verify(ws.store).problem
    assert not [path for path in back.parent.iterdir() if path != back]


def test_every_file_of_the_workspace_comes_back_as_it_was(root: Path, tmp_path: Path) -> None:
    ok("backup", tmp_path / "b.zip", workspace=root)
    ok("restore", tmp_path / "b.zip", tmp_path / "back")

    def files(folder: Path) -> dict[str, bytes]:
        found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("tracker.db"))
        return {str(path.relative_to(folder)): path.read_bytes() for path in found if "/." not in f"/{path.relative_to(folder)}"}

    assert files(tmp_path / "back") == files(root)


def test_a_folder_takes_only_what_is_new(root: Path, tmp_path: Path) -> None:
    box = tmp_path / "box"
    with opened(root) as ws:
        first = backup.make(ws, box, evidence=True, at=AT)
        again = backup.make(ws, box, evidence=True, at=on("2026-11-21 21:30"), keep=2)
        last = backup.make(ws, box, evidence=True, at=on("2026-11-22 21:30"), keep=2)
    assert first.fresh == first.visits > 50
    assert (again.fresh, last.fresh, last.visits) == (0, 0, first.visits)
    assert sorted(path.name for path in box.glob("*.zip")) == ["tracker-20261121-213000.zip", "tracker-20261122-213000.zip"]
    assert backup.restore(box, tmp_path / "back").sound


def test_without_evidence_it_says_so_and_restores_the_rest(root: Path, tmp_path: Path) -> None:
    ok("backup", tmp_path / "b.zip", "--no-evidence", workspace=root)
    said = ok("restore", tmp_path / "b.zip", tmp_path / "back")
    assert "这份备份没有证据" in said.out


def test_it_is_whole_while_others_go_on_writing(root: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def writing() -> None:
        with opened(root) as ws:
            for number in range(1_000, 100_000):
                if stop.is_set():
                    return
                ws.store.add_accounts([account(number, platform="weibo", kind="新浪微博")], "test", AT)

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        time.sleep(0.2)
        with opened(root) as ws:
            made = [backup.make(ws, tmp_path / f"{number}.zip", evidence=False, at=AT) for number in range(3)]
    finally:
        stop.set()
        thread.join()
    for one in made:
        assert backup.restore(one.path, tmp_path / one.path.stem).sound
    assert made[2].accounts > made[0].accounts


KILLED = """
import os, sys
from pathlib import Path
from unittest.mock import patch
from tracker import backup
from tracker.clock import now
from tracker.workspace import opened
root, to, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
rename, count = Path.replace, [0]
def replace(self, target):
    count[0] += 1
    if (moment == "at the end" and self.name.endswith(".zip.partial")) or (moment == "in the evidence" and count[0] == 20):
        os._exit(137)
    return rename(self, target)
with opened(root) as ws, patch.object(Path, "replace", replace):
    backup.make(ws, to, evidence=True, at=now())
"""


@pytest.mark.parametrize("moment", ["at the end", "in the evidence"])
def test_a_backup_that_is_killed_leaves_no_half_file_and_the_next_is_whole(root: Path, tmp_path: Path, moment: str) -> None:
    box = tmp_path / "box"
    told = [sys.executable, "-c", KILLED, str(root), str(box), moment]
    assert subprocess.run(told, cwd=TOP, check=False, timeout=60).returncode == 137
    assert list(box.glob("*.zip")) == []
    with opened(root) as ws:
        made = backup.make(ws, box, evidence=True, at=AT)
    assert [path for path in box.rglob("*") if ".partial" in path.name and path.parent == box] == []
    assert backup.restore(box, tmp_path / "back").visits == made.visits


def test_killed_from_outside_at_any_moment_there_is_a_whole_backup_or_none(root: Path, tmp_path: Path) -> None:
    whole = 0
    for number in range(4):
        path = tmp_path / f"k{number}.zip"
        told = [sys.executable, "-m", "tracker", "--workspace", str(root), "backup", str(path)]
        process = subprocess.Popen(told, cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2_000):
            if path.with_name(path.name + ".partial").exists() or process.poll() is not None:
                break
            time.sleep(0.005)
        time.sleep(0.15 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if path.exists():
            whole += 1
            assert backup.restore(path, tmp_path / f"r{number}").sound
    assert whole < 4


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    told = [sys.executable, "-m", "tracker", "--workspace", str(root), "backup", str(path)]
    done = subprocess.run(told, cwd=TOP, capture_output=True, check=False, preexec_fn=_small_files, timeout=60)
    said = done.stderr.decode("utf-8")
    assert (done.returncode, "没有备份成" in said, len(said.strip().splitlines())) == (2, True, 1)
    assert [one.name for one in tmp_path.iterdir() if one != root] == []
    ok("backup", path, workspace=root)
    told = [sys.executable, "-m", "tracker", "restore", str(path), str(tmp_path / "back")]
    done = subprocess.run(told, cwd=TOP, capture_output=True, check=False, preexec_fn=_small_files, timeout=60)
    assert (done.returncode, "没有恢复成" in done.stderr.decode("utf-8")) == (2, True)
    assert sorted(one.name for one in tmp_path.iterdir() if one != root) == ["b.zip"]


def test_a_folder_that_holds_something_is_not_touched(root: Path, tmp_path: Path) -> None:
    ok("backup", tmp_path / "b.zip", workspace=root)
    said = tracker("restore", tmp_path / "b.zip", root)
    assert (said.code, "不是空文件夹" in said.err) == (2, True)


@pytest.fixture
def packed(root: Path, tmp_path: Path) -> Path:
    ok("backup", tmp_path / "b.zip", workspace=root)
    return tmp_path / "b.zip"


def rewritten(path: Path, change: dict[str, bytes]) -> Path:
    """The same zip with members changed, or added."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in dict.fromkeys([*old.namelist(), *change]):
            new.writestr(name, change[name] if name in change else old.read(name))
    return target


def hostile(packed: Path) -> Iterator[Path]:
    """Backups that are not what they say."""
    with zipfile.ZipFile(packed) as box:
        told = json.loads(box.read("backup.json"))
        visit = next(name for name in box.namelist() if name.startswith("snapshots/"))
    yield rewritten(packed, {"database.sqlite": b"SQLite format 3\0"})
    yield rewritten(packed, {visit: b"changed"})
    yield rewritten(packed, {"workspace/profiles/own.toml": b"# changed"})
    for name in (
        "workspace/../../out.txt",
        "/elsewhere/out.txt",
        "workspace/C:/out.txt",
        "workspace/a\\..\\out.txt",
        "elsewhere/x",
    ):
        listed = {**told, "files": {**told["files"], name: "0" * 64}}
        yield rewritten(packed, {"backup.json": json.dumps(listed).encode(), name: b"x"})
    yield rewritten(packed, {"backup.json": json.dumps({**told, "format": "tracker backup 2"}).encode()})
    yield rewritten(packed, {"backup.json": b"[]"})
    cut = packed.with_name("cut.zip")
    cut.write_bytes(packed.read_bytes()[:-2_000])
    yield cut


def test_a_backup_that_was_changed_is_one_sentence_and_nothing_is_written(packed: Path, tmp_path: Path) -> None:
    count = 0
    for path in hostile(packed):
        back = tmp_path / "deep" / "back"
        with pytest.raises(UsageError) as told:
            backup.restore(path, back)
        assert "\n" not in str(told.value)
        assert not back.exists()
        assert not back.with_name("back.restoring").exists()
        assert list(tmp_path.rglob("out.txt")) == []
        count += 1
    assert count == 11


def test_damaged_evidence_is_named_and_the_rest_is_backed_up(root: Path, tmp_path: Path) -> None:
    with opened(root) as ws:
        (name,) = [path.name for path in ws.evidence.root.iterdir() if not path.name.startswith(".")]
    path = sorted((root / "snapshots" / name).glob("*.warc.gz"))[3]
    path.write_bytes(path.read_bytes()[:-9])
    said = tracker("backup", tmp_path / "b.zip", workspace=root)
    assert said.code == 1
    assert path.name in said.out
    back = tracker("restore", tmp_path / "b.zip", tmp_path / "back")
    assert (back.code, path.name in back.out) == (1, True)


@pytest.mark.postgres
def test_a_servers_database_goes_by_its_own_tools(tmp_path: Path) -> None:
    server = os.environ.get("TRACKER_TEST_POSTGRES")
    if not server or not shutil.which("pg_dump"):
        pytest.skip("no PostgreSQL, or no pg_dump")
    psycopg = pytest.importorskip("psycopg")
    names = [f"backup_{os.getpid()}_{number}" for number in (1, 2)]
    base = server.rpartition("/")[0]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    try:
        root = tmp_path / "ws"
        create(root, settings.template(place="示例市").replace("sqlite:///tracker.db", f"{base}/{names[0]}"))
        with opened(root) as ws:
            demo.fill(ws)
        before = judged(root)
        ok("backup", tmp_path / "b.zip", workspace=root)
        said = ok("restore", tmp_path / "b.zip", tmp_path / "back", "--database", f"{base}/{names[1]}")
        assert "记录条数一致" in said.out
        assert judged(tmp_path / "back") == before
        again = tracker("restore", tmp_path / "b.zip", tmp_path / "third", "--database", f"{base}/{names[1]}")
        assert (again.code, "pg_restore 没有做成" in again.err) == (2, True)
        assert not (tmp_path / "third").exists()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
