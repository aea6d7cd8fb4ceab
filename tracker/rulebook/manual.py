"""A rule as people read it: its docstring taken apart, its thresholds in words (the page of rules, docs/rules.md)."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, fields

from tracker.rulebook.profile import Profile
from tracker.rulebook.rule import By, Rule, RuleClass

WHO: Mapping[By, str] = {
    By.AUTOMATIC: "程序判定,不需要复核",
    By.CANDIDATE: "程序列出,人复核后才算数",
    By.PERSON: "程序看不到,由人填报",
}
"""Who may find it, in words."""

PARAMETERS: Mapping[str, str] = {
    "limit": "期限(天)",
    "inclusive": "满期限当天是否就算超期",
    "long_after": "超过多少天算长期不更新(UPD-02)",
    "dead_after": "超过多少天算“僵尸”(UPD-03)",
    "working": "期限是不是按工作日算",
    "originals_only": "是不是只认原创(转发不算更新)",
    "doubtful": "被赞的账号属于哪几类要人看",
    "words": "词表之外,内容里还有哪些字眼要人看",
    "trusted": "被赞的账号属于哪几类时,话题不计",
    "free_text": "哪几种线索是文字,要看语境",
    "allowed": "允许多少条没有回复",
    "after": "相隔多少天以上算旧稿",
    "placeholders": "编辑器的占位文字",
    "leaving": "台账状态含哪些字就算已在关停",
    "notice": "停更、关停公告的标题怎样写(正则表达式)",
    "stopped": "台账状态含哪些字就算已停运",
}
"""What a rule's field is called; a new field needs a line here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a rule's manual page: `label` is 查什么, 怎么判, 不算 or 依据."""

    label: str
    text: str


def entries(rule: RuleClass) -> tuple[Entry, ...]:
    """The manual page of a rule: its docstring below the first line; an indented line goes on with the one above."""
    _, *said = inspect.cleandoc(inspect.getdoc(rule) or "").splitlines() or [""]
    found: list[str] = []
    for line in said:
        if line.startswith(" ") and found:
            found[-1] += line.strip()
        elif line.strip():
            found.append(line.strip())
    parts = (line.partition(":") for line in found)
    return tuple(Entry(label=label, text=text) for label, _, text in parts)


def thresholds(rule: RuleClass) -> Mapping[str, object]:
    """The fields that a profile may set → what the rule has for itself."""
    found = fields(rule)  # type: ignore[arg-type]  # every rule is a dataclass
    return {one.name: one.default for one in found if one.metadata.get("setting", True)}


def ready(profile: Profile, code: str) -> Rule | None:
    """The rule of a code as the profile has it; None where it does not use it."""
    return next((one for one in profile.rules if code in one.codes), None)


def in_words(value: object) -> str:
    """A threshold as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
