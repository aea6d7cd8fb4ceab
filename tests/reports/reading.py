"""Reading the written files back: the words around the table, and the table with `^` for a cell that is covered from above."""

from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from lxml import html
from openpyxl import load_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """`head` and `foot` are the lines above and below the table, empty ones left out."""

    head: list[str]
    header: list[str]
    rows: list[list[str]]
    foot: list[str]
    landscape: bool


def of_docx(path: Path) -> Read:
    document = Document(str(path))
    told: tuple[list[str], list[str]] = ([], [])
    table = None
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            table = block
        elif block.text:
            told[table is not None].append(block.text)
    header, *rows = [[_word_cell(cell) for cell in row._tr.tc_lst] for row in table.rows]
    section = document.sections[0]
    return Read(head=told[0], header=header, rows=rows, foot=told[1], landscape=section.page_width > section.page_height)


def _word_cell(cell: object) -> str:
    merge = cell.tcPr.find(qn("w:vMerge"))
    text = "\n".join("".join(run.text for run in p.r_lst) for p in cell.p_lst)
    if merge is not None and merge.get(qn("w:val"), "continue") == "continue":
        assert text == ""
        return "^"
    return text


def of_xlsx(path: Path) -> Read:
    sheet = load_workbook(path).active
    grid = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    header = int(sheet.print_title_rows.strip("$").partition(":")[0]) - 1
    last = len(grid)
    for area in sheet.merged_cells.ranges:
        if area.min_row <= header or area.min_col != area.max_col:
            last = min(last, area.min_row - 1) if area.min_row > header + 1 else last
            continue
        for row in range(area.min_row, area.max_row):
            grid[row][area.min_col - 1] = "^"
    return Read(
        head=[row[0] for row in grid[:header]],
        header=grid[header],
        rows=grid[header + 1 : last],
        foot=[row[0] for row in grid[last:]],
        landscape=sheet.page_setup.orientation == "landscape",
    )


def of_html(path: Path) -> Read:
    source = path.read_text(encoding="utf-8")
    page = html.fromstring(source)
    for br in page.iter("br"):
        br.tail = "\n" + (br.tail or "")
    head = [page.xpath(f"string({where})") for where in ("//p[@class='label']", "//h1", "//p[@class='window']")]
    (header,) = [[cell.text_content() for cell in row] for row in page.xpath("//thead/tr")]
    return Read(
        head=[line for line in head if line],
        header=header,
        rows=_spread(page.xpath("//tbody/tr"), len(header)),
        foot=[p.text_content() for p in page.xpath("//p[@class='note']")],
        landscape="A4 landscape" in source,
    )


def _spread(rows: list[object], columns: int) -> list[list[str]]:
    grid: list[list[str]] = []
    covered = [0] * columns
    for row in rows:
        cells = iter(row)
        line = []
        for index in range(columns):
            if covered[index]:
                covered[index] -= 1
                line.append("^")
                continue
            cell = next(cells)
            covered[index] = int(cell.get("rowspan", "1")) - 1
            line.append(cell.text_content())
        assert not list(cells)
        grid.append(line)
    assert not any(covered)
    return grid


READERS = {"docx": of_docx, "xlsx": of_xlsx, "html": of_html}
