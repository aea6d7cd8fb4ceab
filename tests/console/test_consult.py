"""征求意见: sent from the page, answered by sheet, ruled on; a wrong row is told in its place, and nothing of it is kept."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.console.conftest import Answer, Console, Many
from tests.console.sending import SWEEP, known
from tests.files.pictured import png
from tracker import attached
from tracker.consult import Known, sheet
from tracker.files import read_sheets, write_xlsx
from tracker.model import Sheet
from tracker.review import last_judgement
from tracker.store import Ruled


def filled(asked: Many, tmp_path: Path, one: Known, said: str = "有异议", why: str = "有更新", proof: str = "") -> bytes:
    """The reply sheet of a unit as it was sent, with this opinion in every row."""
    path = next(path for path in asked.ws.reports.rglob("反馈表.xlsx") if _is_of(path, one))
    (found,) = read_sheets(path)
    at = [str(cell) for cell in found.cells[0]]
    rows = []
    for cells in found.cells[1:]:
        told = dict(zip(at, ("" if cell is None else str(cell) for cell in cells), strict=True))
        rows.append(tuple({**told, "意见": said, "理由": why, "证明材料": proof}[name] for name in at))
    out = tmp_path / "交回.xlsx"
    write_xlsx(out, [Sheet(name=sheet.NAME, cells=(tuple(at), *rows))])
    return out.read_bytes()


def _is_of(path: Path, one: Known) -> bool:
    (found,) = read_sheets(path)
    return any(one.account_id in map(str, cells) for cells in found.cells)


@pytest.fixture
def one(asked: Many) -> Known:
    return next(iter(known(asked.ws).values()))


def hand_in(
    console: Console, raw: bytes, proofs: tuple[str, bytes] | None = None, name: str = "反馈表.xlsx", **more: str
) -> Answer:
    files = {"sheet": (name, raw), **({"proofs": proofs} if proofs else {})}
    return console.upload("/consult/replies", files, {"sweep": SWEEP, **more})


def object_(asked: Many, one: Known, why: str = "有更新") -> int:
    fields = {"sweep": SWEEP, "token": f"token-{time.monotonic_ns()}", "opinion": "objects", "why": why}
    assert asked.as_("city").upload(f"/own/{one.account_id}/answer/{one.code}", {}, fields).status == 303
    return asked.ws.store.objections(SWEEP)[-1].id


def test_sending_from_the_page_writes_every_unit_s_packet_and_tells_how_it_went(
    reviewed: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.console.pages.consult.printer", lambda: None)
    city = reviewed.as_("city")
    assert "还没有征求过意见" in city.get("/consult").text
    done = city.post("/consult/send", {"sweep": SWEEP, "deadline": "2026-11-13"})
    assert done.status == 303, done.text
    reviewed.console.desk.background.wait(60)
    told = city.get("/consult").text
    (sent,) = reviewed.ws.store.consultations(SWEEP)
    assert "第1次征求意见已写好" in told
    assert sent.who == "市级一"
    assert str(sent.deadline) == "2026-11-13"
    assert all(asked.organisation in told for asked in sent.asked)
    unit = city.get(re.findall(r'href="(/consult/unit[^"]+)"', told)[0].replace("&amp;", "&"))
    files = re.findall(r'href="(/consult/files/[^"]+)"', unit.text)
    assert len(files) == 3
    assert all(city.get(file).status == 200 for file in files)
    assert city.get(files[0]).headers["content-disposition"].startswith("attachment")


def test_sending_while_findings_wait_for_a_person_is_refused_with_their_names(many: Many) -> None:
    city = many.as_("city")
    city.post("/consult/send", {"sweep": SWEEP, "deadline": "2026-11-13"})
    many.console.desk.background.wait(60)
    assert "条未复核" in city.get("/consult").text
    assert many.ws.store.consultations(SWEEP) == ()
    assert not list(many.ws.reports.rglob("*征求意见*"))


@pytest.mark.parametrize("deadline", ["", "明天", "2026-11-05"])
def test_a_deadline_that_is_none_or_over_sends_nothing(reviewed: Many, deadline: str) -> None:
    city = reviewed.as_("city")
    city.post("/consult/send", {"sweep": SWEEP, "deadline": deadline})
    reviewed.console.desk.background.wait(60)
    assert reviewed.ws.store.consultations(SWEEP) == ()


def test_a_reply_sheet_with_its_proof_is_taken_in(asked: Many, one: Known, tmp_path: Path) -> None:
    done = hand_in(asked.as_("city"), filled(asked, tmp_path, one, proof="截图.png"), ("截图.png", png()), received="2026-11-06")
    assert done.status == 303, done.text
    (kept,) = asked.ws.store.objections(SWEEP)
    assert (kept.account_id, kept.objects, kept.taken_by) == (one.account_id, True, "市级一")
    assert attached.read(asked.ws, kept.attachments[0]) == png()
    assert asked.as_("city").get(f"/consult/proofs/{kept.id}/0").body == png()


def test_wrong_rows_are_told_by_their_number_and_nothing_is_kept(asked: Many, one: Known, tmp_path: Path) -> None:
    done = hand_in(asked.as_("city"), filled(asked, tmp_path, one, said="不知道"))
    assert done.status == 422
    assert "第2行" in done.text
    assert "应选" in done.text
    assert "整份没有收" in done.text
    # the row as it stands in the file, and what is wrong with it right below
    row = re.search(r"<td>第2行</td>(.*?)</tr>\s*<tr><td></td><td [^>]*class=\"wrongcell\">(.*?)</td>", done.text, re.S)
    assert row
    assert f"<td>{one.account_id}</td>" in row[1]
    assert "<td>不知道</td>" in row[1]
    assert "应选" in row[2]
    missing = hand_in(asked.as_("city"), filled(asked, tmp_path, one, proof="没有附.png"))
    assert missing.status == 422
    assert "没有附.png" in missing.text
    assert asked.ws.store.objections(SWEEP) == ()
    assert not (asked.ws.root / attached.FOLDER).exists()


def test_the_same_sheet_twice_is_told_and_kept_once(asked: Many, one: Known, tmp_path: Path) -> None:
    raw = filled(asked, tmp_path, one)
    assert hand_in(asked.as_("city"), raw).status == 303
    again = hand_in(asked.as_("city"), raw)
    assert again.status == 422
    assert "已经收过" in again.text
    assert len(asked.ws.store.objections(SWEEP)) == 1


@pytest.mark.parametrize(
    ("outcome", "words", "ruled"),
    [("accept", "", Ruled.ACCEPTED), ("partly", "改后的说法", Ruled.PARTLY), ("reject", "", Ruled.REJECTED)],
)
def test_a_ruling_is_kept_and_acted_upon(asked: Many, one: Known, outcome: str, words: str, ruled: Ruled) -> None:
    number, city = object_(asked, one), asked.as_("city")
    done = city.post(f"/consult/rule/{number}", {"sweep": SWEEP, "outcome": outcome, "why": "核实过", "words": words})
    assert done.status == 303, done.text
    told = asked.ws.store.objections(SWEEP)[-1].ruling
    assert told
    assert (told.outcome, told.words, told.who) == (ruled, words, "市级一")
    verdict = asked.ws.store.verdict(last_judgement(asked.ws, asked.ws.head(SWEEP)), one.account_id)
    assert verdict
    stands = {each.code for each in verdict.findings if str(each.status) in ("confirmed", "automatic")}
    assert (one.code in stands) is (ruled is not Ruled.ACCEPTED)
    own = city.get(f"/own/{one.account_id}").text
    assert str(ruled) in own
    assert not words or words in own
    assert ("已撤销" in own) is (ruled is Ruled.ACCEPTED)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"outcome": "accept", "why": " "}, "须写明理由"),
        ({"outcome": "partly", "why": "x"}, "改成怎样的说法"),
        ({"outcome": "", "why": "x"}, "没有选怎样答复"),
    ],
)
def test_a_ruling_that_is_not_whole_changes_nothing(asked: Many, one: Known, fields: dict[str, str], told: str) -> None:
    number = object_(asked, one)
    done = asked.as_("city").post(f"/consult/rule/{number}", {"sweep": SWEEP, **fields})
    assert done.status == 400
    assert told in done.text
    assert "--" not in done.text
    assert asked.ws.store.objections(SWEEP)[-1].ruling is None


def test_an_objection_that_a_later_one_replaced_is_not_ruled_on(asked: Many, one: Known) -> None:
    first, _ = object_(asked, one), object_(asked, one, "补充")
    done = asked.as_("city").post(f"/consult/rule/{first}", {"sweep": SWEEP, "outcome": "accept", "why": "x"})
    assert done.status == 400
    assert "后来又交了新的意见" in done.text
    assert all(each.ruling is None for each in asked.ws.store.objections(SWEEP))


def test_units_and_counties_reach_nothing_of_the_office_s_page(asked: Many, one: Known) -> None:
    number = object_(asked, one)
    for role in ("unit", "county"):
        told = asked.as_(role)
        for address in (
            "/consult",
            f"/consult/unit?name={number}",
            "/consult/table",
            f"/consult/files/{number}/0",
            f"/consult/proofs/{number}/0",
        ):
            assert told.get(address).status == 403
        assert told.post(f"/consult/rule/{number}", {"outcome": "accept", "why": "x"}).status == 403
        assert told.post("/consult/send", {"deadline": "2026-11-13"}).status == 403
    assert asked.ws.store.objections(SWEEP)[-1].ruling is None


@pytest.mark.parametrize(("kind", "head"), [("docx", b"PK"), ("xlsx", b"PK")])
def test_the_table_of_opinions_is_handed_out(asked: Many, kind: str, head: bytes) -> None:
    told = asked.as_("city").get(f"/consult/table?kind={kind}")
    assert told.status == 200
    assert told.body.startswith(head)
    assert told.headers["content-disposition"].startswith("attachment")


def test_the_page_holds_on_a_phone(asked: Many, one: Known, signed_in: Callable[..., Page]) -> None:
    object_(asked, one)
    sheet = signed_in(asked.as_("city"), viewport={"width": 390, "height": 844})
    for address in ("/consult", "/rectify", "/reports"):
        sheet.goto(address, wait_until="networkidle")
        assert sheet.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
