"""A WACZ as a replay program reads it: every hash, and every offset of the index leads to its record."""

import gzip
import hashlib
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.evidence.test_warc import AT, FAILED, META, PLAIN, POSTED
from tracker.clock import SHANGHAI
from tracker.evidence import Evidence, wacz

SWEEP = "2026-W45"
CREATED = datetime(2026, 11, 8, 9, tzinfo=SHANGHAI)


def make(folder: Path) -> Path:
    evidence = Evidence(folder / "snapshots", clock=lambda: AT)
    evidence.keep(SWEEP, "A1", META, [PLAIN, FAILED])
    evidence.keep(SWEEP, "微博一号", META, [POSTED])
    files = [evidence.root / one.file for one in evidence.files(SWEEP)]
    page = wacz.Page(url=PLAIN.url, at=AT, title="示例发布")
    target, besides = folder / "x.wacz", [evidence.root / SWEEP / "manifest.jsonl"]
    wacz.write(target, files, besides, [page], title="示例", software="tracker/0", created=CREATED)
    return target


@pytest.fixture
def held(tmp_path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(make(tmp_path)) as file:
        assert {one.compress_type for one in file.infolist()} == {zipfile.ZIP_STORED}
        return {name: file.read(name) for name in file.namelist()}


def test_the_parts_are_those_of_the_format(held: dict[str, bytes]) -> None:
    wanted = {"datapackage.json", "datapackage-digest.json", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl"}
    assert wanted | {"archive/A1-1.warc.gz", "archive/微博一号-1.warc.gz", "evidence/manifest.jsonl"} == held.keys()


def test_every_hash_of_the_data_package_holds(held: dict[str, bytes]) -> None:
    package = json.loads(held["datapackage.json"])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert package["created"] == "2026-11-08T01:00:00Z"
    assert {one["path"] for one in package["resources"]} == held.keys() - {"datapackage.json", "datapackage-digest.json"}
    for one in package["resources"]:
        raw = held[one["path"]]
        assert (one["bytes"], one["hash"]) == (len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}")
        assert one["name"] == one["name"].lower()
        assert one["name"].isascii()
    digest = json.loads(held["datapackage-digest.json"])
    assert digest == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(held['datapackage.json']).hexdigest()}",
    }


def block_lines(held: dict[str, bytes]) -> list[str]:
    lines = held["indexes/index.idx"].decode().splitlines()
    assert lines[0] == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    found = []
    for line in lines[1:]:
        where = json.loads(line.split(" ", 2)[2])
        block = held["indexes/index.cdx.gz"][where["offset"] : where["offset"] + where["length"]]
        assert where["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        some = gzip.decompress(block).decode().splitlines()
        assert some[0].startswith(line.split(" {")[0])
        found += some
    return found


def test_every_line_of_the_index_leads_to_its_answer(held: dict[str, bytes]) -> None:
    lines = block_lines(held)
    assert lines == sorted(lines)
    # what never came is in the archive, and cannot be replayed
    assert len(lines) == 2
    bodies = {PLAIN.url: PLAIN.body, POSTED.url: POSTED.body}
    for line in lines:
        key, stamp, told = line.split(" ", 2)
        one: Any = json.loads(told)
        assert key.startswith("test,a)/")
        assert stamp == "20261106013001"
        start = int(one["offset"])
        raw = held[f"archive/{one['filename']}"][start : start + int(one["length"])]
        record = next(ArchiveIterator(io.BytesIO(raw)))
        assert record.rec_headers.get_header("WARC-Target-URI") == one["url"]
        assert record.raw_stream.read() == bodies[one["url"]]
        assert one["digest"] == record.rec_headers.get_header("WARC-Payload-Digest")


def test_the_list_of_pages_names_each_visit(held: dict[str, bytes]) -> None:
    head, *pages = (json.loads(line) for line in held["pages/pages.jsonl"].decode().splitlines())
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "采集"}
    assert pages == [{"id": "1", "url": PLAIN.url, "ts": "2026-11-06T01:30:01Z", "title": "示例发布"}]


def test_the_same_visits_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (make(tmp_path / name) for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_an_index_of_many_visits_has_blocks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wacz, "_BLOCK", 1)
    with zipfile.ZipFile(make(tmp_path)) as file:
        held = {name: file.read(name) for name in file.namelist()}
    assert len(held["indexes/index.idx"].splitlines()) == 3
    assert len(block_lines(held)) == 2
