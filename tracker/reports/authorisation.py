"""授权函: an owner lets the checking office read its accounts' own data through the platform's official interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.reports.letter import BLANK, BLANK_DATE, Office, Paragraph, broken, date_words, fill, paragraphs
from tracker.reports.wording import CELL_MOST, plain

NAME = "authorisation"
_TITLE = ("政务新媒体账号", "数据读取", "授权函")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One interface that is used."""

    address: str
    use: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """One account of the letter."""

    seq: int
    kind: str
    name: str
    number: str
    """微信号 / UID as filed; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All that authorisation.txt gets."""

    organisation: str
    office: str
    basis: str
    accounts: int
    calls: int
    contact: str
    until: str
    revoke: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationContext:
    """All that authorisation.docx and authorisation.html get."""

    form: str
    title: str
    """With the organisation; names the files."""
    title_lines: tuple[str, ...]
    start: date
    end: date
    draft: bool
    office: str
    """To whom it is addressed: the checking office."""
    organisation: str
    """Who signs it: the owner."""
    paragraphs: tuple[Paragraph, ...]
    accounts: tuple[Owned, ...]
    calls: tuple[Call, ...]


def build(
    *,
    office: Office,
    organisation: str,
    accounts: Sequence[Owned],
    calls: Sequence[Call],
    revoke: str,
    on: date,
    until: date,
    templates: Path | None = None,
) -> AuthorisationContext:
    """The letter of one organisation, to be signed by it. Raises UsageError for a template that cannot be used."""
    whom = plain(organisation)
    to = plain(office.organiser or office.issuer) or BLANK
    words = Words(
        organisation=whom,
        office=to,
        basis=plain(office.basis, CELL_MOST) or BLANK,
        accounts=len(accounts),
        calls=len(calls),
        contact=plain(office.contact) or BLANK,
        until=date_words(until) if until > on else BLANK_DATE,
        revoke=plain(revoke, CELL_MOST),
    )
    return AuthorisationContext(
        form=NAME,
        title=plain(f"{whom}{''.join(_TITLE)}", CELL_MOST),
        title_lines=broken(_TITLE),
        start=on,
        end=until,
        draft=BLANK in (to, words.contact),
        office=to,
        organisation=whom,
        paragraphs=paragraphs(fill(f"{NAME}.txt", words, templates)),
        accounts=tuple(accounts),
        calls=tuple(calls),
    )
