"""Type words: which platform a filed word means, and which of the seven printed types an account has (domain/registry.md §4)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from tracker.model import Account
from tracker.registry.problems import BadCell
from tracker.registry.tables import Kind, kinds, others
from tracker.text import key, squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A type cell as understood: `word` as filed; `split` = the row names two accounts and the clerk should split it."""

    slug: str
    kind: str
    seven: str
    word: str
    split: bool = False


_OTHER = re.compile(rf"{others().seven}\((.+)\)")
"""其他(某平台), as the work list has it: there is no column for the name."""


@cache
def _known() -> dict[str, Kind]:
    return {word: kind for kind in kinds() for word in kind.words | kind.split}


def platform_of(word: str) -> tuple[str, str, str]:
    """Platform slug, fine kind and 七选一 type of a filed type word. Raises KeyError when the table does not know the word."""
    kind = _known()[key(word)]
    return kind.slug, kind.kind, kind.seven


def is_platform(word: str) -> bool:
    """Whether the table knows this type word (其他 counts)."""
    return key(word) in _known() or key(word) == others().seven


def filed(word: str, other: str) -> Filed:
    """A type cell with its 其他 cell beside it. Any name is taken there; a type cell must hold a known word, else BadCell."""
    if key(word) == others().seven:
        return _other(squeeze(other))
    if bracket := _OTHER.fullmatch(squeeze(unicodedata.normalize("NFKC", word))):
        return _other(bracket[1])
    try:
        slug, kind, seven = platform_of(word)
    except KeyError:
        raise BadCell(f"应为平台类型,例如{_examples()};不在其中的请填“{others().seven}”并在其他类型列写明名称") from None
    return Filed(slug=slug, kind=kind, seven=seven, word=squeeze(word), split=key(word) in _known()[key(word)].split)


def _other(name: str) -> Filed:
    if not name or key(name) == others().seven:
        raise BadCell(f"类型填“{others().seven}”时,应在“其他(新媒体类型)”列写明平台名称")
    if is_platform(name):
        return filed(name, "")
    return Filed(slug=others().slug, kind=name, seven=others().seven, word=name)


def seven_of(account: Account) -> tuple[str, str]:
    """The 七选一 type of an account and the name for the column 其他(新媒体类型), empty unless the type is 其他."""
    kind = _known().get(key(account.kind), others())
    return kind.seven, (account.kind if kind.seven == others().seven else "")


def type_cells(account: Account) -> tuple[str, str]:
    """Type word and 其他 name of an account such that reading them back gives its platform, kind and filed word."""
    if account.platform == others().slug:
        return others().seven, account.kind
    word = account.filed_kind
    fits = is_platform(word) and key(word) != others().seven and platform_of(word)[:2] == (account.platform, account.kind)
    return (word if fits else account.kind), ""


def _examples() -> str:
    return "、".join(kind.kind for kind in kinds() if kind.seven != others().seven)
