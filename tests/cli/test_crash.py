"""Killed, stopped, out of space, two at once: the same command again finishes the work, and nothing is there twice."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLES, Run, child
from tests.cli.test_sweeps import bodies
from tracker.evidence import Evidence
from tracker.store import Store

VISITS = SAMPLES / "visits"
SHEET = SAMPLES / "sheet.xlsx"
ROWS = 48


class Killed(BaseException):
    """What SIGKILL is to the code between two lines."""


def after(times: int, known: Callable[..., object]) -> Callable[..., object]:
    """`known`, but the process dies when it has been called so often."""
    left = times

    def call(*told: object, **more: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return known(*told, **more)

    return call


def rows(home: Path, sweep: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "tracker.db")) as database:
        return database.execute("select file, route from visit where sweep = ?", (sweep,)).fetchall()


def wait_for(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("owner", "method", "times"),
    [
        (Evidence, "keep", 0),
        (Evidence, "keep", 20),
        (Store, "add_accounts", 0),
        (Store, "extend_sweep", 0),
        (Store, "add_visit", 0),
        (Store, "add_visit", 30),
    ],
)
def test_a_killed_sheet_is_finished_by_the_same_sheet(
    judged: Run, home: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, times: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, method, after(times, getattr(owner, method)))
        with pytest.raises(Killed):
            judged("observe", "import", SHEET, "--sweep", "人工")
    assert rows(home, "人工") == []
    said = judged("observe", "import", SHEET, "--sweep", "人工")
    assert said.code == 0
    assert f"{ROWS}行" in said.out
    assert len(rows(home, "人工")) == len(bodies(home / "snapshots" / "人工")) == ROWS
    assert judged("evidence", "verify", "--sweep", "人工").code == 0
    again = judged("observe", "import", SHEET, "--sweep", "人工")
    assert f":0行;{ROWS}行以前记过" in again.out
    assert len(rows(home, "人工")) == len(bodies(home / "snapshots" / "人工")) == ROWS


def test_a_correction_and_its_withdrawal_are_both_kept(judged: Run, home: Path, table) -> None:
    def sheet(answer: str) -> Path:
        head = ("新媒体类型", "新媒体名称", "检查日期", "最后更新日期", "互动")
        return table("表.csv", head, ("新浪微博", "示例水利", "2026-11-06", "2026-11-05", answer))

    for answer, many in (("有问题", 1), ("有问题", 1), ("无问题", 2), ("有问题", 3), ("有问题", 3)):
        assert judged("observe", "import", sheet(answer), "--sweep", "人工").code == 0
        assert len(rows(home, "人工")) == many


def test_one_bad_row_keeps_the_whole_sheet_out(judged: Run, home: Path, table) -> None:
    head = ("新媒体类型", "新媒体名称", "检查日期", "最后更新日期")
    path = table(
        "表.csv", head, ("新浪微博", "示例水利", "2026-11-06", "2026-11-05"), ("新浪微博", "没有它", "2026-11-06", "昨天")
    )
    said = judged("observe", "import", path, "--sweep", "人工")
    assert (said.code, "第 3 行" in said.out, "没有导入任何一行" in said.err) == (2, True, True)
    assert not (home / "snapshots" / "人工").exists()
    judged("judge", "--sweep", "人工").refused("没有名为")


@pytest.mark.parametrize("times", [0, 40])
def test_a_stopped_replay_is_finished_by_the_same_replay(
    judged: Run, home: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    def stopped(*told: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_visit", after(times, Store.add_visit))
        with pytest.raises(Killed):
            judged("sweep", "--replay", VISITS, "--name", "r")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "end_sweep", stopped)
        judged("sweep", "--replay", VISITS, "--name", "r").refused("已停止", code=130)
    assert judged("sweep", "--replay", VISITS, "--name", "r").code == 3
    assert bodies(home / "snapshots" / "r") == bodies(VISITS)
    assert len(rows(home, "r")) == len(bodies(VISITS))


def test_sigkill_in_the_middle_of_a_replay(judged: Run, home: Path) -> None:
    first = judged("judge", "--sweep", "s1", "--json").out
    process = child(home, "sweep", "--replay", VISITS, "--name", "r")
    wait_for(lambda: len(list((home / "snapshots" / "r").glob("*.warc.gz"))) >= 20)
    process.kill()
    process.communicate()
    assert 0 < len(bodies(home / "snapshots" / "r")) < len(bodies(VISITS))
    assert judged("sweep", "--replay", VISITS, "--name", "r").code == 3
    assert bodies(home / "snapshots" / "r") == bodies(VISITS)
    assert len(rows(home, "r")) == len(bodies(VISITS))
    assert judged("evidence", "verify", "--sweep", "r").code == 0
    assert judged("judge", "--sweep", "r", "--json").out == first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_in_the_middle_of_a_replay(judged: Run, home: Path) -> None:
    import signal

    process = child(home, "sweep", "--replay", VISITS, "--name", "r")
    wait_for(lambda: len(list((home / "snapshots" / "r").glob("*.warc.gz"))) >= 10)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert told.decode().count("\n") == 1
    assert "已停止" in told.decode()
    assert judged("sweep", "--replay", VISITS, "--name", "r").code == 3
    assert bodies(home / "snapshots" / "r") == bodies(VISITS)


def both(home: Path, *argv: object) -> list[tuple[int, str]]:
    processes = [child(home, *argv) for _ in range(2)]
    told = [process.communicate()[1].decode() for process in processes]
    return [(process.returncode, words) for process, words in zip(processes, told, strict=True)]


def test_two_sheets_at_once(judged: Run, home: Path) -> None:
    assert both(home, "observe", "import", SHEET, "--sweep", "人工") == [(0, "")] * 2
    assert len(rows(home, "人工")) == len(bodies(home / "snapshots" / "人工")) == ROWS
    assert judged("evidence", "verify", "--sweep", "人工").code == 0


def test_two_replays_at_once_into_one_sweep(judged: Run, home: Path) -> None:
    told = both(home, "sweep", "--replay", VISITS, "--name", "r")
    assert sorted(code for code, _ in told) in ([3, 3], [2, 3])
    assert all("Traceback" not in words for _, words in told)
    assert bodies(home / "snapshots" / "r") == bodies(VISITS)
    assert len(rows(home, "r")) == len(bodies(VISITS))
    assert judged("evidence", "verify", "--sweep", "r").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("kilobytes", [80, 400])
def test_a_full_disk(judged: Run, home: Path, kilobytes: int) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    process = child(home, "sweep", "--replay", VISITS, "--name", "r", preexec_fn=limit)
    out, told = process.communicate()
    assert process.returncode == 2, (out, told)
    assert told.decode().count("\n") == 1
    assert "Traceback" not in told.decode()
    assert judged("sweep", "--replay", VISITS, "--name", "r").code == 3
    assert bodies(home / "snapshots" / "r") == bodies(VISITS)
    assert judged("evidence", "verify", "--sweep", "r").code == 0


@pytest.mark.parametrize("argv", [["accounts", "list"], ["accounts", "list", "--json"], ["judge"]])
def test_output_that_nobody_reads_to_the_end(judged: Run, home: Path, argv: list[str]) -> None:
    process = child(home, *argv)
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    assert process.wait() == 0


@pytest.mark.parametrize(
    "environ",
    [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "cp936"}],
    ids=["ascii", "C", "cp936"],
)
def test_output_is_utf_8_whatever_the_system_speaks(judged: Run, home: Path, environ: dict[str, str]) -> None:
    process: subprocess.Popen[bytes] = child(home, "accounts", "show", "示例统计", env=environ)
    out, told = process.communicate()
    assert (process.returncode, told) == (0, b"")
    assert "新媒体名称:示例统计" in out.decode()
