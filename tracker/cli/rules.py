"""rules: what the rules are, what each profile makes of them, and what is wrong with a profile's file."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.app import App
from tracker.cli.common import existing, json_line, say, table, workspace
from tracker.errors import UsageError
from tracker.explain import EFFECT
from tracker.rulebook import RULES, Rule
from tracker.rulebook.profile import Profile, faults, load, names
from tracker.rulebook.reading import settable
from tracker.rulebook.simple import Simple

MISTAKES = 1
"""Exit code: the file has mistakes."""

Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    rules = App("规则和地方口径。")
    rules.command("list")(list_rules)
    rules.command("show")(show_rule)
    rules.command("lint")(lint)
    app.add_typer(rules, name="rules")


def list_rules(context: typer.Context, as_lines: Json = False) -> None:
    """列出规则和口径,以及每个口径怎样用这条规则。"""
    if as_lines:
        for rule in RULES:
            json_line({"code": rule.code, "codes": rule.codes, "title": rule.title, "basis": rule.basis, "by": str(rule.by)})
        return
    profiles = _loadable(_folders(context))
    rows = [
        ("、".join(rule.codes), rule.title, *(_effect(profile, rule.code) for profile in profiles), rule.basis) for rule in RULES
    ]
    table("规则", ("代码", "名称", *(profile.name for profile in profiles), "依据"), rows)
    say(f"口径:{'、'.join(names(_folders(context)))}")


def show_rule(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="例如 UPD-01")],
    profile: Annotated[str | None, typer.Option(help="只看这个口径的设置;默认全部口径")] = None,
) -> None:
    """一条规则的说明(查什么、怎么判、不算、依据),和各口径的设置。"""
    folders, wanted = _folders(context), code.upper()
    profiles = [load(profile, RULES, folders)] if profile else _loadable(folders)
    rule = next((rule for rule in RULES if wanted in rule.codes), None)
    own = [one for each in profiles for one in each.rules if wanted in one.codes and isinstance(one, Simple)]
    if rule is None and not own:
        raise UsageError(f"没有规则 {code};现有:{'、'.join(code for rule in RULES for code in rule.codes)}")
    say("、".join(rule.codes) if rule else wanted)
    if rule:
        say(inspect.getdoc(rule) or "")
    else:
        say(f"{own[0].title}\n怎么判:{'、'.join(one.says() for one in own[0].when)},都符合即成立。\n依据:{own[0].basis}")
    told = [dict(_settings(one, wanted)) for one in profiles]
    rows = [(what, *(one[what] for one in told)) for what in told[0]]
    table("各口径的设置", ("设置", *(one.name for one in profiles)), rows)


def lint(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="口径文件(.toml)")],
    as_lines: Json = False,
) -> None:
    """检查口径文件,逐条指出哪一行写错了。有错误时退出码为 1。"""
    found = faults(existing(file), RULES, _folders(context))
    for one in found:
        if as_lines:
            json_line({"file": str(one.place.path), "line": one.place.line, "message": one.text})
        else:
            say(f"{one.place.path.name} 第{one.place.line}行:{one.text}")
    if found:
        raise typer.Exit(MISTAKES)
    if not as_lines:
        say("没有发现错误")


def _folders(context: typer.Context) -> list[Path]:
    """The workspace's own profiles, where there is a workspace: `rules` works without one."""
    try:
        with workspace(context) as ws:
            return [ws.root / "profiles"]
    except UsageError:
        return []


def _loadable(folders: Sequence[Path]) -> list[Profile]:
    """Every profile that can be loaded; what is wrong with the others `rules lint` says."""
    found = []
    for name in names(folders):
        with suppress(UsageError):
            found.append(load(name, RULES, folders))
    return found


def _effect(profile: Profile, code: str) -> str:
    return EFFECT[profile.effect(code)] if _rule(profile, code) else "不用"


def _rule(profile: Profile, code: str) -> Rule | None:
    return next((rule for rule in profile.rules if code in rule.codes), None)


def _settings(profile: Profile, code: str) -> Iterator[tuple[str, str]]:
    """What a profile makes of a code: the effect, each threshold, the sentence."""
    rule = _rule(profile, code)
    yield "效果", _effect(profile, code)
    book = next((one for one in RULES if code in one.codes), None)
    for key in settable(book) if book else ():
        yield key, _value(getattr(rule, key)) if rule else ""
    yield "用语", profile.wording.get(code, "") if rule else ""


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
