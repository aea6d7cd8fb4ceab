import gzip
import io
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from tracker.clock import SHANGHAI, from_unix
from tracker.errors import EvidenceDamaged
from tracker.evidence import VisitMeta
from tracker.evidence.warc import pack, unpack
from tracker.model import Account, Exchange, Observation, Outcome, Route, Visit, Window

AT = datetime(2026, 11, 6, 9, 30, 1, 250, tzinfo=SHANGHAI)
WINDOW = Window(since=date(2026, 10, 26), until=date(2026, 11, 6))
META = VisitMeta(
    account_id="A0001",
    account_key="demo:示例发布",
    platform="demo",
    route=Route.BROWSER,
    window=WINDOW,
    today=date(2026, 11, 6),
    at=AT,
    url="https://a.test/微",
    cursor="第2页",
    version="0.1.0",
)
PLAIN = Exchange(
    page="home", url="https://a.test/u/1", status=200, body=b"<p>x</p>", at=AT, title="示例发布", headers={"location": "/a%2Fb"}
)
POSTED = Exchange(
    page="day", url="https://a.test/data?x=1", status=200, body=b"{}", at=AT, method="POST", ask_body=b'{"d":"2026-11-05"}'
)
FAILED = Exchange(page="home", url="https://a.test/u/1", status=0, body="网络没有应答".encode(), at=AT)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
header_names = st.from_regex(r"[a-z][a-z-]{0,10}", fullmatch=True)
header_values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30)
instants = st.integers(0, 4_000_000_000).map(from_unix)
exchanges = st.builds(
    Exchange,
    page=texts.filter(str.strip),
    url=texts.map(lambda tail: f"https://a.test/{tail}"),
    status=st.sampled_from([0, 200, 302, 404, 432, 503]),
    body=st.binary(max_size=300),
    at=instants,
    headers=st.dictionaries(header_names, header_values, max_size=4),
    method=st.sampled_from(["GET", "POST"]),
    ask_body=st.binary(max_size=60),
    title=texts,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(exchanges, max_size=5))
def test_what_is_packed_comes_back_whole(given_exchanges: list[Exchange]) -> None:
    told, back = unpack(pack(META, given_exchanges))
    assert told == META
    for old, new in zip(given_exchanges, back, strict=True):
        expected_headers = old.headers
        assert (new.page, new.url, new.status, new.body, new.at) == (old.page, old.url, old.status, old.body, old.at)
        assert (new.headers, new.method, new.ask_body, new.title) == (expected_headers, old.method, old.ask_body, old.title)


def test_the_same_visit_gives_the_same_bytes_and_another_time_gives_others() -> None:
    later = Exchange(page="home", url=PLAIN.url, status=200, body=PLAIN.body, at=AT + timedelta(seconds=1))
    assert pack(META, [PLAIN, POSTED]) == pack(META, [PLAIN, POSTED])
    assert pack(META, [PLAIN]) != pack(META, [later])


def test_equal_exchanges_in_one_visit_have_ids_of_their_own() -> None:
    records = ArchiveIterator(io.BytesIO(pack(META, [PLAIN, PLAIN])))
    ids = [record.rec_headers.get_header("WARC-Record-ID") for record in records]
    assert len(ids) == len(set(ids)) == 3


def test_a_foreign_reader_sees_standard_records_with_matching_digests() -> None:
    kinds = []
    for record in ArchiveIterator(io.BytesIO(pack(META, [PLAIN, POSTED, FAILED])), check_digests="raise"):
        kinds.append(record.rec_type)
        record.content_stream().read()
    assert kinds == ["warcinfo", "response", "response", "request", "metadata"]


class Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def by_warcio(raw: bytes) -> bytes:
    """The records of a file, written once more by warcio itself."""
    out = io.BytesIO()
    writer = Writer(out, gzip=True, warc_version="1.1")
    for record in ArchiveIterator(io.BytesIO(raw), no_record_parse=True):
        block, told = record.raw_stream.read(), dict(record.rec_headers.headers)
        made = {"WARC-Type", "WARC-Target-URI", "WARC-Payload-Digest", "WARC-Block-Digest", "Content-Length"}
        own = {name: value for name, value in told.items() if name not in made}
        http = None
        if told["Content-Type"].startswith("application/http"):
            del own["Content-Type"]
            first, *lines = block.partition(b"\r\n\r\n")[0].decode().split("\r\n")
            start, _, rest = first.partition(" ")
            headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
            http, block = StatusAndHeaders(rest, headers, protocol=start), block.partition(b"\r\n\r\n")[2]
        elif told["WARC-Type"] == "warcinfo":
            del own["Content-Type"]
        payload = io.BytesIO(block)
        kind, url = told["WARC-Type"], told.get("WARC-Target-URI", "")
        writer.write_record(
            writer.create_warc_record(url, kind, payload=payload, length=len(block), warc_headers_dict=own, http_headers=http)
        )
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(exchanges, max_size=5), st.binary(max_size=300))
def test_a_file_is_what_warcio_writes_byte_for_byte(given_exchanges: list[Exchange], bare: bytes) -> None:
    row = Exchange(page="row", url="sheet:第2行", status=200, body=bare, at=AT)
    long = Exchange(page="home", url="https://a.test/", status=200, body=bare * 300 + b"<p>x</p>" * 20_000, at=AT)
    raw = pack(META, [*given_exchanges, row, long])
    assert by_warcio(raw) == raw


def test_every_record_is_a_gzip_member_without_a_time() -> None:
    raw = pack(META, [PLAIN])
    assert raw[4:8] == b"\0\0\0\0"
    assert gzip.decompress(raw).startswith(b"WARC/1.1\r\n")


def test_a_cut_anywhere_is_noticed() -> None:
    raw = pack(META, [PLAIN, POSTED])
    for end in range(0, len(raw), 7):
        with pytest.raises(EvidenceDamaged, match=r"A1\.warc"):
            unpack(raw[:end], "A1.warc.gz")


def test_a_missing_last_record_is_noticed() -> None:
    whole = pack(META, [PLAIN, POSTED])
    single = pack(META, [PLAIN])
    first_only = whole[: len(single)]
    members = []
    while whole:
        reader = __import__("zlib").decompressobj(31)
        reader.decompress(whole)
        members.append(whole[: len(whole) - len(reader.unused_data)])
        whole = reader.unused_data
    assert first_only
    with pytest.raises(EvidenceDamaged, match="应有2次应答,只有1次"):
        unpack(b"".join(members[:2]), "x")


@pytest.mark.parametrize(
    "raw",
    [b"", b"hello", gzip.compress(b"hello"), gzip.compress(b"WARC/1.1\r\n\r\n")],
    ids=["empty", "text", "zipped text", "zipped cut head"],
)
def test_other_files_are_refused_in_words(raw: bytes) -> None:
    with pytest.raises(EvidenceDamaged):
        unpack(raw, "x.warc.gz")


def test_a_visit_goes_into_its_record_and_back() -> None:
    account = Account(account_id="A1", platform="demo", kind="示例", name="示例发布")
    visit = Visit(account=account, route=Route.API, window=WINDOW, today=date(2026, 11, 6), cursor="c")
    unread = Observation(outcome=Outcome.LOGIN_WALL, detail="通道已停")
    meta = VisitMeta.of(visit, platform="demo", at=AT, version="1", unread=unread)
    assert meta.visit(account) == visit
    assert (meta.account_key, meta.outcome, meta.detail) == ("demo:示例发布", Outcome.LOGIN_WALL, "通道已停")
    assert unpack(pack(meta, []))[0] == meta
