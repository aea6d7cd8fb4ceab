"""The walls of the house, held by tests: registration, size, where a platform may be named, one broad except."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import ADAPTERS
from tracker.model import Aspect, Route

TOP = Path(__file__).parent.parent
CODE = sorted(path for folder in ("tracker", "adapters") for path in (TOP / folder).rglob("*.py"))
PLATFORMS = [adapter.platform for adapter in ADAPTERS]


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_every_adapter_is_registered_and_has_cases() -> None:
    files = {path.stem for path in (TOP / "adapters").iterdir() if not path.name.startswith(("_", "py."))}
    assert sorted(PLATFORMS) == sorted(files)
    assert {path.name for path in (TOP / "tests/adapter_cases").iterdir()} == files
    assert all(type(adapter).__module__.split(".")[1] == adapter.platform for adapter in ADAPTERS)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.platform)
def test_adapter_declarations_hold_together(adapter) -> None:
    assert adapter.hosts
    assert all(host == host.lower() and "/" not in host for host in adapter.hosts)
    assert Aspect.POSTS in adapter.sees
    assert all(isinstance(route, Route) for routes in adapter.sees.values() for route in routes)
    assert all(re.compile(pattern) for pattern in adapter.pages.values())
    low, high = adapter.pace.between_accounts
    assert 0 < low <= high
    assert adapter.pace.between_requests > 0


def test_a_platform_is_named_only_where_it_belongs() -> None:
    named = re.compile("|".join(rf"\b{name}\b" for name in PLATFORMS))
    guilty = [
        f"{path.relative_to(TOP)}:{number}"
        for path in (TOP / "tracker").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert guilty == []


def test_files_and_functions_stay_small() -> None:
    long_files = [str(path.relative_to(TOP)) for path in CODE if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    long_functions = [
        f"{path.relative_to(TOP)}:{node.name}" for path, node in functions() if (node.end_lineno or 0) - node.lineno + 1 > 50
    ]
    assert (long_files, long_functions) == ([], [])


def test_one_broad_except() -> None:
    broad = [
        f"{path.relative_to(TOP)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert len(broad) == 1
    assert "capture" in broad[0]


def test_no_registry_host_is_named() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (TOP / name).read_text(encoding="utf-8")
        assert "http" not in text.replace("aiohttp", "")
        assert all("--hash=" in block for block in text.split("\n\n") if block.strip())
    assert tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"]
