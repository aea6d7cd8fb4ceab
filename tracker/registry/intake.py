"""What the readers of a registry and of an observation sheet share: which sheets count, and who a line is about."""

from collections.abc import Iterable, Sequence

from tracker.model import Sheet
from tracker.registry.cells import line_of, link_of
from tracker.registry.header import WITHIN, Header, find_header, headers_seen
from tracker.registry.lines import Line
from tracker.registry.platforms import Filed, filed
from tracker.registry.problems import BadCell, Problem
from tracker.registry.tables import columns

REQUIRED = ("platform", "name", "organisation")
"""Fields that a registry must have as columns."""

_LONGEST_NAME = 200
"""Characters; platforms allow 30 and less, names of apps are longer."""


def headed(sheets: Sequence[Sheet], problems: list[Problem], warnings: list[str]) -> list[tuple[Sheet, Header]]:
    """The sheets that have a header, with it; what is wrong with the others goes to `problems` or `warnings`."""
    found = [(sheet, find_header(sheet)) for sheet in sheets]
    if not any(header for _, header in found):
        problems.extend(_no_header(sheet) for sheet, _ in found)
        return []
    warnings.extend(f"“{sheet.name}”没有账号表头,未读取。" for sheet, header in found if not header)
    return [(sheet, header) for sheet, header in found if header]


def missing(sheet: Sheet, header: Header, required: Iterable[str]) -> list[Problem]:
    """One problem for each required column that a sheet lacks, with the headers found."""
    have = set(header.fields) | ({"platform", "name"} if header.wide else set())
    seen = "、".join(header.titles.values())
    return [
        Problem(
            sheet=sheet.name,
            row=sheet.first_row + header.row,
            column="",
            value=seen,
            expected=f"没有“{columns().titles[each]}”列,整张表不能导入:找到的表头是{seen};请补上这一列或改正表头",
        )
        for each in required
        if each not in have
    ]


def _no_header(sheet: Sheet) -> Problem:
    wanted, seen = "、".join(columns().titles[each] for each in REQUIRED), headers_seen(sheet)
    return Problem(
        sheet=sheet.name,
        row=0,
        column="",
        value=seen,
        expected=f"前 {WITHIN} 行里没有账号表头:应至少有{wanted},最像表头的一行是“{seen}”;请改正表头后再导入",
    )


def identity(line: Line, problems: list[Problem]) -> Filed | None:
    """The type of a line's account; a missing name or an unknown type becomes a problem."""
    if not line.line("name"):
        problems.append(line.problem("name", "应填账号名称;名称不会从合并单元格下传,没有账号请填“/”"))
    elif line.line("name").startswith("="):
        problems.append(line.problem("name", "应为账号名称,不能是公式:请改成文字"))
    elif len(line.line("name")) > _LONGEST_NAME:
        told = f"应为账号名称,这一格却有 {len(line.line('name'))} 个字:请检查是否把整段文字粘进了一格"
        problems.append(line.problem("name", told))
    try:
        return filed(line.text("platform"), line.line("platform_other"))
    except BadCell as bad:
        problems.append(line.problem("platform", str(bad)))
        return None


def link_behind(name: object) -> str:
    """The address behind a name cell that is a hyperlink; else empty."""
    url = link_of(name)
    return url if url != line_of(name) and url.startswith(("http://", "https://")) else ""
