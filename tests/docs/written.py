"""What docs there are: the generated pages, the pages that people write, and the commands that stand in them."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.docs import columns_page, commands_page, faults_page, platforms_page, rules_page

TOP = Path(__file__).parent.parent.parent
DOCS = TOP / "docs"
PAGES: Mapping[Path, Callable[[], str]] = {
    DOCS / "rules.md": rules_page.page,
    DOCS / "platforms.md": platforms_page.page,
    DOCS / "columns.md": columns_page.page,
    DOCS / "commands.md": commands_page.page,
    DOCS / "faults.md": faults_page.page,
}
"""Generated file → what it has to hold."""

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r"^(?:[$>] )?(?:\.venv[/\\](?:bin|Scripts)[/\\])?tracker(?= )")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")


def written() -> list[Path]:
    """Every Markdown page of the project that people read."""
    return sorted([*TOP.glob("*.md"), *DOCS.rglob("*.md"), *(TOP / "examples").glob("*.md")])


def whole_commands(page: str) -> Iterator[list[str]]:
    """Arguments of each `tracker …` line in a fenced block, without comments, pipes and redirections."""
    for block in _FENCE.findall(page):
        for line in block.splitlines():
            if found := _PROMPT.match(line.strip()):
                yield _arguments(line.strip()[found.end() :])


def mentioned_commands(page: str) -> Iterator[list[str]]:
    """Arguments of each `tracker …` in running text; these may leave out what a command needs."""
    for span in _SPAN.findall(_FENCE.sub("", page)):
        if found := _PROMPT.match(span):
            yield _arguments(span[found.end() :])


def links(page: str) -> Iterator[str]:
    """Targets of links and pictures that lie in the project, without their anchors."""
    for target in _LINK.findall(_FENCE.sub("", page)):
        if not re.match(r"[a-z]+:", target):
            yield target.partition("#")[0]


def _arguments(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    ends = [at for at, word in enumerate(words) if word in ("|", "<", ">", "&&", ";")]
    return words[: min(ends, default=len(words))]
