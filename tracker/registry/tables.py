"""The two data files of this package, read once and checked: a wrong key there is named, not guessed around."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tracker.errors import UsageError
from tracker.text import key

_BRACKET = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One fine platform of platforms.toml; `words` and `split` in the form of `text.key`."""

    kind: str
    slug: str
    seven: str
    words: frozenset[str]
    split: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """columns.toml: header words (in the form of `header_key`) and the closed word lists of cells."""

    fields: Mapping[str, str]
    """Header word → field."""
    titles: Mapping[str, str]
    """Field → the header that we print."""
    wide: frozenset[str]
    either: frozenset[str]
    personal: tuple[str, ...]
    quarter_problems: re.Pattern[str]
    quarter_rectified: re.Pattern[str]
    past: re.Pattern[str]
    statuses: tuple[str, ...]
    org_types: tuple[str, ...]
    no_name: frozenset[str]
    never: frozenset[str]
    clean: frozenset[str]
    totals: re.Pattern[str]
    footer: re.Pattern[str]
    answers: Mapping[str, bool]


def header_key(header: str) -> str:
    """The form in which headers are compared: as names, without the * that marks required columns."""
    return key(header).strip("*")


def bare(header: str) -> str:
    """A header key without its trailing bracket: 检查情况(微信) is 检查情况."""
    return _BRACKET.sub("", header)


@cache
def kinds() -> tuple[Kind, ...]:
    """The platform table in file order. Raises UsageError naming the entry that is wrong."""
    return tuple(_kind(entry, number) for number, entry in enumerate(_list(_load("platforms.toml").get("kinds")), 1))


@cache
def others() -> Kind:
    """The entry for types that the table does not know, filed as 其他 with a name."""
    entry = _table(_load("platforms.toml").get("others"), "platforms.toml: others")
    return Kind(kind="", slug=str(entry["slug"]), seven=str(entry["seven"]), words=frozenset(), split=frozenset())


@cache
def columns() -> Columns:
    """The column table. Raises UsageError naming the key that is wrong."""
    data = _load("columns.toml")
    part = {name: _table(data.get(name), f"columns.toml: [{name}]") for name in data}
    fields, values = part["fields"], part["values"]
    return Columns(
        fields={header_key(word): field for field, words in fields.items() for word in _words(words, field)},
        titles={field: _words(words, field)[0] for field, words in fields.items()},
        wide=frozenset(map(header_key, _words(part["wide"]["headers"], "wide"))),
        either=frozenset(map(header_key, _words(part["either"]["headers"], "either"))),
        personal=_words(part["personal"]["words"], "personal"),
        quarter_problems=re.compile(str(part["quarters"]["problems"])),
        quarter_rectified=re.compile(str(part["quarters"]["rectified"])),
        past=re.compile(str(part["past"]["words"])),
        statuses=_words(values["statuses"], "statuses"),
        org_types=_words(values["org_types"], "org_types"),
        no_name=frozenset(map(key, _words(values["no_name"], "no_name"))),
        never=frozenset(map(key, _words(values["never"], "never"))),
        clean=frozenset(map(key, _words(values["clean"], "clean"))),
        totals=re.compile(str(values["totals"])),
        footer=re.compile(str(values["footer"])),
        answers={word: bool(meaning) for word, meaning in part["answers"].items()},
    )


def _kind(entry: object, number: int) -> Kind:
    where = f"platforms.toml: kinds[{number}]"
    table = _table(entry, where)
    if missing := {"kind", "slug", "seven", "words"} - table.keys():
        raise UsageError(f"{where} 缺少 {'、'.join(sorted(missing))}:请补上后重试。")
    own = (str(table["kind"]), *_words(table["words"], where))
    return Kind(
        kind=str(table["kind"]),
        slug=str(table["slug"]),
        seven=str(table["seven"]),
        words=frozenset(map(key, own)),
        split=frozenset(map(key, _words(table.get("split", []), where))),
    )


def _load(name: str) -> Mapping[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} 应是一个表:请按文件开头的说明改正。")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise UsageError("platforms.toml 应有 [[kinds]] 列表:请按文件开头的说明改正。")
    return value


def _words(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise UsageError(f"{where} 应是词语列表:请按文件开头的说明改正。")
    return tuple(value)
