"""Each check of the tree finds what it is for; small trees made here, no wheels needed."""

import struct
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools.windows import checks, pe, tree
from tools.windows.launch.start import EDGE, prepare
from tools.windows.lock import Pinned, as_text, wanted
from tools.windows.tree import HOME, PATHS, SITE
from tools.windows.wheels import Unreachable, gather, held

HASH = "0" * 64


def program(*needs: str, machine: int = pe.AMD64, plus: int = 0x20B) -> bytes:
    """A PE file with one section that holds the import table."""
    head = b"MZ" + bytes(0x3A) + struct.pack("<I", 0x40)
    directories = struct.pack("<II", 0, 0) + struct.pack("<II", 0x1000, 20 * len(needs)) + bytes(8 * 14)
    optional = struct.pack("<H", plus) + bytes(110) + directories
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, len(optional), 0)
    names, rows, table = b"", b"", 20 * (len(needs) + 1)
    for need in needs:
        rows += struct.pack("<IIIII", 0, 0, 0, 0x1000 + table + len(names), 0)
        names += need.encode() + b"\0"
    body = rows + bytes(20) + names
    section = b".rdata\0\0" + struct.pack("<IIII", len(body), 0x1000, len(body), 0x200) + bytes(16)
    return (head + coff + optional + section).ljust(0x200, b"\0") + body


def put(path: Path, data: bytes | str = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("name", ["a/con.py", "NUL", "b/Com1.txt", "c/what?.md", "d/ends.", "e/ends /x", "f/a:b", "g/tab\t"])
def test_names_that_windows_refuses(name: str) -> None:
    assert any("refuses" in problem for problem in checks.bad_names([name]))


@pytest.mark.parametrize("name", ["a/console.py", "com10.txt", "启动.bat", "x/.hidden", "a b/c-d_e.py"])
def test_names_that_windows_takes(name: str) -> None:
    assert list(checks.bad_names([name])) == []


def test_names_that_differ_in_case_only() -> None:
    assert list(checks.bad_names(["a/Readme", "a/README"])) == ["a/README: Windows takes it for a/Readme"]


def test_path_length_counts_what_python_adds() -> None:
    room = checks.LIMIT - len(checks.PREFIX)
    assert list(checks.bad_names(["x" * (room - 1)])) == []
    assert len(list(checks.bad_names(["x" * room]))) == 1
    assert len(list(checks.bad_names(["x" * (room - 4) + ".py"]))) == 1


def test_libraries_that_nothing_brings(tmp_path: Path) -> None:
    put(tmp_path / SITE / "good.pyd", program("KERNEL32.dll", "python312.dll", "api-ms-win-crt-heap-l1-1-0.dll", "beside.dll"))
    put(tmp_path / SITE / "beside.dll", program())
    put(tmp_path / SITE / "bad.pyd", program("MSVCP140.dll", "USER32.dll"))
    assert list(checks.bad_code(tmp_path)) == ["site/bad.pyd: loads msvcp140.dll, which nothing brings"]
    put(tmp_path / HOME / "python.exe", program())
    assert "site/good.pyd: loads python312.dll, which nothing brings" in list(checks.bad_code(tmp_path))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pyd", program(machine=0x14C)), ("a.pyd", program(plus=0x10B)), ("a.dll", b"MZ"), ("a.exe", b"#!/bin/sh"), ("a.so", b"")],
)
def test_code_for_another_machine(tmp_path: Path, name: str, data: bytes) -> None:
    put(tmp_path / SITE / name, data)
    assert len(list(checks.bad_code(tmp_path))) == 1


def test_imports_that_are_not_in_the_tree(tmp_path: Path) -> None:
    put(tmp_path / "lib" / "__init__.py")
    put(tmp_path / "native" / "core.cp312-win_amd64.pyd")
    code = "import json\nimport lib, native.core\nfrom lib.none import x\ndef f():\n    import fcntl\n    import stranger.deep\n"
    put(tmp_path / "tracker" / "one.py", code)
    missing = [problem.split("imports ")[1].split(",")[0] for problem in checks.bad_imports(tmp_path)]
    assert missing == ["lib.none", "fcntl", "stranger.deep"]


def test_requirements_that_nothing_meets_and_strangers(tmp_path: Path) -> None:
    def dist(name: str, version: str, *needs: str) -> None:
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {need}" for need in needs)]
        put(tmp_path / f"{name}-{version}.dist-info" / "METADATA", "\n".join(lines) + "\n")

    dist("tracker", "1", "a>=2", 'b; extra == "notify"', 'c; extra == "test"', "d[x]", 'gone; sys_platform != "win32"')
    dist("hatchling", "1")
    dist("editables", "1")
    dist("a", "1.5")
    dist("d", "1", 'colour; sys_platform == "win32" and extra == "x"')
    dist("stray", "1")
    assert set(checks.bad_requirements(tmp_path)) == {
        "tracker: asks for a>=2, the tree has 1.5",
        "b: not in the tree",
        "colour: not in the tree",
        "stray: nothing asks for it",
    }


def test_lines_of_the_pth_that_lead_nowhere(tmp_path: Path) -> None:
    put(tmp_path / HOME / PATHS, "python312.zip\r\n.\r\n..\\site\r\n# word\r\n")
    assert [problem.split("/")[-1] for problem in checks.bad_paths(tmp_path)] == ["site is not there"]
    (tmp_path / SITE).mkdir()
    assert list(checks.bad_paths(tmp_path)) == []
    put(tmp_path / HOME / "python.exe")
    assert len(list(checks.bad_paths(tmp_path))) == 1


def test_lock_is_read_for_windows() -> None:
    found = f"--hash=sha256:{HASH}"
    lines = [
        f"a==1 \\\n    {found}",
        f"B_c==2 ; sys_platform == 'win32' \\\n    {found} \\\n    --hash=sha256:{'1' * 64}",
        f"d==3 ; sys_platform == 'linux' \\\n    {found}",
        f"e==4 ; python_full_version < '3.12' \\\n    {found}",
    ]
    pins = wanted("\n".join(lines))
    assert [(one.name, one.version, len(one.hashes)) for one in pins] == [("a", "1", 1), ("b-c", "2", 2)]
    assert as_text(pins).splitlines()[0] == f"a==1 --hash=sha256:{HASH}"
    with pytest.raises(ValueError, match="a pin with hashes"):
        wanted("a==1\n")


def test_wheel_with_another_hash_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a-1-py3-none-any.whl", b"other bytes")
    pin = Pinned(name="a", version="1", hashes=frozenset({HASH}))
    with pytest.raises(ValueError, match="SHA-256 is not in"):
        held([pin], tmp_path)
    put(tmp_path / "a-1-cp312-cp312-win_amd64.whl")
    with pytest.raises(ValueError, match="one wheel was expected"):
        held([pin], tmp_path)
    assert held([Pinned(name="b", version="1", hashes=frozenset())], tmp_path)[1][0].name == "b"


def embeddable(path: Path, exe: bytes, pth: str = PATHS) -> Path:
    with ZipFile(path, "w") as archive:
        for name in ("python312.dll", "python312.zip", pth):
            archive.writestr(name, b"theirs")
        archive.writestr("python.exe", exe)
    return path


def wheel(path: Path, *names: str) -> Path:
    with ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return path


def test_tree_is_built_around_the_python_that_is_given(tmp_path: Path) -> None:
    given = embeddable(tmp_path / "python.zip", program())
    spread = ("a-1.data/purelib/b.py", "a-1.data/scripts/a", "a-1.data/headers/a.h")
    made = wheel(tmp_path / "a-1-py3-none-any.whl", "a/__init__.py", *spread)
    folder = tmp_path / "张三" / "巡检 工具"
    tree.build(folder, [made], given)
    assert {path.relative_to(folder / SITE).as_posix() for path in (folder / SITE).rglob("*.*")} == {"a/__init__.py", "b.py"}
    assert (folder / HOME / "python.exe").read_bytes() == program()
    assert (folder / HOME / PATHS).read_bytes() != b"theirs"
    assert list(checks.bad_paths(folder)) == []


@pytest.mark.parametrize(
    ("exe", "pth", "told"),
    [
        (program(machine=0xAA64), PATHS, "another processor"),
        (program(), "python311._pth", "holds something else"),
        (b"", PATHS, "not a Windows program"),
    ],
)
def test_another_python_is_refused(tmp_path: Path, exe: bytes, pth: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        tree.build(tmp_path / "tree", [], embeddable(tmp_path / "python.zip", exe, pth))


@pytest.mark.parametrize("name", ["../a.py", "/a.py", "a-1.data/data/etc/a"])
def test_wheel_that_leaves_the_import_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="outside of"):
        tree.build(tmp_path / "tree", [wheel(tmp_path / "a-1-py3-none-any.whl", name)], None)


def test_zip_keeps_chinese_names_and_is_the_same_twice(tmp_path: Path) -> None:
    tree.build(tmp_path / "tree", [], None)
    for name in ("one.zip", "two.zip"):
        tree.pack(tmp_path / "tree", tmp_path / name, "tracker-1")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as archive:
        (entry,) = [entry for entry in archive.infolist() if entry.filename.endswith(".bat")]
    assert entry.filename == "tracker-1/启动.bat"
    assert entry.flag_bits & 0x800, "without this bit Explorer takes the name for the code page of the machine"


def test_starter_sets_workspace_and_edge_unless_told_otherwise(tmp_path: Path) -> None:
    environ = {"ProgramFiles": str(tmp_path)}
    assert prepare(tmp_path, [], environ) == ["--workspace", str(tmp_path / "工作区"), "serve", "--port", "0"]
    assert environ["TRACKER_WORKSPACE"] == str(tmp_path / "工作区")
    assert "TRACKER_BROWSER" not in environ
    put(tmp_path / EDGE)
    assert prepare(tmp_path, ["due"], environ) == ["due"]
    assert environ["TRACKER_BROWSER"] == "msedge"
    own = {"ProgramFiles": str(tmp_path), "TRACKER_WORKSPACE": "E:\\x", "TRACKER_BROWSER": "chrome"}
    assert prepare(tmp_path, [], own)[1] == "E:\\x"
    assert own["TRACKER_BROWSER"] == "chrome"


def test_wheels_that_cannot_be_fetched_are_told_with_the_word_of_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Unreachable, match="nonesuch-of-tracker"):
        gather((Pinned(name="nonesuch-of-tracker", version="1", hashes=frozenset({HASH})),), tmp_path)
