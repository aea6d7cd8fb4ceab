"""The sealed sample judged again from its evidence: elsewhere, years later, in another zone and locale, to the same bytes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import TOP
from tracker.credentials import fresh

SAMPLES = TOP / "snapshots" / "samples"
SWEEP = "封存批次"
FORMATS = ("json", "csv", "html")
AT = """
import json, sys
from datetime import datetime
from tracker import clock

moment = datetime.fromisoformat(sys.argv[1])
clock.now = lambda: moment  # before anything else of the program takes it over
from tracker.cli import main

for words in json.loads(sys.argv[2]):
    sys.argv = ["tracker", *words]
    try:
        main()
        code = 0
    except SystemExit as done:
        code = done.code
    # 3 = some accounts could not be checked: the sample has such
    if code not in (0, 3):
        sys.exit(f"{words}: {code}")
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and when the program runs."""

    root: Path
    at: str
    environ: dict[str, str]

    def run(self, *commands: tuple[object, ...]) -> None:
        told = [
            ["--workspace", str(self.root), *map(str, words)] if words[0] != "init" else [*map(str, words)] for words in commands
        ]
        script = [sys.executable, "-c", AT, self.at, json.dumps(told)]
        env = {**os.environ, **self.environ, "PYTHONUTF8": "1"}
        done = subprocess.run(script, capture_output=True, check=False, cwd=TOP, env=env, timeout=110)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")

    @property
    def evidence(self) -> Path:
        return self.root / "snapshots" / SWEEP

    def printed(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.root / "out").iterdir())}

    def statement(self) -> Any:
        return json.loads((self.evidence / "seal.json").read_text(encoding="utf-8"))["statement"]


def finish(root: Path) -> tuple[tuple[object, ...], ...]:
    to = ("--to", root / "out")
    return (
        ("judge", "--sweep", SWEEP),
        ("evidence", "seal", "--sweep", SWEEP),
        ("report", "noncompliant", "--sweep", SWEEP, "--as", ",".join(FORMATS), *to),
        ("evidence", "verify", "--sweep", SWEEP),
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place]:
    """First the shipped visits and the clerk's sheet, sealed; then the sealed evidence, replayed."""
    folder = tmp_path_factory.mktemp("bytes")
    here = Place(
        root=folder / "here",
        at="2026-11-06T10:00:00+08:00",
        environ={"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "TRACKER_KEY": fresh()},
    )
    there = Place(
        root=folder / "另一处 文件夹",
        at="2031-03-02T23:30:00-08:00",
        environ={"TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2", "TRACKER_KEY": fresh()},
    )
    registry = ("accounts", "import", SAMPLES / "registry.xlsx")
    here.run(
        ("init", here.root),
        registry,
        ("sweep", "--replay", SAMPLES / "visits", "--name", SWEEP),
        ("observe", "import", SAMPLES / "sheet.xlsx", "--sweep", SWEEP),
        *finish(here.root),
    )
    there.run(("init", there.root), registry, ("sweep", "--replay", here.evidence, "--name", SWEEP), *finish(there.root))
    return here, there


def test_the_printed_list_has_the_same_bytes(places: tuple[Place, Place]) -> None:
    here, there = (place.printed() for place in places)
    assert sorted(name.rpartition(".")[2] for name in here) == sorted(FORMATS)
    assert here.keys() == there.keys()
    for name, raw in here.items():
        assert there[name] == raw, name
    rows = next(raw for name, raw in here.items() if name.endswith(".csv")).decode("utf-8-sig").splitlines()
    assert len(rows) > 10


def test_facts_and_verdicts_are_the_sealed_ones(places: tuple[Place, Place]) -> None:
    here, there = (place.statement()["documents"] for place in places)
    assert here["facts"]["lines"] == 102
    assert {name for name in here if here[name] != there[name]} == set()
    # the clocks were indeed other ones
    assert [place.statement()["at"][:10] for place in places] == ["2026-11-06", "2031-03-03"]


def test_every_visit_lies_there_byte_for_byte(places: tuple[Place, Place]) -> None:
    here, there = ({path.name: path.read_bytes() for path in place.evidence.glob("*.warc.gz")} for place in places)
    assert len(here) > 100
    assert here == there
    assert places[0].statement()["manifest"]["lines"] == places[1].statement()["manifest"]["lines"] == len(here)
