"""征求意见函: what one organisation is asked before the list is printed, with everything that each finding rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.model import Finding
from tracker.reports.account import AccountContext
from tracker.reports.form import Form
from tracker.reports.letter import BLANK, Office, Paragraph, broken, date_words, fill, paragraphs, window_words
from tracker.reports.lines import Line, finding_text
from tracker.reports.wording import CELL_MOST, TITLE_MOST, plain

FORM = Form(name="consult", words="征求意见函", nothing="没有不合格账号,不用征求意见", formats=("docx", "html", "pdf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultRow:
    """One finding of one account. Every text is one line without control characters."""

    seq: int
    """1..n over the findings of the letter."""
    kind: str
    """新媒体类型 as filed."""
    name: str
    """新媒体名称."""
    problem: str
    basis: str
    """Document and clause."""
    because: str
    """Dates and sums that led here."""
    enough: str
    """What would have made it pass; empty where the rule cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulting:
    """All that consult.txt gets."""

    organisation: str
    period: str
    scope: str
    window: str
    basis: str
    accounts: int
    findings: int
    deadline: str
    report_to: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultContext:
    """All that consult.docx and consult.html get; `accounts` are the reports that the offline PDF holds behind the letter."""

    form: str
    title: str
    title_lines: tuple[str, ...]
    start: date
    end: date
    draft: bool
    organisation: str
    """To whom it goes."""
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[ConsultRow, ...]
    accounts: tuple[AccountContext, ...]
    deadline: str
    report_to: str
    signature: str
    issued: str


def build(
    *,
    office: Office,
    period: str,
    scope: str,
    start: date,
    end: date,
    found: Sequence[tuple[Line, Finding]],
    accounts: Sequence[AccountContext],
    deadline: date,
    issued: date,
    templates: Path | None = None,
) -> ConsultContext:
    """The letter to the organisation of these findings (all of one). Raises UsageError for a template that cannot be used."""
    account = found[0][0].account
    organisation = plain(account.organisation or account.name)
    report_to = plain(office.report_to or office.issuer) or BLANK
    words = Consulting(
        organisation=organisation,
        period=plain(period),
        scope=plain(scope),
        window=window_words(start, end),
        basis=plain(office.basis, CELL_MOST) or BLANK,
        accounts=len({line.account.account_id for line, _ in found}),
        findings=len(found),
        deadline=date_words(deadline),
        report_to=report_to,
        contact=plain(office.contact) or BLANK,
    )
    pieces = (organisation, plain(period), "政务新媒体", "检查情况", "征求意见函")
    return ConsultContext(
        form=FORM.name,
        title=plain("".join(pieces), TITLE_MOST),
        title_lines=broken(pieces[1:]),
        start=start,
        end=end,
        draft=False,
        organisation=organisation,
        paragraphs=paragraphs(fill("consult.txt", words, templates)),
        rows=tuple(_row(seq, line, finding) for seq, (line, finding) in enumerate(found, 1)),
        accounts=tuple(accounts),
        deadline=date_words(deadline),
        report_to=report_to,
        signature=plain(office.signature or office.issuer) or BLANK,
        issued=date_words(issued),
    )


def _row(seq: int, line: Line, finding: Finding) -> ConsultRow:
    return ConsultRow(
        seq=seq,
        kind=plain(line.account.filed_kind or line.account.kind),
        name=plain(line.account.name),
        problem=finding_text(finding),
        basis=plain(finding.basis, CELL_MOST),
        because=plain(finding.arithmetic, CELL_MOST),
        enough=plain(finding.counterfactual, CELL_MOST),
    )
