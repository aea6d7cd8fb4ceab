"""What every peer writes for an account: a gzip WARC file made durable, a line of a chained manifest, a row of a journal.

The same that our own program writes, by the same library and as durable; neither redaction nor locks are asked of a peer.
"""

import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One answer as it came."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


class Evidence:
    """A folder of WARC files with `manifest.jsonl`, and `journal.db` beside."""

    def __init__(self, out: Path) -> None:
        self._folder = out / "warc"
        self._folder.mkdir(parents=True)
        self._manifest = (self._folder / "manifest.jsonl").open("ab", buffering=0)
        self._last, self._lines = "0" * 64, 0
        self._journal = sqlite3.connect(out / "journal.db", isolation_level=None)
        self._journal.execute("PRAGMA journal_mode=wal")
        self._journal.execute("PRAGMA synchronous=FULL")
        columns = "account_id TEXT PRIMARY KEY, file TEXT, sha256 TEXT, at TEXT, name TEXT, latest INTEGER, count INTEGER"
        self._journal.execute(f"CREATE TABLE visit ({columns})")

    def keep(self, account_id: str, exchanges: Sequence[Exchange], answer: Mapping[str, object]) -> None:
        """Write one account: file, manifest line, journal row, in this order, each made durable."""
        at, name = datetime.now(UTC).isoformat(), f"{account_id}-1.warc.gz"
        sha256 = self._file(name, packed(account_id, exchanges))
        self._enter(name, sha256, at)
        row = (account_id, name, sha256, at, answer["name"], answer["latest"], answer["count"])
        self._journal.execute("INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        """Close the manifest and the journal."""
        self._manifest.close()
        self._journal.close()

    def _file(self, name: str, raw: bytes) -> str:
        partial = self._folder / f"{name}.partial"
        with partial.open("wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(self._folder / name)
        return hashlib.sha256(raw).hexdigest()

    def _enter(self, name: str, sha256: str, at: str) -> None:
        self._lines += 1
        line = {"n": self._lines, "file": name, "sha256": sha256, "at": at, "prev": self._last}
        self._last = hashlib.sha256((self._last + json.dumps(line, sort_keys=True)).encode()).hexdigest()
        self._manifest.write(json.dumps(line | {"hash": self._last}).encode() + b"\n")
        os.fsync(self._manifest.fileno())


def packed(account_id: str, exchanges: Sequence[Exchange]) -> bytes:
    """A `warcinfo` record and one `response` record for each answer."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(f"{account_id}.warc.gz", {"software": "peer", "account": account_id}))
    for one in exchanges:
        http = StatusAndHeaders(str(one.status), list(one.headers), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(one.url, "response", io.BytesIO(one.body), len(one.body), http_headers=http)
        )
    return out.getvalue()
