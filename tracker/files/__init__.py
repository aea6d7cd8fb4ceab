"""Tables that come in (.xlsx, .xls, .csv, tables of .docx) and go out (.xlsx, .csv) as files. No meaning is read here."""

from tracker.files.read import read_sheets
from tracker.files.write import write_csv, write_xlsx

__all__ = ["read_sheets", "write_csv", "write_xlsx"]
