"""Tables that come in (.xlsx, .xls, .csv, tables of .docx) and go out (.xlsx, .csv) as files. No meaning is read here."""

from tracker.files.document import read_document
from tracker.files.read import read_sheets
from tracker.files.word import Written
from tracker.files.write import write_csv, write_xlsx

__all__ = ["Written", "read_document", "read_sheets", "write_csv", "write_xlsx"]
