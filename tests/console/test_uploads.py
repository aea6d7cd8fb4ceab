"""What nobody should send: refused in words or shown as text, and nothing half-written stays."""

import http.client
import io
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.console.conftest import Answer, Many
from tests.console.sending import SWEEP, of_unit
from tests.files.pictured import chunk, png
from tracker import attached
from tracker.consult import Known
from tracker.store import Attachment
from tracker.workspace import Workspace

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


def bomb(name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A package that unpacks to 3 GB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
        out.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(48):
            part.write(b"\0" * 2**26)
    return packed.getvalue()


@pytest.fixture(scope="module")
def bombs() -> bytes:
    return bomb()


@pytest.fixture
def mine(asked: Many) -> Known:
    return of_unit(asked.ws)[0]


def prove(asked: Many, one: Known, name: str, raw: bytes) -> Answer:
    fields = {"sweep": one.sweep, "token": "token-000001", "opinion": "objects", "why": "见附件"}
    return asked.as_("unit").upload(f"/own/{one.account_id}/answer/{one.code}", {"files": (name, raw)}, fields)


def nothing_kept(ws: Workspace) -> bool:
    folder = ws.root / attached.FOLDER
    return ws.store.objections(SWEEP) == () and not (folder.exists() and list(folder.iterdir()))


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("证明.svg", SVG, "不是图片或 PDF"),
        ("证明.png", SVG, "不是图片或 PDF"),
        ("证明.html", HTML, "不是图片或 PDF"),
        ("证明.jpg", HTML, "不是图片或 PDF"),
        ("证明.zip", b"PK\x03\x04" + b"\0" * 30, "不是图片或 PDF"),
        ("证明.docx", b"PK\x03\x04" + b"\0" * 30, "不是图片或 PDF"),
        ("证明.exe", b"MZ\x90\0", "不是图片或 PDF"),
        ("空.png", b"", "是空文件"),
        ("巨图.png", png(30_000, 30_000), "30000×30000"),
        ("半张.png", png()[:40], "不完整"),
        ("半张.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\0", "不完整"),
        ("大.png", png() + b"\0" * (attached.MOST + 1), "超过 20 MB"),
    ],
)
def test_a_proof_that_is_no_picture_and_no_pdf_is_refused_in_words(
    asked: Many, mine: Known, name: str, raw: bytes, told: str
) -> None:
    done = prove(asked, mine, name, raw)
    assert done.status == 422
    assert told in done.text
    assert "见附件" in done.text
    assert nothing_kept(asked.ws)


def test_one_bad_file_among_good_ones_keeps_none(asked: Many, mine: Known) -> None:
    mark = "x" * 20
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        (head.format("csrf"), asked.as_("unit").csrf.encode()),
        (head.format("sweep"), SWEEP.encode()),
        (head.format("token"), b"token-000001"),
        (head.format("opinion"), b"objects"),
        (head.format("why"), b"x"),
        (head.format("files") + '; filename="a.png"', png()),
        (head.format("files") + '; filename="b.svg"', SVG),
    ]
    unit = asked.as_("unit")
    parts[0] = (head.format("csrf"), unit.csrf.encode())
    body = b"".join(f"--{mark}\r\n{told}\r\n\r\n".encode() + raw + b"\r\n" for told, raw in parts) + f"--{mark}--\r\n".encode()
    where = f"/own/{mine.account_id}/answer/{mine.code}"
    done = unit.ask("POST", where, body, headers={"Content-Type": f"multipart/form-data; boundary={mark}"})
    assert done.status == 422
    assert "b.svg" in done.text
    assert nothing_kept(asked.ws)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../tracker.toml", "tracker.toml"),
        ("..\\..\\tracker.toml", "tracker.toml"),
        ("C:\\Windows\\x.png", "x.png"),
        ("a\0b.png", ""),
        ("长" * 300 + ".png", ""),
        ("CON.png", "CON.png"),
    ],
)
def test_the_name_of_a_proof_is_only_a_name(asked: Many, mine: Known, name: str, shown: str) -> None:
    before = (asked.ws.root / "tracker.toml").read_bytes()
    done = prove(asked, mine, name, png())
    assert done.status in (303, 400, 422)
    assert (asked.ws.root / "tracker.toml").read_bytes() == before
    if done.status == 303:
        (kept,) = asked.ws.store.objections(SWEEP)
        (told,) = kept.attachments
        assert not set("/\\\0") & set(told.name)
        assert len(told.name) <= 80
        assert shown in told.name
        assert [path.name for path in (asked.ws.root / attached.FOLDER).iterdir()] == [told.sha256]
    else:
        assert nothing_kept(asked.ws)


def test_more_files_than_may_be_are_refused(asked: Many, mine: Known) -> None:
    with pytest.raises(Exception, match="最多附"):
        raise_of(asked, attached.MOST_FILES + 1)


def raise_of(asked: Many, count: int) -> None:
    from fastapi import UploadFile

    from tracker.console.pages.own import _pieces

    _pieces([UploadFile(io.BytesIO(png(shade=at)), filename=f"{at}.png") for at in range(count)])


def test_a_body_of_a_declared_gigabyte_is_refused_before_it_is_sent(asked: Many, mine: Known) -> None:
    unit = asked.as_("unit")
    link = http.client.HTTPConnection("127.0.0.1", unit.port, timeout=20)
    try:
        link.putrequest("POST", f"/own/{mine.account_id}/answer/{mine.code}")
        link.putheader("Cookie", f"tracker-session={unit.cookie}")
        link.putheader("Content-Type", "multipart/form-data; boundary=x")
        link.putheader("Content-Length", str(2**30))
        link.endheaders()
        assert link.getresponse().status in (401, 413)
    finally:
        link.close()
    assert nothing_kept(asked.ws)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv"])
def test_a_package_that_unpacks_to_gigabytes_is_refused_as_a_reply_sheet(asked: Many, bombs: bytes, suffix: str) -> None:
    done = asked.as_("city").upload("/consult/replies", {"sheet": (f"反馈表{suffix}", bombs)}, {"sweep": SWEEP})
    assert (done.status in (400, 422) and "没有做成" in done.text) or "整份没有收" in done.text
    assert nothing_kept(asked.ws)


@pytest.mark.parametrize("name", ["反馈表.html", "反馈表.svg", "反馈表.exe", ".xlsx", "a\0b.xlsx", "反馈表.docm"])
def test_only_tables_with_plain_names_are_reply_sheets(asked: Many, name: str) -> None:
    done = asked.as_("city").upload("/consult/replies", {"sheet": (name, b"x,y\r\n")}, {"sweep": SWEEP})
    assert done.status in (400, 422)
    assert nothing_kept(asked.ws)


@pytest.mark.parametrize("raw", [b"", b"\0" * 100, b"PK\x03\x04", HTML, b"a" * 1000])
def test_rubbish_under_the_name_of_a_table_is_told_in_words(asked: Many, raw: bytes) -> None:
    done = asked.as_("city").upload("/consult/replies", {"sheet": ("反馈表.xlsx", raw)}, {"sweep": SWEEP})
    assert done.status in (400, 422)
    assert "程序出错" not in done.text
    assert nothing_kept(asked.ws)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(SVG, "text"), (HTML, "text"), ("证明".encode(), "text"), (b"%PDF-1.7 <script>", "saved"), (b"\0\1\2", "saved")],
)
def test_what_came_with_a_sheet_is_shown_as_text_or_only_saved_never_run(asked: Many, mine: Known, raw: bytes, kind: str) -> None:
    """A reply sheet's proof may be any file; it is never served as a page or a drawing."""
    from tests.console.test_consult import filled

    folder = Path(asked.ws.root)
    sheet = filled(asked, folder, mine, proof="证明.html")
    done = asked.as_("city").upload(
        "/consult/replies", {"sheet": ("反馈表.xlsx", sheet), "proofs": ("证明.html", raw)}, {"sweep": SWEEP}
    )
    assert done.status == 303, done.text
    number = asked.ws.store.objections(SWEEP)[-1].id
    shown = asked.as_("city").get(f"/consult/proofs/{number}/0")
    if kind == "saved":
        assert shown.headers["content-disposition"].startswith("attachment")
    else:
        assert b"<script>alert" not in shown.body
        assert b"<svg" not in shown.body
        assert "default-src 'self'" in shown.headers["content-security-policy"]
    saved = asked.as_("city").get(f"/consult/proofs/{number}/0?save=1")
    assert saved.body == raw
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "html" not in saved.headers["content-type"]
    assert "svg" not in saved.headers["content-type"]


def test_a_proof_that_somebody_changed_in_the_workspace_is_not_shown(asked: Many, mine: Known) -> None:
    assert prove(asked, mine, "a.png", png()).status == 303
    kept = asked.ws.store.objections(SWEEP)[-1]
    (asked.ws.root / attached.FOLDER / kept.attachments[0].sha256).write_bytes(HTML)
    told = asked.as_("city").get(f"/consult/proofs/{kept.id}/0")
    assert told.status == 400
    assert "被改动过" in told.text
    assert asked.as_("city").get("/consult").status == 200


def test_a_decompression_bomb_inside_a_small_picture_is_not_unpacked(asked: Many, mine: Known) -> None:
    packed = zlib.compress(b"\0" * 2**27, 9)
    raw = png(more=chunk(b"zTXt", b"c\0\0" + packed) + chunk(b"iCCP", b"c\0\0" + packed))
    assert prove(asked, mine, "a.png", raw).status == 303
    kept = asked.ws.store.objections(SWEEP)[-1].attachments[0]
    assert isinstance(kept, Attachment)
    assert len(attached.view(attached.read(asked.ws, kept)).body) < len(raw)
