"""examples/bulletin.docx: what its maker writes, wrong in the planted places only, and what README says that the program says."""

from pathlib import Path

from docx import Document

from tests.bulletin.reading import docx_text
from tests.checking.make_example import NOTE, SLIPS, TARGET, make
from tracker.checking import check, lines

README = Path(__file__).parents[2] / "README.md"


def test_the_example_is_what_its_maker_writes(tmp_path: Path) -> None:
    make(tmp_path / "bulletin.docx")
    text = docx_text(TARGET)
    assert text == docx_text(tmp_path / "bulletin.docx")
    assert NOTE in text
    assert [wrong for wrong in SLIPS.values() if text.count(wrong) != 1] == []


def test_put_right_it_agrees_with_itself(tmp_path: Path) -> None:
    document = Document(str(TARGET))
    for right, wrong in SLIPS.items():
        for paragraph in document.paragraphs:
            for run in paragraph.runs:
                run.text = run.text.replace(wrong, right) if wrong in run.text else run.text
    document.save(str(tmp_path / "bulletin.docx"))
    assert check([tmp_path / "bulletin.docx"]).disagreements == ()


def test_the_readme_shows_what_the_program_says() -> None:
    said = list(lines(check([TARGET])))
    end = next(at for at, line in enumerate(said) if line.startswith("共 "))
    assert "\n".join(said[: end + 1]) in README.read_text(encoding="utf-8")
