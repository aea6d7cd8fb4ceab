"""Timestamps of seals (时间戳, RFC 3161): an authority that the office names dates the bytes of a seal, beside it as `seal.tsr`.

Only the SHA-256 of the seal leaves the house. A seal without a timestamp is a seal: it can be stamped later.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    Verifier,
    VerifierBuilder,
    decode_timestamp_response,
)

from tracker.clock import SHANGHAI
from tracker.errors import UsageError, reason
from tracker.evidence import Damage, folder_name
from tracker.evidence.seals import Seal
from tracker.files.write import put
from tracker.store import SweepHead
from tracker.workspace import Workspace

_MOST = 64 * 1024
"""Bytes of an answer."""
_WAIT = (5.0, 20.0)
"""Seconds to connect, and between two pieces of the answer."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A timestamp of a seal: `at` as the authority says; `checked` = its signature was held against the office's certificate."""

    number: int
    at: datetime
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Where timestamps are asked for, and whose they must be."""

    url: str
    roots: tuple[Certificate, ...]


def name(seal: Seal) -> str:
    """`seal.tsr`, `seal-2.tsr` …"""
    return seal.file.removesuffix(".json") + ".tsr"


def authority(ws: Workspace) -> Authority | None:
    """The authority of tracker.toml; None where none is named. Raises UsageError for a certificate that cannot be read."""
    told = ws.settings.timestamp
    if not told.url and not told.certificate:
        return None
    if not told.certificate:
        raise UsageError("tracker.toml 的 [timestamp] 写了 url,没有写 certificate;请写时间戳机构根证书的文件(PEM)")
    path = ws.root / told.certificate
    try:
        roots = load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise UsageError(f"打不开时间戳机构的证书 {path}({reason(error)});请改正 [timestamp] certificate") from error
    except ValueError as error:
        raise UsageError(f"{path} 不是 PEM 证书;请换成时间戳机构的根证书") from error
    return Authority(url=told.url, roots=tuple(roots))


def stamp(ws: Workspace, sweep: SweepHead, seal: Seal, by: Authority, *, at: datetime) -> str:
    """Have a seal dated and keep the answer beside it; empty, or one sentence on why it has no timestamp yet.

    Raises UsageError when the answer cannot be written.
    """
    if not by.url:
        return "tracker.toml 的 [timestamp] 没有写 url"
    folder = ws.evidence.root / folder_name(sweep.name)
    raw = (folder / seal.file).read_bytes()
    request = TimestampRequestBuilder().data(raw).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    answer = _ask(by.url, request.as_bytes())
    if isinstance(answer, str):
        return answer
    try:
        found = decode_timestamp_response(answer)
        _verifier(VerifierBuilder.from_request(request), by.roots).verify_message(found, raw)
    except (ValueError, VerificationError) as error:
        return f"时间戳机构的应答不能用({error})"
    put(folder / name(seal), answer)
    ws.store.add_seal_head(sweep.name, seal.number, seal.sha256, at, stamp=hashlib.sha256(answer).hexdigest())
    apart = abs((found.tst_info.gen_time - at).total_seconds())
    if apart > 3600:
        return f"已加时间戳,但本机时间与时间戳机构相差{apart / 3600:.1f}小时,请校准本机时钟"
    return ""


def _ask(url: str, query: bytes) -> bytes | str:
    """The answer's bytes, or why there are none. Only the very address is asked; nothing is followed elsewhere."""
    headers = {"Content-Type": _QUERY, "Accept": _REPLY}
    try:
        with requests.post(url, data=query, headers=headers, timeout=_WAIT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                return f"时间戳机构应答 {answer.status_code}"
            raw = b""
            for some in answer.iter_content(8192):
                raw += some
                if len(raw) > _MOST:
                    return "时间戳机构的应答太大"
            return raw
    except requests.RequestException as error:
        return f"时间戳机构没有应答({type(error).__name__})"


def stamps(ws: Workspace, sweep: SweepHead, held: Sequence[Seal]) -> Iterator[Stamp | Damage]:
    """The timestamps of a sweep's seals, and what is wrong with those that are."""
    folder, known, by = ws.evidence.root / folder_name(sweep.name), ws.store.seal_stamps(sweep.name), authority(ws)
    for seal in held:
        path = folder / name(seal)
        if path.is_file():
            yield _read(path, folder / seal.file, seal, known.get(seal.number, ""), by)
        elif seal.number in known:
            yield Damage(file=f"{folder.name}/{path.name}", reason=f"第{seal.number}份封存的时间戳不见了")


def _read(path: Path, sealed: Path, seal: Seal, known: str, by: Authority | None) -> Stamp | Damage:
    raw, file = path.read_bytes(), f"{path.parent.name}/{path.name}"
    if known and hashlib.sha256(raw).hexdigest() != known:
        return Damage(file=file, reason=f"第{seal.number}份封存的时间戳被改动")
    try:
        found = decode_timestamp_response(raw)
        _must_fit(found, sealed.read_bytes(), by)
    except (ValueError, VerificationError) as error:
        return Damage(file=file, reason=f"第{seal.number}份封存的时间戳不对({error})")
    return Stamp(number=seal.number, at=found.tst_info.gen_time.astimezone(SHANGHAI), checked=by is not None)


def _must_fit(found: TimeStampResponse, sealed: bytes, by: Authority | None) -> None:
    """Raises VerificationError: of other bytes, or, where the office names a certificate, by somebody else."""
    if by is not None:
        _verifier(VerifierBuilder(), by.roots).verify_message(found, sealed)
    elif found.tst_info.message_imprint.message != hashlib.sha256(sealed).digest():
        raise VerificationError("Mismatch between messages")


def _verifier(builder: VerifierBuilder, roots: Sequence[Certificate]) -> Verifier:
    for one in roots:
        builder = builder.add_root_certificate(one)
    return builder.build()
