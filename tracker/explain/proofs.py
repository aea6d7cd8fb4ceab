"""From a quoted sentence to the stored bytes that hold it: which file, which record, which words around it (DESIGN §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.errors import EvidenceCleared, EvidenceDamaged
from tracker.evidence import Evidence
from tracker.evidence.parts import Part, parts
from tracker.explain.quoting import Place, find
from tracker.model import Hit
from tracker.text import squeeze

_AROUND = 40
"""Characters shown on either side of a quote."""
_NO_FILE = "不来自采集,没有对应的证据文件"
_NOT_FOUND = "证据文件完好,但没有在其中找到这段文字对应的记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One piece of evidence with the stored record behind it. `trouble` = why there is none, one Chinese sentence.

    `url`, `at` (of the capture), `page`, `record_id` and `digest` are the record's; `before`, `quote` and `after` are its words,
    `quote` empty where the record is known by its address alone.
    """

    hit: Hit
    what: str
    """原文, 发布 (a post behind a sum) or 填报 (a clerk's row)."""
    file: str = ""
    url: str = ""
    at: datetime | None = None
    page: str = ""
    record_id: str = ""
    digest: str = ""
    before: str = ""
    quote: str = ""
    after: str = ""
    trouble: str = ""


class Files:
    """Stored visits, each read once; `damaged` collects what is wrong with them."""

    def __init__(self, evidence: Evidence, digests: Mapping[str, str]) -> None:
        self._evidence, self._digests = evidence, digests
        self._read: dict[str, tuple[Part, ...] | str] = {}
        self._cleared: set[str] = set()

    @property
    def damaged(self) -> tuple[str, ...]:
        """One sentence for each file that is missing, cut or altered; what was cleared away by rule is not damaged."""
        return tuple(told for file, told in self._read.items() if isinstance(told, str) and file not in self._cleared)

    def show(self, hit: Hit, what: str = "原文") -> Shown:
        """The record behind a piece of evidence."""
        if not hit.file:
            return Shown(hit=hit, what=what, trouble=_NO_FILE)
        held = self.parts(hit.file)
        if isinstance(held, str):
            return Shown(hit=hit, what=what, file=hit.file, trouble=held)
        found = _locate(held, hit)
        if found is None:
            return Shown(hit=hit, what=what, file=hit.file, trouble=_NOT_FOUND)
        part, place = found
        return Shown(
            hit=hit,
            what=what,
            file=hit.file,
            url=part.exchange.url,
            at=part.exchange.at,
            page=part.exchange.page,
            record_id=part.record_id,
            digest=part.digest,
            before=squeeze(place.before)[-_AROUND:] if place else "",
            quote=squeeze(place.quote) if place else "",
            after=squeeze(place.after)[:_AROUND] if place else "",
        )

    def parts(self, file: str) -> tuple[Part, ...] | str:
        """The records of a file, or one sentence on what is wrong with it."""
        if file not in self._read:
            try:
                self._read[file] = parts(self._evidence, file, sha256=self._digests.get(file, ""))
            except EvidenceDamaged as damage:
                self._read[file] = str(damage)
                if isinstance(damage, EvidenceCleared):
                    self._cleared.add(file)
        return self._read[file]


def _locate(held: Sequence[Part], hit: Hit) -> tuple[Part, Place | None] | None:
    """The record of the hit's own address that holds the quote, else any that holds it, else the one of that address."""
    own = [part for part in held if hit.url and part.exchange.url == hit.url]
    if hit.quote.strip():
        for part in [*own, *(part for part in held if part not in own)]:
            if place := find([part.exchange], hit.quote):
                return part, place
    known = own or (held if len(held) == 1 else [])
    return (known[0], None) if known else None
