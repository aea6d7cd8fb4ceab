"""A profile (地方口径): thresholds, wording, effects, verdict policy of one place, as TOML (DESIGN §6)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from tracker import holidays as calendars
from tracker.errors import UsageError, reason
from tracker.holidays import Calendar
from tracker.model import Conclusion, Effect
from tracker.rulebook import reading
from tracker.rulebook.lexicon import Lexicon
from tracker.rulebook.rule import Rule
from tracker.rulebook.sources import Mistakes, Place, Source, Unreadable, place, read
from tracker.rulebook.wording import filled

SHIPPED = Path(__file__).parent / "profiles"

_KEYS = (
    "title",
    "source",
    "extends",
    "must_know",
    "confirm",
    "warnings",
    "holidays",
    "words",
    "lifecycle",
    "absence",
    "rules",
    "effects",
    "wording",
    "own",
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
    """One place's way of judging. `rules` are ready to ask; `digest` is the hash of everything that the files say."""

    name: str
    title: str
    source: str
    rules: tuple[Rule, ...]
    must_know: tuple[str, ...]
    words: Mapping[Conclusion, str]
    """As written; that for `failed` may use {{ findings }}."""
    lifecycle: tuple[str, ...]
    """Registry statuses that stand instead of a finding."""
    effects: Mapping[str, Effect]
    """By code, or by the letters before the dash."""
    wording: Mapping[str, str]
    """Sentences by code, as written."""
    digest: str
    absence: AbsenceEffect = AbsenceEffect.NONE
    noted: str = ""
    """The word for an account that passes with findings that only note or remind (基本合格); empty = that for `passed`."""
    lifecycle_counts: bool = True
    """Whether accounts with such a status stay in the pass rate (domain/rules.md §3)."""
    confirm: int = 2
    """How many people a veto in a final list takes, 1 or 2; tracker.toml comes before it."""
    warnings: tuple[str, ...] = ()
    """Codes or families of which the first finding only reminds; one that stood in the period before counts (盘锦)."""
    calendar: Calendar = field(default_factory=calendars.shipped)

    def effect(self, code: str) -> Effect:
        """What a finding of this code does; a code that the profile does not name is only noted."""
        return self.effects.get(code) or self.effects.get(code.split("-")[0]) or Effect.NOTE

    def warns(self, code: str) -> bool:
        """Whether the first finding of this code only reminds."""
        return code in self.warnings or code.split("-")[0] in self.warnings

    def sentence(self, code: str, otherwise: str, slots: Mapping[str, object]) -> str:
        """The sentence printed for a code; `otherwise` where the profile has none, or where it asks for what nobody told."""
        told = self.wording.get(code)
        return (filled(told, slots) if told else None) or otherwise

    def word(self, conclusion: Conclusion, findings: str = "") -> str:
        """The word printed for a conclusion; `findings` are the sentences of the findings that count, joined by a comma."""
        told = self.noted if conclusion is Conclusion.PASSED and findings and self.noted else self.words[conclusion]
        return filled(told, {"findings": findings}) or told


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A mistake in a profile's files: one Chinese sentence, and where to put it right."""

    text: str
    place: Place


def names(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """All profiles that can be named, the workspace's own first."""
    return tuple(dict.fromkeys(path.stem for folder in (*folders, SHIPPED) for path in sorted(folder.glob("*.toml"))))


def load(name: str, book: reading.Book, folders: Sequence[Path] = (), holidays: Path | None = None) -> Profile:
    """The profile of this name, from the workspace's folders first; `holidays` is the workspace's own table, if it has one.

    Raises UsageError naming the file, the line and the key of the first mistake; `faults` tells them all.
    """
    path = _path(name, folders)
    if path is None:
        raise UsageError(f"没有名为 {name} 的口径;现有口径:{'、'.join(names(folders))}")
    profile, wrong = _read(path, book, folders, holidays)
    if profile is None or wrong:
        first = wrong[0]
        raise UsageError(f"口径 {name}:{first.text}({first.place.path} 第{first.place.line}行)")
    return profile


def with_words(profile: Profile, lexicon: Lexicon) -> Profile:
    """The profile judging with these word lists; its digest then tells them too."""
    rules = tuple(
        replace(rule, lexicon=lexicon) if "lexicon" in getattr(rule, "__dataclass_fields__", ()) else rule  # type: ignore[type-var]
        for rule in profile.rules
    )
    digest = hashlib.sha256(f"{profile.digest} {lexicon.digest}".encode()).hexdigest()
    return replace(profile, rules=rules, digest=digest)


def faults(path: Path, book: reading.Book, folders: Sequence[Path] = ()) -> tuple[Fault, ...]:
    """Everything that is wrong with a profile's file, in the order of its lines. Raises UsageError when it cannot be opened."""
    _, found = _read(path, book, (path.parent, *folders), None)
    return tuple(sorted(found, key=lambda one: (one.place.path != path, one.place.line)))


def _path(name: str, folders: Sequence[Path]) -> Path | None:
    return next((folder / f"{name}.toml" for folder in (*folders, SHIPPED) if (folder / f"{name}.toml").is_file()), None)


def _read(
    path: Path, book: reading.Book, folders: Sequence[Path], holidays: Path | None
) -> tuple[Profile | None, tuple[Fault, ...]]:
    wrong = Mistakes()
    try:
        sources, whole = _chain(path, folders, wrong)
    except OSError as error:
        raise UsageError(f"打不开口径文件 {path}({reason(error)});请检查路径") from error
    except Unreadable as error:
        return None, (Fault(text=f"口径文件读不懂:{error}", place=Place(path=error.path, line=error.line)),)
    profile = _profile(path.stem, sources, book, holidays, wrong, whole=whole)
    return profile, tuple(Fault(text=one.text, place=place(one, sources)) for one in wrong.found)


def _chain(path: Path, folders: Sequence[Path], wrong: Mistakes) -> tuple[list[Source], bool]:
    """The file and those that it extends, itself first, and whether all of them could be read."""
    sources, above = [read(path)], [path.stem]
    while sources[-1].told.get("extends"):
        name, at = sources[-1].base, sources[-1]
        base = _path(name, folders)
        if name in above:
            wrong.add(f"extends 绕成了圈({' → '.join((*above, name))})", ("extends",), source=at)
            return sources, False
        if base is None:
            wrong.add(f"extends:没有名为 {name} 的口径;现有口径:{'、'.join(names(folders))}", ("extends",), source=at)
            return sources, False
        try:
            sources.append(read(base))
        except Unreadable as error:
            wrong.add(f"extends 的口径 {name} 读不懂:{error}(第{error.line}行)", ("extends",), source=at)
            return sources, False
        above.append(name)
    return sources, True


def _profile(
    name: str, sources: Sequence[Source], book: reading.Book, holidays: Path | None, wrong: Mistakes, *, whole: bool
) -> Profile:
    told, own = _merged(sources), reading.Own()
    for source in reversed(sources):
        own.read(source, wrong)
    for key in told.keys() - set(_KEYS):
        wrong.add(f"不认识的键 {key};可用的键:{'、'.join(_KEYS)}", (key,))
    every = reading.every_code(book, tuple(own.rules.values()))
    rules = (*reading.rules(told, book, wrong), *own.rules.values())
    words, noted = reading.words(told, wrong, whole=whole)
    lifecycle = reading.table(told, "lifecycle", wrong)
    warnings = reading.texts(told, "warnings", wrong)
    reading.codes(warnings, every, "warnings", wrong, families=True)
    calendar = _calendar(sources, holidays, wrong)
    return Profile(
        name=name,
        title=reading.text(told, "title", name, wrong),
        source=reading.text(told, "source", "", wrong),
        rules=rules,
        must_know=reading.must_know(told, rules, wrong) if whole else (),
        words=words,
        lifecycle=reading.texts(lifecycle, "words", wrong, ("lifecycle",)),
        effects=reading.effects(told, book, own.effects, every, wrong),
        wording=reading.wording(told, own.messages, every, wrong),
        digest=_digest(told, own, calendar),
        absence=_absence(told, wrong),
        noted=noted,
        lifecycle_counts=_counts(lifecycle, wrong),
        confirm=_confirm(told, wrong),
        warnings=warnings,
        calendar=calendar,
    )


def _merged(sources: Sequence[Source]) -> dict[str, Any]:
    """What the files say together, without their own rules, which are read file by file."""
    told: dict[str, Any] = {}
    for source in reversed(sources):
        told = _over(told, {key: value for key, value in source.told.items() if key not in ("extends", "own")})
    return told


def _over(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], value) if both else value
    return merged


def _counts(lifecycle: Mapping[str, Any], wrong: Mistakes) -> bool:
    for key in lifecycle.keys() - {"words", "counts"}:
        wrong.add(f"[lifecycle] 没有 {key};应为 words、counts", ("lifecycle", key))
    counts = lifecycle.get("counts", True)
    if not isinstance(counts, bool):
        wrong.add(f"[lifecycle] counts = {counts!r},应为 true 或 false", ("lifecycle", "counts"))
    return counts is not False


def _confirm(told: Mapping[str, Any], wrong: Mistakes) -> int:
    confirm = told.get("confirm", 2)
    if type(confirm) is not int or confirm not in (1, 2):
        wrong.add(f"confirm = {confirm!r},应为 1(一人复核)或 2(两人复核)", ("confirm",))
        return 1
    return confirm


def _absence(told: Mapping[str, Any], wrong: Mistakes) -> AbsenceEffect:
    said = reading.table(told, "absence", wrong)
    for key in said.keys() - {"effect"}:
        wrong.add(f"[absence] 没有 {key};应为 effect", ("absence", key))
    return reading.word(said, "effect", AbsenceEffect, AbsenceEffect.NONE, wrong, ("absence",))


def _calendar(sources: Sequence[Source], holidays: Path | None, wrong: Mistakes) -> Calendar:
    """The shipped calendar, over it the workspace's, over it the profile's; a file is named from the folder of its profile."""
    calendar = calendars.shipped()
    if holidays is not None:
        calendar = calendars.read(holidays).over(calendar)
    for source in reversed(sources):
        told = source.told.get("holidays")
        if told is None:
            continue
        if not isinstance(told, str) or not told.strip():
            wrong.add(f"holidays = {told!r},应当是带引号的文件名", ("holidays",), source=source)
            continue
        file = source.path.parent / told
        found = calendars.mistakes(file)
        for one in found:
            wrong.add(one, ("holidays",), source=source)
        calendar = calendar if found else calendars.read(file).over(calendar)
    return calendar


def _digest(told: Mapping[str, Any], own: reading.Own, calendar: Calendar) -> str:
    said: dict[str, object] = dict(told)
    if own.rules:
        said["own"] = {code: [repr(rule), own.effects[code], own.messages[code]] for code, rule in own.rules.items()}
    if calendar is not calendars.shipped():
        said["calendar"] = [sorted(map(str, days)) for days in (calendar.off, calendar.worked)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
