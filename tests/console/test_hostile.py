"""A hostile reading of the pages: whose word a record bears, and whose word it cannot take away."""

import re
from dataclasses import replace

import pytest

from tests.console.conftest import TODAY, Many
from tests.console.sending import SWEEP, of_unit
from tracker.errors import UsageError
from tracker.gates import gates, unanswered
from tracker.people import RIGHTS, Right, Role
from tracker.review import last_judgement, waiting
from tracker.signin.people import change


def test_nobody_else_s_agreement_takes_a_unit_s_objection_away(asked: Many) -> None:
    one, ws = of_unit(asked.ws)[0], asked.ws

    def say(role: str, opinion: str, token: str) -> int:
        told = {"sweep": one.sweep, "token": token, "opinion": opinion, "why": "11月3日已经更新"}
        return asked.as_(role).upload(f"/own/{one.account_id}/answer/{one.code}", {}, told).status

    assert say("unit", "objects", "token-000001") == 303
    for number, role in enumerate(("county", "city", "admin"), 2):
        assert say(role, "agrees", f"token-00000{number}") == 422, role
        assert [each.code for each in unanswered(ws.store.objections(SWEEP))] == [one.code], role
    slugs = [each.slug for each in gates(ws, ws.sweep(SWEEP), last_judgement(ws, ws.sweep(SWEEP)), today=TODAY.date())]
    assert "objections" in slugs
    # whoever objected may agree after all
    assert say("unit", "agrees", "token-000009") == 303
    assert not unanswered(ws.store.objections(SWEEP))


def test_a_final_list_bears_the_name_of_whoever_printed_it(reviewed: Many) -> None:
    said = reviewed.as_("city").post("/list/export", {"kind": "csv", "final": "1", "because": "示例"})
    assert said.status == 303, re.sub(r"<[^>]+>", " ", said.text)
    assert [(one.kind, one.who) for one in reviewed.ws.store.prints()] == [("final", "市级一")]


def test_a_final_list_takes_the_right_to_print(reviewed: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RIGHTS, Role.CITY, RIGHTS[Role.CITY] - {Right.PRINT})  # type: ignore[arg-type]
    assert reviewed.as_("city").post("/list/export", {"kind": "csv", "final": "1", "because": "示例"}).status == 403
    assert not reviewed.ws.store.prints()
    assert reviewed.as_("city").post("/list/export", {"kind": "csv"}).status == 303


def test_under_another_name_the_same_person_is_no_second_one(many: Many) -> None:
    city, ws = many.as_("city"), many.ws
    user = ws.store.user(login="city")
    assert user
    change(ws.store, replace(user, name="市级甲"))
    city.get("/review")
    one = waiting(last_judgement(ws, ws.sweep(SWEEP)))[0]
    told = {"key": "form-000001", "version": 0, "choice": "confirm"}
    assert city.post(f"/review/{one.verdict.account.account_id}/{one.finding.code}", told).status == 303
    admin = {"name": "市级乙", "role": "city"}
    said = many.as_("admin").post(f"/system/users/{user.id}", admin)
    assert (said.status, "被当成另一个人" in said.text) == (400, True)
    with pytest.raises(UsageError, match="还没有印发"):
        change(ws.store, replace(user, name="市级乙"))
    # the same name otherwise written, and everything else, may change
    change(ws.store, replace(user, name="市级 甲", disabled=True))
