"""The records of one stored visit by their names: what a person opens another program at to see the very bytes."""

import gzip
import io
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator

from tracker.evidence.shelf import Evidence
from tracker.model import Exchange

_ANSWERS = frozenset({"response", "resource", "metadata"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One answer of a visit; `record_id` and `digest` are the WARC fields WARC-Record-ID and WARC-Payload-Digest."""

    exchange: Exchange
    record_id: str
    digest: str


def parts(evidence: Evidence, file: str, *, sha256: str = "") -> tuple[Part, ...]:
    """The answers that a file holds, in its order.

    Raises EvidenceDamaged when it is missing, cut, no visit of ours, or differs from `sha256`.
    """
    _, exchanges = evidence.read(file, sha256=sha256)
    named = _names((evidence.root / file).read_bytes())
    return tuple(
        Part(exchange=exchange, record_id=record_id, digest=digest)
        for exchange, (record_id, digest) in zip(exchanges, named, strict=True)
    )


def _names(raw: bytes) -> list[tuple[str, str]]:
    told = []
    for record in ArchiveIterator(io.BytesIO(gzip.decompress(raw))):
        if record.rec_type in _ANSWERS:
            fields = record.rec_headers
            digest = fields.get_header("WARC-Payload-Digest") or fields.get_header("WARC-Block-Digest") or ""
            told.append((fields.get_header("WARC-Record-ID") or "", digest))
    return told
