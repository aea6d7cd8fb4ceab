"""One account's 检查报告: facts, findings with what they rest on, when it posted, evidence, and how to object (DESIGN §1.2).

Plain records: who builds them maps the verdict card; nothing here reads a file but templates.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from jinja2 import TemplateError
from markupsafe import Markup

from tracker.clock import SHANGHAI
from tracker.errors import UsageError
from tracker.reports.binding import Image
from tracker.reports.form import Form
from tracker.reports.letter import (
    BLANK,
    BLANK_DATE,
    LETTER_FORMATS,
    Office,
    Paragraph,
    broken,
    date_words,
    fill,
    paragraphs,
    window_words,
)
from tracker.reports.templates import environment, find_template
from tracker.reports.timeline import Timeline
from tracker.reports.wording import CELL_MOST, TITLE_MOST, plain

FORM = Form(name="account", words="账号检查报告", formats=LETTER_FORMATS)

_QUOTE_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the head table."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One piece of evidence: what it is (原文, 发布, 填报), the words, when and where, and the stored record behind it."""

    what: str
    text: str
    when: str
    url: str
    stored: str
    """File and digest of the record, or why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One finding."""

    seq: int
    code: str
    message: str
    """The printed sentence."""
    effect: str
    """否决, 列明 or 提醒."""
    status: str
    """程序判定, 已确认 or 未复核."""
    basis: str
    because: str
    """Dates and sums."""
    enough: str
    """What would have made it pass; empty where the rule cannot say."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit that the report rests on."""

    at: str
    route: str
    outcome: str
    url: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One day of posts as a row, newest first: for who reads without the picture."""

    day: str
    silent: str
    """Days to the next post or the check day."""
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that a person attached; `image` None = it cannot be shown here, and `caption` says why."""

    caption: str
    image: Image | None = None

    @property
    def address(self) -> str:
        """The picture as a data address for HTML; empty without one."""
        return f"data:{self.image.kind};base64,{b64encode(self.image.data).decode()}" if self.image else ""

    @property
    def in_word(self) -> bool:
        """Whether Word can show it."""
        return self.image is not None and self.image.fits_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Objecting:
    """All that account.txt gets."""

    name: str
    failing: bool
    issuer: str
    contact: str
    days: int
    """Working days in which an objection may be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContext:
    """All that account.docx and account.html get. Every text is one line without control characters."""

    form: str
    title: str
    title_lines: tuple[str, ...]
    start: date
    end: date
    draft: bool
    name: str
    facts: tuple[Fact, ...]
    faults: tuple[Fault, ...]
    """Findings that stand, in rule order; () = none."""
    unknown: tuple[Fact, ...]
    """What could not be answered, with the reason."""
    notes: tuple[str, ...]
    drawing: str
    """The timeline as SVG: shown as it is."""
    drawing_summary: str
    drawing_image: Image | None
    """The timeline for Word; None = no browser was there to draw it, and the table of days stands alone."""
    posted: tuple[Posted, ...]
    looks: tuple[Look, ...]
    pictures: tuple[Picture, ...]
    paragraphs: tuple[Paragraph, ...]
    """How to object."""
    signature: str
    issued: str


def build(
    *,
    office: Office,
    name: str,
    kind: str,
    start: date,
    end: date,
    draft: bool,
    failing: bool,
    facts: Sequence[Fact],
    faults: Sequence[Fault],
    unknown: Sequence[Fact],
    notes: Sequence[str],
    timeline: Timeline,
    drawing: str,
    drawing_image: Image | None,
    posted: Sequence[Posted],
    looks: Sequence[Look],
    pictures: Sequence[Picture],
    templates: Path | None = None,
) -> AccountContext:
    """The report of one account. Raises UsageError for a template that cannot be used."""
    issuer = plain(office.issuer) or BLANK
    words = Objecting(
        name=plain(name), failing=failing, issuer=issuer, contact=plain(office.contact) or BLANK, days=office.objection_days
    )
    pieces = (f"“{plain(name, 60)}”", f"（{plain(kind, 20)}）", "检查报告")
    return AccountContext(
        form=FORM.name,
        title=plain(f"{plain(name, 60)}({plain(kind, 20)})检查报告", TITLE_MOST),
        title_lines=broken(pieces),
        start=start,
        end=end,
        draft=draft,
        name=plain(name),
        facts=(*facts, Fact(name="监测时间", value=window_words(start, end))),
        faults=tuple(faults),
        unknown=tuple(unknown),
        notes=tuple(plain(one, CELL_MOST) for one in notes),
        drawing=drawing,
        drawing_summary=timeline.summary,
        drawing_image=drawing_image,
        posted=tuple(posted),
        looks=tuple(looks),
        pictures=tuple(pictures),
        paragraphs=paragraphs(fill("account.txt", words, templates)),
        signature=plain(office.signature or office.issuer) or BLANK,
        issued=date_words(office.issued) if office.issued else BLANK_DATE,
    )


def quote_text(text: str) -> str:
    """Quoted words on one line."""
    return plain(text, _QUOTE_MOST)


def moment(at: datetime) -> str:
    """`2026-11-06 09:30`, Shanghai time."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def draw(timeline: Timeline, templates: Path | None = None) -> Markup:
    """The picture as SVG, from timeline.svg; its texts are escaped there. Raises UsageError naming the template."""
    template = find_template("timeline.svg", templates)
    slots = {one: getattr(timeline, one) for one in Timeline.__dataclass_fields__}
    try:
        return Markup(environment().from_string(template.read_text(encoding="utf-8-sig")).render(slots))  # noqa: S704
    except (TemplateError, UnicodeDecodeError) as error:
        raise UsageError(f"图形模板 {template} 不能使用({error}):可用的名称是 {'、'.join(slots)};请改正或删除它。") from error
