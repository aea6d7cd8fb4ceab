"""Reading written letters back as text, and what a well-made .docx has."""

from pathlib import Path
from zipfile import ZipFile

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree, html


def docx_text(path: Path) -> str:
    """Paragraphs and tables in their order; cells of a row by tabs, as Word shows them."""
    document = Document(str(path))
    told = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            told.append(block.text)
        elif isinstance(block, Table):
            told += ["\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in block.rows]
    return "\n".join(line for line in told if line.strip())


def html_text(path: Path) -> str:
    """The same of a page."""
    page = html.fromstring(path.read_text(encoding="utf-8"))
    for br in page.iter("br"):
        br.tail = "\n" + (br.tail or "")
    told = []
    for element in page.iter("p", "h1", "h2", "li", "tr"):
        if element.tag == "tr":
            told.append("\t".join(cell.text_content().replace("\n", " ") for cell in element.iter("th", "td")))
        else:
            told.append(element.text_content())
    return "\n".join(line for text in told for line in text.split("\n") if line.strip())


def sound(path: Path) -> None:
    """Every part is well-formed, every relationship leads somewhere, every part has a type, every table a grid that fits."""
    with ZipFile(path) as package:
        names = set(package.namelist())
        types = package.read("[Content_Types].xml").decode()
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
            assert f'/{name}"' in types or f'Extension="{name.rsplit(".", 1)[-1]}"' in types, name
        rels = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        known = {one.get("Id") for one in rels}
        inside = [one.get("Target") for one in rels if one.get("TargetMode") != "External"]
        assert {f"word/{target}" for target in inside if not target.startswith("/")} <= names | {"word/../customXml/item1.xml"}
        body = etree.fromstring(package.read("word/document.xml"))
    used = {value for one in body.iter() for name, value in one.attrib.items() if name.startswith(f"{{{_R}}}")}
    assert used <= known
    for table in body.iter(qn("w:tbl")):
        columns = len(table.find(qn("w:tblGrid")))
        for row in table.findall(qn("w:tr")):
            spans = [one.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for one in row.findall(qn("w:tc"))]
            assert sum(int(one.get(qn("w:val"))) if one is not None else 1 for one in spans) == columns


_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
