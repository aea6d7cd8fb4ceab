"""What must hold of the tree before it is worth a Windows machine's time: names, machine code, imports, requirements."""

import ast
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tools.windows import pe
from tools.windows.lock import WINDOWS
from tools.windows.tree import HOME, NUMBER, PATHS, SITE

PREFIX = "D:\\张三\\巡检 工具\\"
LIMIT = 180
"""Characters of a full path below PREFIX: MAX_PATH is 260, and the folder of the zip comes between, with Explorer even twice."""

_REFUSED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{word}{n}" for word in ("com", "lpt") for n in "0123456789"}
_NOT_IN_NAMES = set('<>:"\\|?*')
_PYTHONS = {f"python{NUMBER}.dll", "python3.dll", "vcruntime140.dll", "vcruntime140_1.dll"}
"""Libraries that the embeddable package brings."""

# fmt: off - one word a line would be a page
_SYSTEM = {
    "advapi32",
    "bcrypt",
    "bcryptprimitives",
    "crypt32",
    "dbghelp",
    "dnsapi",
    "gdi32",
    "iphlpapi",
    "kernel32",
    "mswsock",
    "normaliz",
    "ntdll",
    "ole32",
    "oleaut32",
    "powrprof",
    "psapi",
    "rpcrt4",
    "secur32",
    "shell32",
    "shlwapi",
    "ucrtbase",
    "user32",
    "userenv",
    "version",
    "winmm",
    "wldap32",
    "ws2_32",
}
"""Libraries of every Windows 10 and 11; the Visual C++ runtime msvcp140 is not among them."""

_ABSENT = {
    "_posixsubprocess",
    "_tkinter",
    "crypt",
    "curses",
    "ensurepip",
    "fcntl",
    "grp",
    "idlelib",
    "lib2to3",
    "nis",
    "ossaudiodev",
    "posix",
    "pty",
    "pwd",
    "readline",
    "resource",
    "spwd",
    "syslog",
    "termios",
    "test",
    "tkinter",
    "tty",
    "turtle",
    "turtledemo",
    "venv",
}
"""Of the standard library: left out of the embeddable package, or not on Windows at all."""
# fmt: on

EXTRAS = frozenset({"cluster", "notify", "postgres"})
BUILDERS = ("hatchling", "editables")
"""What the lock was made of besides our own requirements: tools/build.in."""


def problems(folder: Path) -> list[str]:
    """Everything that is wrong with a tree, one English sentence each; empty = fit to be tried."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    site = folder / SITE
    return sorted([*bad_names(names), *bad_code(folder), *bad_paths(folder), *bad_imports(site), *bad_requirements(site)])


def bad_names(names: Iterable[str]) -> Iterator[str]:
    """Names that Windows refuses, takes for one another, or finds too long."""
    known: dict[str, str] = {}
    for name in names:
        if any(_refused(part) for part in name.split("/")):
            yield f"{name}: Windows refuses this name"
        if len(PREFIX) + _length(name) >= LIMIT:
            yield f"{name}: {len(PREFIX) + _length(name)} characters below {PREFIX}, {LIMIT} are too many"
        if (other := known.setdefault(name.lower(), name)) != name:
            yield f"{name}: Windows takes it for {other}"


def _refused(part: str) -> bool:
    stem = part.split(".")[0].rstrip(" ").lower()
    return stem in _REFUSED or part[-1] in ". " or any(letter in _NOT_IN_NAMES or letter < " " for letter in part)


def _length(name: str) -> int:
    """UTF-16 units, with what Python makes of a module beside it."""
    cached = len(f"__pycache__/.cpython-{NUMBER}c") if name.endswith(".py") else 0
    return len(name.encode("utf-16-le")) // 2 + cached


def longest(folder: Path) -> int:
    """Characters of the longest full path."""
    return len(PREFIX) + max(_length(path.relative_to(folder).as_posix()) for path in folder.rglob("*"))


def bad_code(folder: Path) -> Iterator[str]:
    """Machine code for another processor or system, and libraries that ours load but nothing brings."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    here = {path.name.lower() for path in files}
    if not (folder / HOME / "python.exe").exists():
        here |= _PYTHONS
    for path in files:
        name = path.relative_to(folder).as_posix()
        if path.suffix in (".so", ".dylib"):
            yield f"{name}: made for another system"
        if path.suffix.lower() in (".pyd", ".dll", ".exe"):
            try:
                needs = pe.loads(path.read_bytes())
            except ValueError as error:
                yield f"{name}: {error}"
                continue
            # what Python itself loads is between its makers and Windows
            strange = [need for need in needs if need not in here and not _system(need)] if name.startswith(SITE) else []
            yield from (f"{name}: loads {need}, which nothing brings" for need in strange)


def _system(library: str) -> bool:
    return library.removesuffix(".dll") in _SYSTEM or library.startswith(("api-ms-win-", "ext-ms-"))


def bad_paths(folder: Path) -> Iterator[str]:
    """Lines of the ._pth that lead nowhere; Python's own zip counts when Python is there."""
    python = (folder / HOME / "python.exe").exists()
    for path in import_path(folder):
        if not path.exists() and (python or path.suffix != ".zip"):
            yield f"{PATHS}: {path} is not there"


def import_path(folder: Path) -> list[Path]:
    """What the ._pth makes of sys.path, as paths of this machine."""
    lines = (folder / HOME / PATHS).read_text(encoding="utf-8").splitlines()
    return [(folder / HOME).joinpath(*line.split("\\")).resolve() for line in lines if line and not line.startswith("#")]


def bad_imports(site: Path) -> Iterator[str]:
    """Imports of our own code that neither the tree nor the Python of the zip can give."""
    elsewhere = _elsewhere(site)
    for package in ("tracker", "adapters"):
        for path in sorted((site / package).rglob("*.py")):
            for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
                if not _resolves(site, name) and name.split(".")[0] not in elsewhere:
                    yield f"{path.relative_to(site).as_posix()}: imports {name}, which is not in the tree"


def _elsewhere(site: Path) -> frozenset[str]:
    """What the program asks for on other systems only: it says so itself where somebody wants it on Windows."""
    held = [one for one in map(PathDistribution, site.glob("*.dist-info")) if one.metadata["Name"] == "tracker"]
    asked = [Requirement(line) for one in held for line in one.requires or ()]
    here = {need.name for one in held for need in _needs(one, EXTRAS)}
    return frozenset(need.name for need in asked if need.name not in here)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _resolves(site: Path, name: str) -> bool:
    top = name.split(".")[0]
    if top in sys.stdlib_module_names:
        return top not in _ABSENT
    place = site.joinpath(*name.split("."))
    return place.is_dir() or any(place.parent.glob(f"{place.name}.py")) or any(place.parent.glob(f"{place.name}.*pyd"))


def bad_requirements(site: Path) -> Iterator[str]:
    """Requirements that no distribution of the tree meets on Windows, and distributions that nothing asks for."""
    held = {canonicalize_name(one.metadata["Name"]): one for one in map(PathDistribution, sorted(site.glob("*.dist-info")))}
    todo = [(canonicalize_name("tracker"), EXTRAS), *((canonicalize_name(name), frozenset[str]()) for name in BUILDERS)]
    seen: set[tuple[NormalizedName, frozenset[str]]] = set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        if name not in held:
            yield f"{name}: not in the tree"
            continue
        for need in _needs(held[name], extras):
            other = canonicalize_name(need.name)
            todo.append((other, frozenset(need.extras)))
            if other in held and not need.specifier.contains(held[other].version, prereleases=True):
                yield f"{name}: asks for {need}, the tree has {held[other].version}"
    yield from (f"{name}: nothing asks for it" for name in held if name not in {one for one, _ in seen})


def _needs(one: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in one.requires or ():
        need = Requirement(line)
        if not need.marker or any(need.marker.evaluate({**WINDOWS, "extra": extra}) for extra in (*extras, "")):
            yield need
