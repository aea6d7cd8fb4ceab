"""Letters in Word: filled through docxtpl, with pictures, and with their annexes bound behind them in sections of their own.

An annex is printed from its own form's template and its body taken over as it stands, so that it looks as if printed alone; page
numbers go on, and the 草稿 of the letter's pages stands on its pages too.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast, runtime_checkable
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as Doc
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from lxml.etree import _Element

from tracker.errors import UsageError
from tracker.reports.form import AnyTable, Context
from tracker.reports.templates import environment, find_template, values, write_docx

WORD_PICTURES = ("image/png", "image/jpeg")
"""What Word shows; WebP it does not."""

_EDGES = (qn("w:headerReference"), qn("w:footerReference"))
_LINKED = (qn("r:id"), qn("r:embed"), qn("r:link"), qn("r:pict"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture for a letter: PNG, JPEG or WebP bytes, and how wide it is printed."""

    kind: str
    """Media type."""
    data: bytes
    width_mm: float

    @property
    def fits_word(self) -> bool:
        """Whether Word can show it."""
        return self.kind in WORD_PICTURES


class Attached(Protocol):
    """An annex as a letter holds it."""

    @property
    def table(self) -> AnyTable:
        """The form."""
        ...


@runtime_checkable
class WithAnnexes(Protocol):
    """A letter that has annexes."""

    @property
    def annexes(self) -> tuple[Attached, ...]:
        """In their order."""
        ...


def write_letter(context: Context, template: Path, to: Path, templates: Path | None = None) -> None:
    """Fill the letter's Word template and bind its annexes behind it. Raises UsageError naming the template that cannot be used.

    Beside the context a template gets `image(picture)`, which prints an `Image`.
    """
    document = _filled(context, template)
    if isinstance(context, WithAnnexes):
        for annex in context.annexes:
            _bind(document, annex.table, templates)
    document.core_properties.title = context.title[:200]
    document.save(str(to))


def _filled(context: Context, template: Path) -> Doc:
    try:
        letter = DocxTemplate(template)
        jinja = environment(word=True)
        jinja.globals["image"] = lambda picture: InlineImage(letter, BytesIO(picture.data), width=Mm(picture.width_mm))
        letter.render(dict(values(context)), jinja, autoescape=True)
    except (TemplateError, PackageNotFoundError, BadZipFile, KeyError) as error:
        known = "、".join(values(context))
        raise UsageError(
            f"报表模板 {template} 不能使用({error}):可用的名称是 {known};请改正模板,或删除它以使用自带的模板。"
        ) from error
    with BytesIO() as rendered:
        letter.save(rendered)
        rendered.seek(0)
        return Document(rendered)


def _bind(document: Doc, table: AnyTable, templates: Path | None) -> None:
    """Close the last section and let the annex's body follow, with the annex's own paper."""
    template = find_template(f"{table.form}.docx", templates)
    with TemporaryDirectory(prefix="annex-") as folder:
        path = Path(folder) / "annex.docx"
        write_docx(table, template, path)
        annex = Document(str(path))
    last = document.element.body.sectPr
    paper = _paper(annex, last)
    _last_paragraph(document).get_or_add_pPr().append(deepcopy(last))
    for part in _body(annex, template):
        last.addprevious(part)
    last.getparent().replace(last, paper)


def _paper(annex: Doc, last: CT_SectPr) -> CT_SectPr:
    """Size, margins and grid of the annex, heads and feet of the letter."""
    paper: CT_SectPr = deepcopy(annex.element.body.sectPr)
    for edge in [one for one in paper if one.tag in _EDGES]:
        paper.remove(edge)
    for at, edge in enumerate(one for one in last if one.tag in _EDGES):
        paper.insert(at, deepcopy(edge))
    return paper


def _last_paragraph(document: Doc) -> CT_P:
    """The paragraph that ends the section; a body that ends in a table gets an empty one."""
    body = document.element.body
    last: CT_P | None = body.sectPr.getprevious()
    if last is None or last.tag != qn("w:p") or last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        last = cast(CT_P, OxmlElement("w:p"))
        body.sectPr.addprevious(last)
    return last


def _body(annex: Doc, template: Path) -> Iterator[_Element]:
    """What stands in an annex. Raises UsageError for a picture or link, which lies outside of the body."""
    for part in list(annex.element.body):
        if part.tag == qn("w:sectPr"):
            continue
        if any(name in element.attrib for element in part.iter() for name in _LINKED):
            raise UsageError(
                f"附件模板 {template} 的正文里有图片、链接或分节,不能并入通报;请从模板正文中去掉,或单独打印这个附件。"
            )
        yield deepcopy(part)
