"""The real tree, made of the real wheels for Windows."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename

from tests.windows.conftest import TOP, Built
from tools.windows import checks, wheels
from tools.windows.lock import Pinned
from tools.windows.tree import HOME, PATHS, SITE, STARTER

pytestmark = pytest.mark.timeout(600)


def test_every_requirement_has_one_wheel_for_windows_and_its_hash_is_in_the_lock(built: Built, pins: tuple[Pinned, ...]) -> None:
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    assert set(built.wheels) == set(pins)
    assert {"colorama", "tzdata", "uvicorn", "playwright"} <= {one.name for one in pins}
    for pin, path in built.wheels.items():
        name, version, _, tags = parse_wheel_filename(path.name)
        assert (name, str(version)) == (pin.name, pin.version)
        assert {tag.platform for tag in tags} <= {"any", "win_amd64"}, path.name
        assert f"--hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" in lock
    assert len(wheels.compiled(built.wheels)) >= 10


def test_nothing_is_wrong_with_the_tree(built: Built) -> None:
    assert checks.problems(built.folder) == []


def test_no_source_distribution_and_nothing_to_be_built_is_in_the_tree(built: Built) -> None:
    files = [path for path in built.folder.rglob("*") if path.is_file()]
    assert [path for path in files if path.name.endswith((".tar.gz", ".whl", ".egg", ".so", ".pth"))] == []
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"\n{len(files)} files, {size:.0f} MB, longest path {checks.longest(built.folder)} characters")
    assert size < 400


def test_program_brings_its_templates_samples_and_static_files(built: Built) -> None:
    with zipfile.ZipFile(built.own) as archive:
        names = set(archive.namelist())
    for folder, inside in (("templates", "tracker/templates"), ("snapshots/samples", "tracker/samples"), ("tracker", "tracker")):
        kept = {path for path in (TOP / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        expected = {f"{inside}/{path.relative_to(TOP / folder).as_posix()}" for path in kept}
        assert expected <= names, folder
    assert all((built.folder / SITE / name).is_file() for name in names)


def test_python_finds_the_libraries_and_nothing_else(built: Built) -> None:
    told = (built.folder / HOME / PATHS).read_bytes()
    assert told.decode("ascii").splitlines()[:3] == ["python312.zip", ".", "..\\site"]
    assert b"\r\nimport site" not in told
    assert checks.import_path(built.folder)[1:] == [built.folder / HOME, built.folder / SITE]


def test_starter_is_ascii_with_crlf_and_calls_only_what_is_there(built: Built) -> None:
    told = (built.folder / STARTER).read_bytes()
    assert told.decode("ascii").encode("gbk") == told
    assert told.count(b"\n") == told.count(b"\r\n") > 10
    for name in ("start.py", "missing.txt"):
        assert f'"%~dp0python\\{name}"'.encode() in told
        assert (built.folder / HOME / name).is_file()
    lines = told.decode("ascii").splitlines()
    assert '"%~dp0python\\python.exe" -X utf8 "%~dp0python\\start.py" %*' in lines
    assert {"chcp 65001 >nul", 'set "PYTHONUTF8=1"', "goto missing"} <= {part for line in lines for part in (line, line[-12:])}
    assert ":missing" in lines


@pytest.mark.parametrize(("name", "mark"), [("说明.txt", True), ("python/missing.txt", False)])
def test_texts_are_readable_in_notepad_and_in_the_window(built: Built, name: str, mark: bool) -> None:
    told = (built.folder / Path(name)).read_bytes()
    assert told.startswith(b"\xef\xbb\xbf") is mark
    assert told.count(b"\n") == told.count(b"\r\n") > 0
    assert STARTER in told.decode("utf-8-sig")
