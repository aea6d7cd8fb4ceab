"""The command line as a clerk uses it: in this process, in a workspace of its own, with no way out to the network."""

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracker import cli

SAMPLES = Path(__file__).parents[2] / "snapshots" / "samples"
TOP = SAMPLES.parents[1]
TRACKER = (sys.executable, "-c", "from tracker.cli import main; main()")
HEADER = ("新媒体类型", "新媒体名称", "主办单位")
SHEET = ("新媒体类型", "新媒体名称", "检查日期", "最后更新日期", "发现问题")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output of a command with --json, every line parsed."""
        return [json.loads(line) for line in self.out.split("\n") if line]

    def refused(self, *words: str, code: int = 2) -> None:
        """One clear Chinese sentence on standard error and nothing that a program would say."""
        assert self.code == code, self
        assert len(self.err.strip().split("\n")) == 1, self.err
        assert any("\u4e00" <= letter <= "\u9fff" for letter in self.err), self.err
        for word in ("Traceback", "Error", "Errno", "No such", "denied", "Input should"):
            assert word not in self.err, self.err
        for word in words:
            assert word in self.err, self.err


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_BROWSER", str(tmp_path / "no-browser"))
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    known = socket.getaddrinfo

    def only_home(host: object, *told: Any, **more: Any) -> Any:
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise socket.gaierror(f"{host} is not for tests")
        return known(host, *told, **more)

    monkeypatch.setattr(socket, "getaddrinfo", only_home)


@pytest.fixture
def bare(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`bare("accounts", "list")` runs the command line without naming a workspace."""

    def run(*argv: object, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "argv", ["tracker", *map(str, argv)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = cli._run()
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "张三" / "巡检 工具"


@pytest.fixture
def run(bare: Run, home: Path) -> Run:
    """The command line in an empty workspace whose path has blanks and Chinese."""
    assert bare("init", home, "--persons", "1").code == 0
    return lambda *argv, **told: bare("--workspace", home, *argv, **told)


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "w"
    for argv in (
        ("init", str(root), "--persons", "1"),
        ("--workspace", str(root), "accounts", "import", str(SAMPLES / "registry.xlsx")),
        ("--workspace", str(root), "sweep", "--name", "s1", "--replay", str(SAMPLES / "visits")),
        ("--workspace", str(root), "judge"),
    ):
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
            patch.setattr(sys, "argv", ["tracker", *argv])
            assert cli._run() in (0, 3)
    return root


@pytest.fixture
def judged(bare: Run, home: Path, _sample: Path) -> Run:
    """The command line in a workspace with the sample city's registry and a judged sweep s1."""
    shutil.copytree(_sample, home)
    return lambda *argv, **told: bare("--workspace", home, *argv, **told)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """`table("a.csv", header, row, row)` writes a table and returns its path."""

    def write(name: str, *rows: Sequence[str], encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


def child(home: Path, *argv: object, **told: Any) -> "subprocess.Popen[bytes]":
    """The command line in a process of its own."""
    environ = {**os.environ, "TRACKER_WORKSPACE": str(home), **told.pop("env", {})}
    command = [*TRACKER, *map(str, argv)]
    return subprocess.Popen(command, cwd=TOP, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **told)
