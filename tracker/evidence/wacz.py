"""Visits as one WACZ 1.1.1 file (specs.webrecorder.net/wacz/1.1.1), which ordinary replay programs open.

`archive/` holds the visits' files byte for byte, `indexes/` a CDXJ index in gzip blocks with its `index.idx`, `pages/` one line
per visit, `datapackage.json` the SHA-256 of each, `datapackage-digest.json` that of the data package; manifest and seals lie
in `evidence/`. Nothing is compressed by the zip: a reader takes parts of a WARC from the middle.
"""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

VERSION = "1.1.1"
_BLOCK = 3000
"""Lines of the index per gzip block, as the CDXJ tools have it."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest day of a zip: the same visits give the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One visit as a page list shows it."""

    url: str
    at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One line of the index: `key` sorts, `told` are its fields."""

    key: str
    told: str


def write(
    target: Path,
    visits: Sequence[Path],
    besides: Sequence[Path],
    pages: Iterable[Page],
    *,
    title: str,
    software: str,
    created: datetime,
) -> None:
    """Write the file; `besides` are manifest and seals. Raises OSError; not atomic: write beside the target and rename."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, strict_timestamps=False) as out:
        package = _Package(out)
        index = list[_Entry]()
        for path in visits:
            raw = path.read_bytes()
            package.add(f"archive/{path.name}", raw)
            index += _entries(raw, path.name)
        blocks, summary = _index(sorted(index, key=lambda one: one.key))
        package.add("indexes/index.cdx.gz", blocks)
        package.add("indexes/index.idx", summary)
        package.add("pages/pages.jsonl", _pages(pages))
        for path in besides:
            package.add(f"evidence/{path.name}", path.read_bytes())
        package.close(title=title, software=software, created=created)


class _Package:
    """The zip, and what it holds by now."""

    def __init__(self, out: zipfile.ZipFile) -> None:
        self._out = out
        self._resources: list[dict[str, object]] = []

    def add(self, path: str, raw: bytes) -> None:
        self._put(path, raw)
        # the name is a slug for machines (Data Package, “name”): names of accounts are Chinese
        slug = f"{len(self._resources) + 1}-{path.rpartition('/')[2].encode('ascii', 'ignore').decode().lower()}"
        self._resources.append({"name": slug, "path": path, "hash": _hash(raw), "bytes": len(raw)})

    def close(self, *, title: str, software: str, created: datetime) -> None:
        told = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            "software": software,
            "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": self._resources,
        }
        raw = json.dumps(told, ensure_ascii=False, indent=2).encode()
        self._put("datapackage.json", raw)
        self._put("datapackage-digest.json", json.dumps({"path": "datapackage.json", "hash": _hash(raw)}, indent=2).encode())

    def _put(self, path: str, raw: bytes) -> None:
        self._out.writestr(zipfile.ZipInfo(path, _LONG_AGO), raw)


def _hash(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _entries(raw: bytes, file: str) -> Iterator[_Entry]:
    """One line per answer that came from a web address."""
    reader = ArchiveIterator(io.BytesIO(raw))
    for record in reader:
        fields, url = record.rec_headers, record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type != "response" or not url.startswith(("http://", "https://")):
            continue
        status, kind = record.http_headers.get_statuscode(), record.http_headers.get_header("content-type") or ""
        record.raw_stream.read()
        offset = reader.get_record_offset()
        told = {
            "url": url,
            "mime": kind.partition(";")[0].strip() or "unk",
            "status": status,
            "digest": fields.get_header("WARC-Payload-Digest") or "",
            "length": str(reader.get_record_length()),
            "offset": str(offset),
            "filename": file,
        }
        at = datetime.fromisoformat(fields.get_header("WARC-Date")).astimezone(UTC)
        yield _Entry(key=f"{_surt(url)} {at:%Y%m%d%H%M%S}", told=json.dumps(told))


def _surt(url: str) -> str:
    """The address with its host the other way round, as an index sorts it: `com,example)/u/1?a=1`."""
    parts = urlsplit(url.lower())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path.rstrip('/') or '/'}{f'?{query}' if query else ''}"


def _index(entries: Sequence[_Entry]) -> tuple[bytes, bytes]:
    """The blocks, and the list that says where each begins."""
    out = io.BytesIO()
    summary = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}']
    for start in range(0, len(entries), _BLOCK):
        some = entries[start : start + _BLOCK]
        block = gzip.compress("".join(f"{one.key} {one.told}\n" for one in some).encode(), mtime=0)
        where = {"offset": out.tell(), "length": len(block), "digest": _hash(block)}
        summary.append(f"{some[0].key} {json.dumps(where)}")
        out.write(block)
    return out.getvalue() or gzip.compress(b"", mtime=0), "".join(f"{line}\n" for line in summary).encode()


def _pages(pages: Iterable[Page]) -> bytes:
    lines: list[dict[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": "采集"}]
    for number, page in enumerate(pages, 1):
        at = page.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append({"id": str(number), "url": page.url, "ts": at, "title": page.title})
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
