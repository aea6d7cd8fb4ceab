"""The docs say what is: generated pages are fresh, commands exist, links lead somewhere, quoted messages are the program's."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import typer

from adapters import ADAPTERS
from tests.docs.commands_page import commands
from tests.docs.written import DOCS, PAGES, TOP, links, mentioned_commands, whole_commands, written
from tracker import settings
from tracker.cli import app
from tracker.reports.forms import FORMS
from tracker.rulebook import RULES
from tracker.rulebook.profile import load

CLI = typer.main.get_command(app)
# typer brings a click of its own: what its parser raises is the base of its BadParameter
Misused = typer.BadParameter.__bases__[0]
INCOMPLETE = ("MissingParameter", "NoArgsIsHelpError")
HAN = re.compile(r"[\u4e00-\u9fff]")


def misuse(arguments: Sequence[str], *, mention: bool = False) -> str:
    """Why the command line would refuse these arguments; "" = it would not. Nothing is run."""
    command, rest, context = CLI, list(arguments), None
    try:
        while True:
            context = command.make_context("tracker", rest, parent=context)
            if not isinstance(command, typer.core.TyperGroup):
                return ""
            left = [*context._protected_args, *context.args]
            if command.invoke_without_command and not left:
                return ""
            _, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
    except Misused as error:
        return "" if mention and type(error).__name__ in INCOMPLETE else str(error) or type(error).__name__


def named(pages: Sequence[Path]) -> list[str]:
    return [path.relative_to(TOP).as_posix() for path in pages]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_generated_page_is_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), f"{path.name} is stale: run `make docs`"


@pytest.mark.parametrize("path", written(), ids=named(written()))
def test_commands_exist_and_links_lead_somewhere(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    refused = [(line, why) for line in whole_commands(page) if (why := misuse(line))]
    refused += [(line, why) for line in mentioned_commands(page) if (why := misuse(line, mention=True))]
    dead = [target for target in links(page) if not (path.parent / target).exists()]
    assert (refused, dead) == ([], [])


def test_the_check_itself_refuses() -> None:
    lines = [".venv/bin/tracker judge --sweep x  # why", "tracker fly", "tracker judge --high", "tracker explain"]
    page = "\n".join(["```sh", *lines, "```", "`tracker explain`"])
    assert [misuse(line) != "" for line in whole_commands(page)] == [False, True, True, True]
    assert [misuse(line, mention=True) for line in mentioned_commands(page)] == [""]
    assert misuse(["observe", "fly"], mention=True)
    assert list(links("[a](b.md#c) ![d](e.png) [f](https://example.com/)")) == ["b.md", "e.png"]


def texts() -> Iterator[tuple[str, str]]:
    """Every Chinese text in the program's code, with its place."""
    for path in (TOP / "tracker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value):
                yield f"{path.relative_to(TOP).as_posix()}:{node.lineno}", node.value


def test_messages_name_commands_that_exist() -> None:
    called = re.compile(r"tracker ([a-z][a-z-]*(?: [a-z]+)?)")
    every = {path for path, _ in commands()}
    known = {" ".join(path.split()[:words]) for path in every for words in (1, 2)} | {f"report {form.name}" for form in FORMS}
    wrong = [
        (place, words)
        for place, text in texts()
        for words in called.findall(text)
        if words not in known and words.split()[0] not in every
    ]
    assert wrong == []


def test_profiles_of_the_handbook_load(tmp_path: Path) -> None:
    page = (DOCS / "handbook" / "06-judge.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        (tmp_path / "own.toml").write_text(block, encoding="utf-8")
        profile = load("own", RULES, [tmp_path])
        assert profile.sentence("UPD-01", "", {"days": 31}) == "监测时间点前31天无更新"


def test_settings_of_the_handbook_load(tmp_path: Path) -> None:
    page = (DOCS / "handbook" / "05-sweep.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / settings.FILE).write_text("\n".join(blocks), encoding="utf-8")
    told = settings.load(tmp_path)
    assert told.feeds
    assert set(told.pace) <= {adapter.platform for adapter in ADAPTERS}


def test_quoted_messages_are_the_programs_own() -> None:
    """In the handbook 「…」 quotes what the program says, a … standing for what differs."""
    said = "\n".join(text for _, text in texts())
    quotes = [
        quote for path in (DOCS / "handbook").glob("*.md") for quote in re.findall("「(.+?)」", path.read_text(encoding="utf-8"))
    ]
    assert quotes
    assert [quote for quote in quotes if not all(part in said for part in quote.split("…"))] == []


def test_every_handbook_page_is_in_its_index() -> None:
    index = (DOCS / "handbook" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (DOCS / "handbook").glob("[0-9]*.md")}
    assert pages
    assert pages - set(links(index)) == set()
