"""One visit as the bytes of a WARC 1.1 file (ISO 28500:2017), gzip per record, and back.

A `warcinfo` record carries the visit as JSON, then one record per exchange: `response` where an answer came by HTTP, `resource`
where it came otherwise (a row of a sheet), `metadata` where none came (status 0, the reason as body), each followed by a
`request` record where more than a plain GET was sent.
The same input gives the same bytes: record ids derive from the content, the gzip header has no time.
"""

import gzip
import hashlib
import io
import json
import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import zip_longest
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from tracker.clock import SHANGHAI
from tracker.errors import EvidenceDamaged
from tracker.evidence.records import VisitMeta
from tracker.model import Exchange, Outcome, Route, Window

_PAGE, _TITLE, _METHOD, _STATUS = "WARC-Tracker-Page", "WARC-Tracker-Title", "WARC-Tracker-Method", "WARC-Tracker-Status"
_URL, _HEADERS = "WARC-Tracker-URL", "WARC-Tracker-Headers"
_EXCHANGES = ("response", "resource", "metadata")


def pack(meta: VisitMeta, exchanges: Sequence[Exchange]) -> bytes:
    """The file of one visit. Instants are kept to the microsecond, in UTC."""
    out = list[bytes]()
    info = json.dumps(_meta_to_json(meta, len(exchanges)), ensure_ascii=False, sort_keys=True)
    fields = f"software: tracker/{meta.version}\r\nformat: WARC File Format 1.1\r\nvisit: {info}\r\n".encode()
    _write(out, "warcinfo", "", meta.at, fields, {}, salt="info")
    for number, exchange in enumerate(exchanges):
        _pack_exchange(out, exchange, str(number))
    return b"".join(out)


def unpack(raw: bytes, file: str = "") -> tuple[VisitMeta, tuple[Exchange, ...]]:
    """The visit that a file holds. Raises EvidenceDamaged, naming `file`, where it is cut, foreign or not ours."""
    try:
        records = list(_records(gzip.decompress(raw)))
        told, count = _info(records[0][2])
        exchanges = _exchanges(records[1:])
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise _damaged(file, "读不出来(文件不完整或被改动)") from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise _damaged(file, "内容不是本程序的采集记录") from error
    if len(exchanges) != count:
        raise _damaged(file, f"应有{count}次应答,只有{len(exchanges)}次")
    return told, exchanges


def _damaged(file: str, reason: str) -> EvidenceDamaged:
    return EvidenceDamaged(f"证据文件{file or '(未命名)'}{reason};请从备份恢复这个文件,不要改动它")


def _pack_exchange(out: list[bytes], exchange: Exchange, salt: str) -> None:
    headers = _fields(exchange)
    if _by_http(exchange):
        answer = StatusAndHeaders(f"{exchange.status}", _lines(exchange.headers), protocol="HTTP/1.1")
        record_id = _write(out, "response", exchange.url, exchange.at, exchange.body, headers, salt, answer)
    else:
        kind, media = ("resource", "application/octet-stream") if exchange.status else ("metadata", "text/plain; charset=utf-8")
        headers["Content-Type"] = media
        record_id = _write(out, kind, exchange.url, exchange.at, exchange.body, headers, salt)
    if exchange.method != "GET" or exchange.ask_body:
        asked = StatusAndHeaders(f"{quote(exchange.method)} {_target(exchange.url)} HTTP/1.1", [], is_http_request=True)
        linked = {"WARC-Concurrent-To": record_id}
        _write(out, "request", exchange.url, exchange.at, exchange.ask_body, linked, salt, asked)


def _by_http(exchange: Exchange) -> bool:
    # warcio reads HTTP headers back only where the address has one of these schemes
    return bool(exchange.status) and exchange.url.startswith(("http://", "https://"))


def _fields(exchange: Exchange) -> dict[str, str]:
    told = {_PAGE: quote(exchange.page), _METHOD: quote(exchange.method), _STATUS: str(exchange.status)}
    if exchange.title:
        told[_TITLE] = quote(exchange.title)
    if quote(exchange.url, safe=_PRINTABLE) != exchange.url:
        told[_URL] = quote(exchange.url)
    if exchange.headers and (not _by_http(exchange) or dict(_lines(exchange.headers)) != exchange.headers):
        told[_HEADERS] = quote(json.dumps(dict(exchange.headers)))
    return told


def _target(url: str) -> str:
    parts = urlsplit(url)
    return quote(parts.path or "/", safe="/%") + (f"?{quote(parts.query, safe='=&%')}" if parts.query else "")


def _lines(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, _printable(value).strip()) for name, value in headers.items()]


def _printable(text: str) -> str:
    # nearly all headers and addresses are: looking first costs a tenth of quoting
    return text if text.isascii() and text.isprintable() else quote(text, safe=_PRINTABLE + " ")


_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
"""Printable ASCII stands in a WARC as it is, all else percent-encoded; the exact text is then kept in a field of ours besides."""


_MEDIA = {
    "warcinfo": "application/warc-fields",
    "response": "application/http; msgtype=response",
    "request": "application/http; msgtype=request",
}
"""Content-Type of a record that does not tell its own."""


def _write(
    out: list[bytes],
    kind: str,
    url: str,
    at: datetime,
    payload: bytes,
    headers: Mapping[str, str],
    salt: str,
    http: StatusAndHeaders | None = None,
) -> str:
    """One record, laid out byte for byte as warcio's own writer does it, which takes several times as long."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    digest = hashlib.sha256(payload)
    seed = json.dumps([kind, url, stamp, salt, dict(headers), http.headers if http else [], digest.hexdigest()])
    record_id = f"<urn:uuid:{UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4)}>"
    block = http.to_ascii_bytes() + payload if http else payload
    fields = {"WARC-Record-ID": record_id, "WARC-Date": stamp, **headers, "WARC-Type": kind}
    if url:
        fields["WARC-Target-URI"] = quote(url, safe=_PRINTABLE)
    if kind != "warcinfo":
        fields["WARC-Payload-Digest"] = _told(digest.digest())
    fields["WARC-Block-Digest"] = _told(hashlib.sha256(block).digest() if http else digest.digest())
    fields.setdefault("Content-Type", _MEDIA.get(kind, ""))
    fields["Content-Length"] = str(len(block))
    head = StatusAndHeaders("", list(fields.items()), protocol="WARC/1.1").to_bytes()
    out.append(zlib.compress(head + block + b"\r\n\r\n", 9, wbits=_GZIP))
    return record_id


_GZIP = zlib.MAX_WBITS + 16
"""zlib's way to ask for gzip, whose header then has no time."""


def _told(digest: bytes) -> str:
    return f"sha256:{b32encode(digest).decode()}"


_Record = tuple[str, Mapping[str, str], bytes, StatusAndHeaders | None]


def _records(plain: bytes) -> Iterator[_Record]:
    for record in ArchiveIterator(io.BytesIO(plain)):
        headers = dict(record.rec_headers.headers)
        yield record.rec_type, headers, record.raw_stream.read(), record.http_headers


def _exchanges(records: Sequence[_Record]) -> tuple[Exchange, ...]:
    pairs = zip_longest(records, records[1:])
    return tuple(_exchange(record, after) for record, after in pairs if record[0] in _EXCHANGES)


def _exchange(record: _Record, after: _Record | None) -> Exchange:
    _, fields, body, http = record
    asked = after[2] if after and after[0] == "request" else b""
    return Exchange(
        page=unquote(fields[_PAGE]),
        url=unquote(fields[_URL]) if _URL in fields else fields.get("WARC-Target-URI", ""),
        status=int(fields[_STATUS]),
        body=body,
        at=datetime.fromisoformat(fields["WARC-Date"]).astimezone(SHANGHAI),
        headers=json.loads(unquote(fields[_HEADERS])) if _HEADERS in fields else dict(http.headers) if http else {},
        method=unquote(fields[_METHOD]),
        ask_body=asked,
        title=unquote(fields.get(_TITLE, "")),
    )


def _meta_to_json(meta: VisitMeta, count: int) -> dict[str, object]:
    return {
        "account_id": meta.account_id,
        "account_key": meta.account_key,
        "platform": meta.platform,
        "route": str(meta.route),
        "since": meta.window.since.isoformat(),
        "until": meta.window.until.isoformat(),
        "today": meta.today.isoformat(),
        "at": meta.at.astimezone(SHANGHAI).isoformat(),
        "url": meta.url,
        "cursor": meta.cursor,
        "outcome": str(meta.outcome) if meta.outcome else "",
        "detail": meta.detail,
        "version": meta.version,
        "exchanges": count,
        # only where they say something: files of older versions stay what they are, byte for byte
        **({"lane": meta.lane} if meta.lane else {}),
        **{name: True for name in _MARKS if getattr(meta, name)},
    }


_MARKS = ("control", "twice")


def _info(fields: bytes) -> tuple[VisitMeta, int]:
    line = fields.decode("utf-8").partition("\r\nvisit: ")[2]
    told = json.loads(line)
    meta = VisitMeta(
        account_id=told["account_id"],
        account_key=told["account_key"],
        platform=told["platform"],
        route=Route(told["route"]),
        window=Window(since=date.fromisoformat(told["since"]), until=date.fromisoformat(told["until"])),
        today=date.fromisoformat(told["today"]),
        at=datetime.fromisoformat(told["at"]).astimezone(SHANGHAI),
        url=told["url"],
        cursor=told["cursor"],
        outcome=Outcome(told["outcome"]) if told["outcome"] else None,
        detail=told["detail"],
        version=told["version"],
        lane=told.get("lane", ""),
        control=told.get("control") is True,
        twice=told.get("twice") is True,
    )
    return meta, int(told["exchanges"])
