"""docs/commands.md: every command of the command line with what it takes, from the program's own help."""

from collections.abc import Iterator
from typing import Any

import typer

from tests.docs.table import NOTICE, table
from tracker.cli import app


def page() -> str:
    """The whole page, ending in a line end."""
    every = dict(sorted(commands()))
    head = "工作区取自命令前的 `--workspace`,没有写就用所在文件夹或它的上级。平时怎么用见[手册](handbook/README.md)。"
    codes = table(("退出码", "意思"), EXITS)
    parts = ["# 命令", NOTICE, head, codes]
    for path, command in every.items():
        parts += _command(path, command)
    return "\n\n".join(parts) + "\n"


EXITS = (
    ("0", "做完了"),
    ("1", "查出了问题,例如证据损坏"),
    ("2", "命令、文件或设置不对,没有做"),
    ("3", "做完了,但有账号没能看到"),
)


def commands(group: Any = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by the words that call it."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if isinstance(command, typer.core.TyperGroup):
            if command.invoke_without_command:
                yield f"{path}{name}", command
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def _command(path: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    yield f"## {path}"
    yield (command.help or "").strip()
    rows = [(f"`{one.name.upper()}`", _help(one)) for one in arguments]
    rows += [(_spelling(one), _help(one)) for one in command.params if one.param_type_name == "option" and one.name != "help"]
    if rows:
        yield table(("参数和选项", "意思"), rows)


def _spelling(option: Any) -> str:
    names = "`、`".join((*option.opts, *option.secondary_opts))
    return f"`{names}`" if option.is_flag else f"`{names} …`"


def _help(one: Any) -> str:
    told = one.help or ("每行一个 JSON" if "--json" in one.opts else "")
    if one.param_type_name == "option" and one.required:
        return f"{told}(必填)"
    said = one.default not in (None, "", False, True) and not callable(one.default)
    return f"{told}(默认 {one.default})" if said else told
