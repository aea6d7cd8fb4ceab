"""稿次: every print is numbered and never overwritten, and two prints can be compared (DESIGN §1.2)."""

from tracker.versions.difference import Changed, Difference, compare
from tracker.versions.find import find
from tracker.versions.folders import Placed, Workshop, settle
from tracker.versions.numbering import Imprint, Published, Series, content_of, publish
from tracker.versions.rows import rows_of

__all__ = [
    "Changed",
    "Difference",
    "Imprint",
    "Placed",
    "Published",
    "Series",
    "Workshop",
    "compare",
    "content_of",
    "find",
    "publish",
    "rows_of",
    "settle",
]
