"""A command line that was typed wrongly is answered in Chinese, with the help to read."""

import pytest
import typer
from typer.main import get_command

from tests.cli.conftest import Run
from tracker.cli import app
from tracker.cli.app import App


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nonsense"], ["没有命令 nonsense", "tracker --help"]),
        (["acounts"], ["没有命令 acounts", "是不是要写 accounts"]),
        (["accounts", "imprt"], ["没有命令 imprt", "tracker accounts --help"]),
        (["accounts", "list", "--jsn"], ["没有选项 --jsn", "--json"]),
        (["accounts", "import"], ["缺少 file"]),
        (["accounts", "import", "a.xlsx", "b.xlsx"], ["多出了 b.xlsx", "引号"]),
        (["sweep", "--check-date"], ["--check-date"]),
        (["accounts", "list", "--json=3"], ["--json"]),
        (["read", "x", "y", "--url", "z", "--status", "abc"], ["--status", "应为整数"]),
        (["--workspace", "x"], ["缺少命令"]),
        (["accounts", "show", "weibo:\udc80"], ["不能识别的字符"]),
    ],
)
def test_a_typo_is_one_chinese_sentence(bare: Run, argv: list[str], words: list[str]) -> None:
    bare(*argv).refused(*words)


def test_without_a_command_the_help_is_shown(bare: Run) -> None:
    for argv in ([], ["accounts"], ["review"]):
        said = bare(*argv)
        assert (said.code, "命令:" in said.err) == (2, True)


def test_version(bare: Run) -> None:
    said = bare("--version")
    assert (said.code, said.out.startswith("tracker 0.")) == (0, True)


def groups(told: typer.Typer) -> list[typer.Typer]:
    return [told, *(inner for one in told.registered_groups if one.typer_instance for inner in groups(one.typer_instance))]


def test_every_help_is_in_chinese() -> None:
    assert all(isinstance(group, App) for group in groups(app))
    left = [([], get_command(app))]
    while left:
        path, command = left.pop()
        told = command.make_context("tracker", ["--help"], resilient_parsing=True).get_help()
        for english in ("Usage", "Options", "Commands", "Arguments", "Show this", "[required]", "[default"):
            assert english not in told, (path, english)
        assert command.help
        assert any("\u4e00" <= letter <= "\u9fff" for letter in command.help), path
        for param in command.params:
            assert getattr(param, "help", "") or param.name == "help", (path, param.name)
        left.extend(([*path, name], inner) for name, inner in getattr(command, "commands", {}).items())
