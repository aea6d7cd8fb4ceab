"""What programs change: the records are those of the pages, under the name of the token's user."""

import json
from typing import Any

import pytest

from tests.api.conftest import Many, Program, problem, program
from tests.console.sending import SWEEP, of_others, of_unit
from tracker.consult import Known
from tracker.model import Account, Route, Status, Verdict
from tracker.review import last_judgement


def judged(many: Many) -> tuple[Verdict, ...]:
    return last_judgement(many.ws, many.ws.head(SWEEP)).verdicts


def got(answer: Any, status: int = 200) -> Any:
    assert answer.status == status, answer.text
    return json.loads(answer.text)


@pytest.fixture
def filed(many: Many) -> Account:
    """An account of the county at which nobody looked yet."""
    return next(one for one in many.ws.store.accounts() if one.region == "甲山县" and not looks(many, one.account_id))


def looks(many: Many, account_id: str) -> list[str]:
    return [one.file for one in many.ws.store.visits(SWEEP, account_id) if one.route is Route.MANUAL]


def test_a_look_is_a_visit_of_the_check(many: Many, filed: Account) -> None:
    county = program(many, "county")
    told = {"told": "11月3日", "answers": {"互动": "无问题"}, "note": "首页"}
    done = got(county.post(f"/looks/{filed.account_id}", told, key="look-at-once"))
    again = got(county.post(f"/looks/{filed.account_id}", told, key="look-at-once"))
    assert done == again
    assert looks(many, filed.account_id) == [done["file"]]
    assert (done["sweep"], done["again"]) == (SWEEP, False)
    visits = county.told(f"/accounts/{filed.account_id}/visits?limit=500")["items"]
    assert [one["route"] for one in visits if one["file"] == done["file"]] == ["manual"]


def test_a_look_over_one_that_was_not_seen_is_refused(many: Many, admin: Program, filed: Account) -> None:
    path = f"/looks/{filed.account_id}"
    first = got(admin.post(path, {"told": "11月3日"}))
    clash = admin.post(path, {"told": "11月2日"})
    assert problem(clash) == (409, "conflict")
    assert first["file"] in clash.text
    assert got(admin.post(path, {"told": "11月2日", "seen": first["file"]}))["file"] != first["file"]


def test_a_look_over_what_somebody_is_just_filling_in_is_refused(many: Many, admin: Program, filed: Account) -> None:
    form = {"key": "page-0001", "seq": "1", "told": "11月1日"}
    assert many.as_("city").post(f"/looks/{filed.account_id}/draft", form).status == 303
    clash = admin.post(f"/looks/{filed.account_id}", {"told": "11月2日"})
    assert problem(clash) == (409, "conflict")
    assert "正填着" in clash.text
    assert looks(many, filed.account_id) == []


def test_a_look_that_says_nothing_or_is_not_understood_is_refused(many: Many, admin: Program, filed: Account) -> None:
    for told in (
        {},
        {"told": "前几天"},
        {"told": "2031-01-01"},
        {"answers": {"互动": "有问题"}},
        {"answers": {"没有这项": "无问题"}},
        {"answers": {"互动": "也许"}},
        {"told": "https://example.org/x"},
    ):
        assert problem(admin.post(f"/looks/{filed.account_id}", told)) == (422, "unprocessable"), told
    assert problem(admin.post("/looks/nobody", {"told": "11月3日"})) == (404, "not_found")
    assert looks(many, filed.account_id) == []


def test_links_are_kept_under_the_user_s_name(many: Many, admin: Program) -> None:
    article = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"
    told = got(admin.post("/links", {"text": f"{article} 和 {article}\n{article}\nhttps://example.org/x"}))
    assert (told["links"], told["new"], told["foreign"]) == ([article], 1, ["https://example.org/x"])
    assert [one.who for one in many.ws.store.links() if one.url == article] == ["管理一"]


def test_a_decision_is_recorded_and_judged(many: Many, admin: Program) -> None:
    verdict = next(one for one in judged(many) if any(each.status is Status.CANDIDATE for each in one.findings))
    own = verdict.account.account_id
    finding = next(one for one in verdict.findings if one.status is Status.CANDIDATE)
    path = f"/decisions/{own}/{finding.code}"
    assert problem(admin.post(path, {"decision": "dismiss"})) == (422, "unprocessable")
    assert problem(admin.post(path, {"decision": "ask", "why": " "})) == (422, "unprocessable")
    assert problem(admin.post(f"/decisions/{own}/NO-99", {"decision": "confirm"})) == (404, "not_found")
    assert many.ws.store.decisions(SWEEP) == ()
    told = got(admin.post(path, {"decision": "dismiss", "why": "公益内容"}, key="decided-once"))
    assert got(admin.post(path, {"decision": "dismiss", "why": "公益内容"}, key="decided-once")) == told
    [said] = many.ws.store.decisions(SWEEP)
    assert (said.account_id, said.code, said.confirmed, said.who, said.why) == (own, finding.code, False, "管理一", "公益内容")
    now = next(one for one in judged(many) if one.account.account_id == own)
    assert next(one.status for one in now.findings if one.code == finding.code) is Status.DISMISSED
    assert told["verdict"] == now.word
    waiting = admin.told("/findings/waiting?limit=500")["items"]
    assert (own, finding.code) not in [(one["account_id"], one["code"]) for one in waiting]
    got(admin.post(path, {"decision": "ask", "why": "请单位说明"}))
    assert [(one.who, one.note) for one in many.ws.store.questions(SWEEP)][-1] == ("管理一", "请单位说明")


def test_a_check_is_judged(many: Many, admin: Program) -> None:
    before = many.ws.store.last_head(SWEEP)
    told = got(admin.post("/judge", {}))
    after = many.ws.store.last_head(SWEEP)
    assert before
    assert after
    assert after.number > before.number
    assert (told["sweep"], told["running"], sum(told["counts"].values())) == (SWEEP, False, 102)
    assert problem(admin.post("/judge", {"sweep": "nothing"})) == (404, "not_found")


@pytest.fixture
def mine(asked: Many) -> Known:
    return of_unit(asked.ws)[0]


def test_a_unit_answers_and_the_office_rules(asked: Many, mine: Known) -> None:
    unit, city = program(asked, "unit"), program(asked, "city")
    path, told = f"/own/{mine.account_id}/answers/{mine.code}", {"sweep": SWEEP, "opinion": "objects", "why": "已经改了"}
    assert problem(unit.post(path, {**told, "why": ""})) == (422, "unprocessable")
    done = got(unit.post(path, told, key="answered-once"))
    assert got(unit.post(path, told, key="answered-once")) == done
    assert done["late"] is False
    [said] = city.told("/objections")["items"]
    assert (said["account_id"], said["why"], said["ruling"]) == (mine.account_id, "已经改了", None)
    ruling = f"/objections/{said['id']}/ruling"
    assert problem(city.post(ruling, {"outcome": "partly", "why": "部分属实"})) == (422, "unprocessable")
    assert problem(city.post(ruling, {"outcome": "reject", "why": "x", "words": "改成"})) == (422, "unprocessable")
    assert problem(city.post("/objections/999/ruling", {"outcome": "reject", "why": "x"})) == (404, "not_found")
    assert problem(unit.post(ruling, {"outcome": "accept", "why": "x"})) == (403, "forbidden")
    assert got(city.post(ruling, {"outcome": "accept", "why": "核实属实"}))["outcome"] == "采纳"
    own = next(one for one in unit.told("/own")["items"] if one["code"] == mine.code)
    assert own["withdrawn"] is True
    assert own["answers"][0]["ruling"]["why"] == "核实属实"


def test_a_unit_answers_for_no_other(asked: Many, mine: Known) -> None:
    unit, other = program(asked, "unit"), of_others(asked.ws)[0]
    told = {"sweep": SWEEP, "opinion": "agrees"}
    assert problem(unit.post(f"/own/{other.account_id}/answers/{other.code}", told)) == (404, "not_found")
    assert problem(unit.post(f"/own/{mine.account_id}/answers/NO-99", told)) == (404, "not_found")
    assert problem(unit.post(f"/own/{mine.account_id}/answers/{mine.code}", {**told, "sweep": "x"})) == (404, "not_found")
    assert asked.ws.store.objections(SWEEP) == ()


def test_an_answer_that_came_anew_takes_the_place_of_the_one_before(asked: Many, mine: Known) -> None:
    unit, city = program(asked, "unit"), program(asked, "city")
    path = f"/own/{mine.account_id}/answers/{mine.code}"
    for why in ("第一次", "第二次"):
        got(unit.post(path, {"sweep": SWEEP, "opinion": "objects", "why": why}))
    first, second = city.told("/objections")["items"]
    assert problem(city.post(f"/objections/{first['id']}/ruling", {"outcome": "reject", "why": "x"})) == (409, "conflict")
    assert got(city.post(f"/objections/{second['id']}/ruling", {"outcome": "reject", "why": "x"}))["outcome"] == "不采纳"


def test_a_draft_is_printed_and_keeps_its_number_while_nothing_changes(many: Many, admin: Program) -> None:
    told = {"form": "noncompliant", "formats": ["json", "docx", "xlsx", "csv", "html"]}
    first, second = got(admin.post("/reports", told), 201), got(admin.post("/reports", told), 201)
    assert (first["label"], first["again"], second["label"], second["again"]) == ("第1稿", False, "第1稿", True)
    assert len(first["report"]["files"]) == 5
    for wrong in ({"formats": ["pdf"]}, {"formats": []}, {"form": "none"}, {"sweep": "none"}):
        assert problem(admin.post("/reports", {**told, **wrong})) == (422, "unprocessable")
    assert problem(admin.post("/reports", {**told, "form": "account", "account": "nobody"})) == (404, "not_found")
    own = many.ws.store.accounts()[0].account_id
    one = got(admin.post("/reports", {"form": "account", "account": own, "formats": ["html"]}), 201)
    assert one["report"]["whom"] == own
