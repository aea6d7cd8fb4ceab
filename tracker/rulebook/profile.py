"""A profile (地方口径): thresholds, wording, effects, verdict policy of one place, as TOML (DESIGN §6)."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from tracker.errors import UsageError
from tracker.model import Conclusion, Effect
from tracker.rulebook.rule import Rule

SHIPPED = Path(__file__).parent / "profiles"

_WORDING = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_KEYS = frozenset(
    {"name", "title", "extends", "must_know", "words", "lifecycle", "absence", "rules", "effects", "wording", "source"}
)


class AbsenceEffect(StrEnum):
    """What a notice of absence (停更报备) does."""

    EXEMPT = "exempt"
    """Its days do not count as silence, from the day of its filing on."""
    NOTE = "note"
    """It is mentioned, and changes nothing."""
    NONE = "none"
    """It is not known at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One place's way of judging. `rules` are ready to ask; `digest` is the hash of everything that the file says."""

    name: str
    title: str
    source: str
    rules: tuple[Rule, ...]
    must_know: tuple[str, ...]
    words: Mapping[Conclusion, str]
    lifecycle: tuple[str, ...]
    """Registry statuses that stand instead of a finding."""
    effects: Mapping[str, Effect]
    """By code, or by the letters before the dash."""
    wording: Mapping[str, Template]
    digest: str
    absence: AbsenceEffect = AbsenceEffect.NONE

    def effect(self, code: str) -> Effect:
        """What a finding of this code does; a code that the profile does not name is only noted."""
        return self.effects.get(code) or self.effects.get(code.split("-")[0]) or Effect.NOTE

    def sentence(self, code: str, otherwise: str, slots: Mapping[str, object]) -> str:
        """The sentence printed for a code, `otherwise` where the profile has none, or where it asks for what nobody counted.

        A person's report has no slots: its own words stand (lint names slots that no rule gives).
        """
        template = self.wording.get(code)
        try:
            return template.render(slots) if template else otherwise
        except UndefinedError:
            return otherwise


def names(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """All profiles that can be named, the workspace's own first."""
    return tuple(dict.fromkeys(path.stem for folder in (*folders, SHIPPED) for path in sorted(folder.glob("*.toml"))))


def load(name: str, book: Sequence[type[Rule]], folders: Sequence[Path] = ()) -> Profile:
    """The profile of this name, from the workspace's folders first. Raises UsageError naming the file and the key."""
    told = _merged(name, (*folders, SHIPPED), ())
    where = f"口径 {name}"
    unknown = sorted(set(told) - _KEYS)
    if unknown:
        raise UsageError(f"{where}:不认识的键 {unknown[0]};可用的键:{'、'.join(sorted(_KEYS))}")
    by_code = {rule.code: rule for rule in book}
    settings = _table(told, "rules", where)
    for code in settings:
        if code not in by_code:
            raise UsageError(f"{where}:[rules.{code}] 没有这条规则;现有规则:{'、'.join(by_code)}")
    rules = tuple(
        _rule(rule, _table(settings, code, where), where)
        for code, rule in by_code.items()
        if _table(settings, code, where).get("on", code in settings)
    )
    return Profile(
        name=name,
        title=str(told.get("title", name)),
        source=str(told.get("source", "")),
        rules=rules,
        must_know=_must_know(told, rules, where),
        words=_words(_table(told, "words", where), where),
        lifecycle=tuple(str(word) for word in _table(told, "lifecycle", where).get("words", ())),
        effects=_effects(_table(told, "effects", where), settings, by_code, where),
        wording={code: _template(code, text, where) for code, text in _table(told, "wording", where).items()},
        digest=hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest(),
        absence=_absence(_table(told, "absence", where), where),
    )


def _merged(name: str, folders: Sequence[Path], above: tuple[str, ...]) -> dict[str, Any]:
    if name in above:
        raise UsageError(f"口径 {name}:extends 绕成了圈({' → '.join((*above, name))})")
    path = next((folder / f"{name}.toml" for folder in folders if (folder / f"{name}.toml").is_file()), None)
    if path is None:
        known = dict.fromkeys(file.stem for folder in folders for file in sorted(folder.glob("*.toml")))
        raise UsageError(f"没有名为 {name} 的口径;现有口径:{'、'.join(known)}")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"口径文件 {path} 读不懂:{error}") from error
    base = told.pop("extends", None)
    return _over(_merged(str(base), folders, (*above, name)), told) if base else told


def _over(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], value) if both else value
    return merged


def _table(told: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = told.get(key, {})
    if not isinstance(found, dict):
        raise UsageError(f"{where}:{key} 应当是一个表([{key}]),现在是 {found!r}")
    return found


def _rule(rule: type[Rule], told: Mapping[str, Any], where: str) -> Rule:
    thresholds = {field.name: field for field in fields(rule)}  # type: ignore[arg-type]  # every rule is a dataclass
    given: dict[str, object] = {}
    for key, value in told.items():
        if key in ("on", "effect"):
            continue
        if key not in thresholds:
            raise UsageError(f"{where}:[rules.{rule.code}] 没有参数 {key};可用:{'、'.join(('on', 'effect', *thresholds))}")
        expected = type(thresholds[key].default)
        value = tuple(value) if isinstance(value, list) else value
        if type(value) is not expected:
            raise UsageError(f"{where}:[rules.{rule.code}] {key} = {value!r},应当是 {expected.__name__}")
        given[key] = value
    return rule(**given)


def _must_know(told: Mapping[str, Any], rules: Sequence[Rule], where: str) -> tuple[str, ...]:
    known = {rule.code for rule in rules}
    wanted = tuple(str(code) for code in told.get("must_know", ()))
    for code in wanted:
        if code not in known:
            raise UsageError(f"{where}:must_know 里的 {code} 不是启用的规则;启用的:{'、'.join(sorted(known))}")
    return wanted


def _words(told: Mapping[str, Any], where: str) -> Mapping[Conclusion, str]:
    wanted = {one.value: one for one in Conclusion if one is not Conclusion.LIFECYCLE}
    for key in told:
        if key not in wanted:
            raise UsageError(f"{where}:[words] 没有 {key};应为 {'、'.join(wanted)}")
    absent = [key for key in wanted if key not in told]
    if absent:
        raise UsageError(f"{where}:[words] 缺 {'、'.join(absent)}")
    return {wanted[key]: str(value) for key, value in told.items()}


def _effects(
    told: Mapping[str, Any], settings: Mapping[str, Any], by_code: Mapping[str, type[Rule]], where: str
) -> Mapping[str, Effect]:
    effects = {code: _effect(word, where, code) for code, word in told.items()}
    for code, table in settings.items():
        if "effect" in table:
            effects.update(dict.fromkeys(by_code[code].codes, _effect(table["effect"], where, code)))
    return effects


def _effect(word: object, where: str, code: str) -> Effect:
    if word not in tuple(Effect):
        raise UsageError(f"{where}:{code} 的 effect = {word!r},应为 {'、'.join(Effect)}")
    return Effect(str(word))


def _absence(told: Mapping[str, Any], where: str) -> AbsenceEffect:
    for key in told:
        if key != "effect":
            raise UsageError(f"{where}:[absence] 没有 {key};应为 effect")
    word = told.get("effect", AbsenceEffect.NONE)
    if word not in tuple(AbsenceEffect):
        raise UsageError(f"{where}:[absence] effect = {word!r},应为 {'、'.join(AbsenceEffect)}")
    return AbsenceEffect(str(word))


def _template(code: str, text: object, where: str) -> Template:
    try:
        return _WORDING.from_string(str(text))
    except TemplateError as error:
        raise UsageError(f"{where}:[wording] {code} 的句子写错了:{error}") from error
