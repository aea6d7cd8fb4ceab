"""Typer, speaking Chinese: help headings, and one sentence for a command that was typed wrongly."""

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_HELP = {
    "Usage: ": "用法:",
    "\nOptions:\n": "\n选项:\n",
    "\nArguments:\n": "\n参数:\n",
    "\nCommands:\n": "\n命令:\n",
    "[OPTIONS]": "[选项]",
    "[ARGS]": "[参数]",
    "COMMAND": "命令",
    "Show this message and exit.": "显示这段说明",
    "[required]": "[必填]",
    "[default: ": "[默认:",
}
"""What typer's plain help says in English; nothing of ours contains these words."""


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


def _falling_back(default: str) -> type[TyperGroup]:
    """A group in which what is no command of it is told to its command `default`: `report noncompliant` beside `report check`."""

    class Falling(_Group):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if args and args[0] not in (*self.commands, *ctx.help_option_names):
                args = [default, *args]
            return super().parse_args(ctx, args)

    return Falling


def _translated(text: str) -> str:
    for english, chinese in _HELP.items():
        text = text.replace(english, chinese)
    return text


class App(typer.Typer):
    """A group of commands; called without one it shows its help. What is no command of it goes to its command `default`.

    `alone` = its callback does something by itself, too.
    """

    def __init__(self, help: str, default: str = "", *, alone: bool = False, **told: Any) -> None:
        super().__init__(
            cls=_falling_back(default) if default else _Group,
            help=help,
            no_args_is_help=not alone,
            invoke_without_command=alone,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
            **told,
        )

    def command(self, *names: Any, **told: Any) -> Any:
        """As typer's, with help in Chinese."""
        return super().command(*names, cls=_Command, **told)


def sentence(error: typer.TyperException) -> str:
    """What was wrong with a command line, as one Chinese sentence; for a group without its command, the group's help."""
    # typer's classes for these are private: they are known by name
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    words = _WRONG.get(kind, "{message}")
    near = "、".join(getattr(error, "possibilities", None) or ())
    told = words.format(
        message=_message(error.message),
        name=getattr(error, "option_name", ""),
        near=f",是不是要写 {near}" if near else "",
        param=_param(getattr(error, "param", None)),
    )
    context = getattr(error, "ctx", None)
    return f"{told};用法见 {context.command_path if context else 'tracker'} --help"


_WRONG = {
    "NoSuchOption": "没有选项 {name}{near}",
    "MissingParameter": "缺少 {param},它必须填",
    "BadParameter": "{param} 的值不对:{message}",
    "BadOptionUsage": "选项 {name} 用得不对:要填值的选项后面必须有值,开关选项后面不能有值",
}

_MESSAGES = (
    (re.compile(r"No such command '(.*?)'\. Did you mean '(.*)'\?"), r"没有命令 \1,是不是要写 \2"),
    (re.compile(r"No such command '(.*?)'\."), r"没有命令 \1"),
    (re.compile(r"Missing command\."), "缺少命令"),
    (re.compile(r"Got unexpected extra argument(?:\(s\))? \((.*)\)"), r"多出了 \1;有空格的文件名要用引号括起来"),
    (re.compile(r"(?s).*valid integer.*"), "应为整数"),
    (re.compile(r"(?s).*greater than or equal to (-?\d+).*"), r"不能小于 \1"),
    (re.compile(r"(?s).*less than or equal to (-?\d+).*"), r"不能大于 \1"),
)


def _message(english: str) -> str:
    for pattern, chinese in _MESSAGES:
        if found := pattern.fullmatch(english):
            return found.expand(chinese)
    return f"不合要求({english})"


def _param(param: Any) -> str:
    if param is None:
        return "一项参数"
    return str(param.opts[-1] if param.param_type_name == "option" else param.name)
