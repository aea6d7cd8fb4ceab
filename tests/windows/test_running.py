"""The tree runs: its own code, templates and samples, found by its ._pth alone, under a path with spaces and Chinese."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.windows.conftest import TOP, Built
from tests.windows.simulated import overlay, python
from tools.windows import checks, trial, wheels
from tools.windows.tree import HOME, SITE

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="tools/windows/trial.py runs the real thing there"),
]

_PURE = """\
import json, sys, zoneinfo
import tracker, tracker.clock, tracker.errors, tracker.model, tracker.text, jinja2, rich, typer, tzdata, xlsxwriter
modules = [one.__file__ for one in (tracker, jinja2, rich, typer, tzdata, xlsxwriter)]
print(json.dumps({"path": sys.path, "modules": modules, "zone": str(tracker.clock.now().tzinfo)}))
"""

_WHOLE = """\
import json
from tracker.console.render import __file__ as render
from tracker.demo import samples
from tracker.reports.templates import find_template, shipped_templates
print(json.dumps([str(samples()), str(shipped_templates()), str(find_template("noncompliant.docx", None)), render]))
"""


@pytest.fixture
def home(built: Built, tmp_path: Path) -> Path:
    """The program's folder; its libraries stay in the tree, so that nothing is written there."""
    folder = tmp_path / "张三" / "巡检 工具"
    shutil.copytree(built.folder, folder, ignore=lambda _, names: [name for name in names if name == SITE])
    return folder


@pytest.fixture
def starter(built: Built, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in ("TRACKER_WORKSPACE", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    # no window is opened here, and no PDF is printed: both belong to the machine, not to the tree
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setenv("TRACKER_BROWSER", str(tmp_path / "none.exe"))
    return python(_paths(built, tmp_path), home / HOME / "start.py")


def _paths(built: Built, tmp_path: Path) -> list[Path]:
    return [overlay(tmp_path / "overlay", wheels.compiled(built.wheels)), *checks.import_path(built.folder)]


def _said(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pure_modules_come_from_the_tree_alone(built: Built, tmp_path: Path) -> None:
    ask = tmp_path / "ask.py"
    ask.write_text(_PURE, encoding="utf-8")
    told = json.loads(_said(python(checks.import_path(built.folder), ask), tmp_path))
    assert not [path for path in told["path"] if "site-packages" in path or str(TOP) in path]
    assert all(Path(path).is_relative_to(built.folder / SITE) for path in told["modules"])
    assert told["zone"] == "Asia/Shanghai"


def test_templates_and_samples_are_found_in_the_tree(built: Built, tmp_path: Path) -> None:
    ask = tmp_path / "ask.py"
    ask.write_text(_WHOLE, encoding="utf-8")
    for path in json.loads(_said(python(_paths(built, tmp_path), ask), tmp_path)):
        assert Path(path).is_relative_to(built.folder / SITE / "tracker")


def test_without_words_the_page_opens_on_a_workspace_beside_the_program(starter: list[str], home: Path) -> None:
    body = trial.page(starter, home)
    assert "<html" in body
    assert "台账" in body or "检查" in body
    assert (home / "工作区" / "tracker.toml").is_file()


def test_with_words_it_is_the_command_line_and_the_demo_is_made(starter: list[str], home: Path) -> None:
    trial.demo(starter, home, pdf=False)
    assert not (home / "工作区").exists()


def test_trial_tells_what_was_printed_when_the_program_does_not_start(starter: list[str], home: Path) -> None:
    with pytest.raises(ValueError, match="没有命令"):
        trial.page([*starter, "nonesuch"], home)
    with pytest.raises(ValueError, match="exit code 2"):
        trial.demo([*starter, "nonesuch"], home, pdf=False)


def test_python_m_tracker_is_the_command_line() -> None:
    assert _said([sys.executable, "-m", "tracker", "--version"], TOP).startswith("tracker ")
