"""The keys of a profile, each read strictly; what is wrong is collected, so that all of it can be told at once.

Every reader takes what the profile's files say together, gives the value (a harmless one in place of a wrong one), and adds
each mistake with the keys under which it stands.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from tracker.model import Conclusion, Effect
from tracker.rulebook.rule import By, Rule, RuleClass
from tracker.rulebook.simple import CODE, FACTS, Condition, Simple, condition
from tracker.rulebook.sources import Key, Mistakes, Source
from tracker.rulebook.taxonomy import kinds
from tracker.rulebook.wording import fault, slots_for

Told = Mapping[str, Any]
Book = Sequence[RuleClass]

_WORDS = {one.value: one for one in Conclusion if one is not Conclusion.LIFECYCLE}
NOTED = "noted"
"""Key of the word for an account with no finding but such as are only noted or reminded of (基本合格)."""
_SLOTS: Mapping[str, Mapping[str, object]] = {Conclusion.FAILED: {"findings": "未及时更新"}, NOTED: {"findings": "未及时更新"}}
"""What the words of a conclusion may use."""
_BUILT_IN = (bool, int, str, tuple)
_OWN = ("code", "title", "basis", "message", "effect", "by", "when")
_OWN_NEEDED = ("code", "title", "basis", "message", "when")

_Word = TypeVar("_Word", bound=StrEnum)


def table(told: Told, key: str, wrong: Mistakes, at: Key = ()) -> Told:
    """The table under a key; empty where there is none."""
    found = told.get(key, {})
    if isinstance(found, dict):
        return found
    wrong.add(f"{key} 应当是一个表([{'.'.join(map(str, (*at, key)))}]),现在是 {found!r}", (*at, key))
    return {}


def text(told: Told, key: str, otherwise: str, wrong: Mistakes) -> str:
    """The text under a key."""
    found = told.get(key, otherwise)
    if isinstance(found, str):
        return found
    wrong.add(f"{key} = {found!r},应当是带引号的文字", (key,))
    return otherwise


def texts(told: Told, key: str, wrong: Mistakes, at: Key = ()) -> tuple[str, ...]:
    """The list of texts under a key."""
    found = told.get(key, [])
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return tuple(found)
    wrong.add(f"{key} = {found!r},应当是方括号里几个带引号的词", (*at, key))
    return ()


def word(told: Told, key: str, words: type[_Word], otherwise: _Word, wrong: Mistakes, at: Key = ()) -> _Word:
    """One of a few words under a key."""
    return _one_of(told.get(key, otherwise), key, words, otherwise, wrong, (*at, key), ".".join(map(str, at)))


def _one_of(
    found: object,
    key: str,
    words: type[_Word],
    otherwise: _Word,
    wrong: Mistakes,
    at: Key,
    label: str,
    source: Source | None = None,
) -> _Word:
    if isinstance(found, str) and found in tuple(words):
        return words(found)
    named = f"[{label}] " if label else ""
    wrong.add(f"{named}{key} = {found!r},应为 {'、'.join(words)}", at, source=source)
    return otherwise


def rules(told: Told, book: Book, wrong: Mistakes) -> tuple[Rule, ...]:
    """The rules that are on, in the order of the book, their thresholds set."""
    by_code = {rule.code: rule for rule in book}
    settings = table(told, "rules", wrong)
    for code in settings.keys() - by_code.keys():
        wrong.add(f"[rules.{code}] 没有这条规则;现有规则:{'、'.join(by_code)}", ("rules", code))
    found = [(_rule(rule, table(settings, code, wrong, ("rules",)), wrong), code) for code, rule in by_code.items()]
    return tuple(rule for rule, code in found if code in settings and _on(settings[code], code, wrong))


def _on(told: object, code: str, wrong: Mistakes) -> bool:
    on = told.get("on", True) if isinstance(told, dict) else True
    if not isinstance(on, bool):
        wrong.add(f"[rules.{code}] on = {on!r},应为 true 或 false", ("rules", code, "on"))
    return on is not False


def settable(rule: RuleClass) -> Mapping[str, object]:
    """The thresholds that a profile may set, each with what holds where none does."""
    told = fields(rule)  # type: ignore[arg-type]  # every rule is a dataclass
    return {one.name: one.default for one in told if type(one.default) in _BUILT_IN and one.metadata.get("setting", True)}


def _rule(rule: RuleClass, told: Told, wrong: Mistakes) -> Rule:
    every = settable(rule)
    given: dict[str, object] = {}
    for key, value in told.items():
        at: Key = ("rules", rule.code, key)
        if key in ("on", "effect"):
            continue
        if key not in every:
            wrong.add(f"[rules.{rule.code}] 没有参数 {key};可用:{'、'.join(('on', 'effect', *every))}", at)
        elif clause := _unfit(value, type(every[key])):
            wrong.add(f"[rules.{rule.code}] {key} = {value!r},{clause}", at)
        else:
            given[key] = tuple(value) if isinstance(value, list) else value
    made = rule(**given)
    if getattr(made, "inclusive", False) and getattr(made, "limit", 1) < 1:
        wrong.add(f"[rules.{rule.code}] 当天也算超期(inclusive)时 limit 至少是 1", *(("rules", rule.code, one) for one in given))
    return made


def _unfit(value: object, expected: type) -> str:
    """Why a value is no threshold of this type, as a clause; empty when it is one."""
    if expected is tuple:
        fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if fits else "应当是方括号里几个带引号的词"
    if type(value) is not expected:
        return {bool: "应为 true 或 false", int: "应当是整数"}.get(expected, "应当是带引号的文字")
    return "不能是负数" if isinstance(value, int) and value < 0 else ""


def must_know(told: Told, on: Sequence[Rule], wrong: Mistakes) -> tuple[str, ...]:
    """The codes of rules that have to be answered."""
    known = [rule.code for rule in on]
    wanted = texts(told, "must_know", wrong)
    for code in wanted:
        if code not in known:
            told_off: Key = ("rules", code, "on")
            wrong.add(f"must_know 里的 {code} 不是启用的规则;启用的:{'、'.join(known)}", told_off, ("must_know",))
    return tuple(code for code in wanted if code in known)


def codes(told: Sequence[str], known: Collection[str], key: str, wrong: Mistakes, *, families: bool) -> None:
    """Checks that these are codes, or with `families` the letters before a code's dash."""
    every = {*known, *(code.split("-")[0] for code in known)} if families else set(known)
    for code in told:
        if code not in every:
            wrong.add(f"{key} 里没有 {code} 这个代码;代码见 tracker rules list", (key, code), (key,))


def every_code(book: Book, own: Sequence[Simple]) -> set[str]:
    """Every code that a finding can have."""
    told = [rule.codes for rule in book] + [rule.codes for rule in own]
    return {code for some in told for code in some} | {kind.code for kind in kinds()}


def effects(told: Told, book: Book, own: Mapping[str, Effect], known: Collection[str], wrong: Mistakes) -> dict[str, Effect]:
    """Effects by code or family: those of own rules, over them [effects], over all [rules]."""
    said = table(told, "effects", wrong)
    codes(tuple(said), known, "effects", wrong, families=True)
    found = dict(own) | {code: word(said, code, Effect, Effect.NOTE, wrong, ("effects",)) for code in said}
    settings = table(told, "rules", Mistakes())
    for rule in book:
        setting = settings.get(rule.code)
        if isinstance(setting, dict) and "effect" in setting:
            effect = word(setting, "effect", Effect, Effect.NOTE, wrong, ("rules", rule.code))
            found.update(dict.fromkeys(rule.codes, effect))
    return found


def words(told: Told, wrong: Mistakes, *, whole: bool) -> tuple[Mapping[Conclusion, str], str]:
    """The words of the conclusions, and the word for `noted`; `whole` = all of the profile's files were read."""
    said = table(told, "words", wrong)
    for key, value in said.items():
        if key not in _WORDS and key != NOTED:
            wrong.add(f"[words] 没有 {key};应为 {'、'.join((*_WORDS, NOTED))}", ("words", key))
        elif clause := fault(value, _SLOTS.get(key, {})):
            wrong.add(f"[words] {key}:{clause}", ("words", key))
    absent = [key for key in _WORDS if key not in said]
    if absent and whole:
        wrong.add(f"[words] 缺 {'、'.join(absent)}", ("words",))
    return {_WORDS[key]: str(value) for key, value in said.items() if key in _WORDS}, str(said.get(NOTED, ""))


def wording(told: Told, own: Mapping[str, str], known: Collection[str], wrong: Mistakes) -> dict[str, str]:
    """The sentences by code: those of own rules, over them [wording]."""
    said = table(told, "wording", wrong)
    codes(tuple(said), known, "wording", wrong, families=False)
    found = dict(own)
    for code, message in said.items():
        slots = slots_for(code) | (dict.fromkeys(FACTS, 1) if CODE.fullmatch(code) else {})
        if clause := fault(message, slots):
            wrong.add(f"[wording] {code} 的{clause}", ("wording", code))
        else:
            found[code] = message
    return found


class Own:
    """The own rules of a profile's files, base first; a later file's table replaces that of the same code."""

    def __init__(self) -> None:
        self.rules: dict[str, Simple] = {}
        self.effects: dict[str, Effect] = {}
        self.messages: dict[str, str] = {}

    def read(self, source: Source, wrong: Mistakes) -> None:
        """Takes over the [[own]] tables of one file."""
        told = source.told.get("own", [])
        if not isinstance(told, list):
            wrong.add("own 应当写成 [[own]](双方括号)", ("own",), source=source)
            return
        seen: set[str] = set()
        for at, one in enumerate(told):
            if not isinstance(one, dict):
                wrong.add("own 应当写成 [[own]](双方括号)", ("own", at), source=source)
            else:
                self._take(one, at, source, seen, wrong)

    def _take(self, told: Told, at: int, source: Source, seen: set[str], wrong: Mistakes) -> None:
        here = Mistakes()
        for text_, key in _own_faults(told, seen):
            here.add(text_, ("own", at, key), source=source)
        when = tuple(_when(told.get("when"), at, source, here))
        by = _one_of(told.get("by", By.CANDIDATE), "by", By, By.CANDIDATE, here, ("own", at, "by"), "[own]", source)
        effect = _one_of(
            told.get("effect", Effect.NOTE), "effect", Effect, Effect.NOTE, here, ("own", at, "effect"), "[own]", source
        )
        if clause := _too_sure(by, when):
            here.add(clause, ("own", at, "by"), source=source)
        wrong.found += here.found
        code = str(told.get("code"))
        seen.add(code)
        if here.found:
            return
        self.rules[code] = Simple(code=code, title=told["title"], basis=told["basis"], by=by, when=when)
        self.effects[code], self.messages[code] = effect, told["message"]


def _own_faults(told: Told, seen: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with an own rule apart from its conditions, each with its key."""
    for key in told:
        if key not in _OWN:
            yield f"[[own]] 没有 {key};可用:{'、'.join(_OWN)}", key
    if absent := [key for key in _OWN_NEEDED if key not in told]:
        yield f"[[own]] 缺 {'、'.join(absent)}", "code"
    for key in ("title", "basis"):
        if key in told and not (isinstance(told[key], str) and told[key].strip()):
            yield f"[[own]] {key} = {told[key]!r},应当是带引号的文字", key
    code = told.get("code")
    if "code" in told and not (isinstance(code, str) and CODE.fullmatch(code)):
        yield f"[[own]] code = {code!r},应为 LOC-01 到 LOC-99", "code"
    elif code in seen:
        yield f"[[own]] 代码 {code} 前面已经用过", "code"
    asked = told.get("when")
    slots = slots_for("LOC") | dict.fromkeys(asked if isinstance(asked, dict) else FACTS, 1)
    if "message" in told and (clause := fault(told["message"], slots)):
        yield f"[[own]] message 的{clause}", "message"


def _when(told: object, at: int, source: Source, wrong: Mistakes) -> Iterator[Condition]:
    if told is None:
        return
    if not isinstance(told, dict) or not told:
        wrong.add('[[own]] when 应写成 { idle_days = "> 30" } 的样子', ("own", at, "when"), source=source)
        return
    for name, value in told.items():
        found = condition(name, value)
        if isinstance(found, Condition):
            yield found
        else:
            wrong.add(f"[[own]] when {found}", ("own", at, "when", name), source=source)


def _too_sure(by: By, when: Sequence[Condition]) -> str:
    """Why a rule may not be found in this way, as a clause; empty when it may."""
    if by is By.PERSON:
        return "[[own]] by 应为 automatic(程序判定)或 candidate(由人复核)"
    doubtful = [one.name for one in when if FACTS[one.name].review]
    if by is By.AUTOMATIC and doubtful:
        return f"[[own]] 用了 {'、'.join(doubtful)},要由人复核,by 应为 candidate"
    return ""
