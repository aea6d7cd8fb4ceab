"""What programs read: the words of --json, scope, pages that nothing shifts, cursors that nobody bends."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from adapters import BY_PLATFORM
from tests.api.conftest import Many, Program, problem, program
from tests.console.conftest import TODAY
from tests.console.sending import SWEEP, of_others, of_unit
from tracker.judge import as_json, judge
from tracker.people import Right
from tracker.review import last_judgement


def walk(told: Program, path: str) -> Iterator[dict[str, Any]]:
    """All rows of a list, page by page by its own links."""
    following: str | None = path
    while following:
        page = told.told(following.removeprefix("/api/v1"))
        yield from page["items"]
        following = page["next"]


def test_verdicts_are_told_in_the_words_of_judge_json(many: Many, admin: Program) -> None:
    held = last_judgement(many.ws, many.ws.head(SWEEP))
    found = list(walk(admin, "/verdicts?limit=40"))
    assert len(found) == len(held.verdicts) == 102
    for got, verdict in zip(found, held.verdicts, strict=True):
        wanted: dict[str, Any] = as_json(verdict)
        assert got.pop("conclusion") == str(verdict.conclusion)
        for finding, own in zip(got["findings"], verdict.findings, strict=True):
            assert (finding.pop("arithmetic"), finding.pop("counterfactual")) == (own.arithmetic, own.counterfactual)
        assert got == wanted
        assert set(wanted) <= set(admin.told(f"/verdicts/{got['account_id']}"))


def test_filters_are_those_of_the_page(many: Many, admin: Program) -> None:
    accounts = many.ws.store.accounts()
    wanted = {one.account_id for one in accounts if one.region == "甲山县" and one.platform == "weixin"}
    told = admin.told(f"/accounts?region={quote('甲山县')}&platform=weixin")
    assert {one["account_id"] for one in told["items"]} == wanted
    assert told["total"] == len(wanted) > 0
    assert admin.told(f"/accounts?q={quote('甲山发布')}")["total"] >= 1
    failed = admin.told("/verdicts?conclusion=to_review")
    assert {one["conclusion"] for one in failed["items"]} == {"to_review"}
    assert admin.told("/accounts?region=nowhere")["items"] == []


def test_the_findings_that_wait_are_those_of_the_review(many: Many, admin: Program) -> None:
    held = last_judgement(many.ws, many.ws.head(SWEEP))
    wanted = [(v.account.account_id, f.code) for v in held.verdicts for f in v.findings if f.status == "candidate"]
    assert [(one["account_id"], one["code"]) for one in walk(admin, "/findings/waiting?limit=3")] == wanted != []


def test_a_county_reads_its_region_and_a_unit_its_own_alone(asked: Many) -> None:
    accounts = {one.account_id: one for one in asked.ws.store.accounts()}
    region = {whom for whom, one in accounts.items() if one.region == "甲山县"}
    county, unit = program(asked, "county"), program(asked, "unit")
    for path in ("/accounts?limit=3", "/verdicts?limit=3"):
        found = [one["account_id"] for one in walk(county, path)]
        assert set(found) == region
        assert len(found) == len(region)
    assert {one["account_id"] for one in walk(county, "/due?days=3000&limit=3")} <= region
    assert program(asked, "city").told("/accounts")["total"] == len(accounts) > len(region)
    own, others = of_unit(asked.ws), of_others(asked.ws)
    assert [(one["account_id"], one["code"]) for one in walk(unit, "/own")] == sorted((x.account_id, x.code) for x in own)
    assert unit.told(f"/own/{own[0].account_id}")["items"][0]["code"] == own[0].code
    assert problem(unit.get(f"/own/{others[0].account_id}")) == (404, "not_found")
    for path in ("/accounts", "/verdicts", f"/accounts/{own[0].account_id}", "/due", "/sweeps"):
        assert problem(unit.get(path)) == (403, "forbidden")


def test_a_foreign_account_is_refused_in_the_words_for_one_that_is_not_there(many: Many) -> None:
    county = program(many, "county")
    other = next(one for one in many.ws.store.accounts() if one.region == "乙水县")
    for path in ("/accounts/{}", "/accounts/{}/visits", "/verdicts/{}"):
        hidden, missing = county.get(path.format(other.account_id)), county.get(path.format("nobody"))
        assert problem(hidden) == (404, "not_found")
        assert hidden.body == missing.body


def test_what_waits_for_review_is_never_told_to_a_unit(asked: Many) -> None:
    told = {(one["account_id"], one["code"]) for one in walk(program(asked, "admin"), "/own?limit=4")}
    assert told == {(one.account_id, one.code) for one in (*of_unit(asked.ws), *of_others(asked.ws))}


def test_a_page_is_not_shifted_by_what_comes_in_between(many: Many, admin: Program) -> None:
    before = [one["account_id"] for one in walk(admin, "/accounts?limit=500")]
    first = admin.told("/accounts?limit=10")
    many.ws.store.add_accounts(
        [replace(many.ws.store.accounts()[0], account_id="aaaaaaaaaa", name="新来的", filed_id="", ids={}, position=0)],
        "x",
        TODAY,
    )
    rest = list(walk(admin, first["next"]))
    assert [one["account_id"] for one in (*first["items"], *rest)] == before


def test_all_pages_are_of_the_judgement_of_the_first(many: Many, admin: Program) -> None:
    first = admin.told("/verdicts?limit=50")
    wanted = [one["account_id"] for one in walk(admin, "/verdicts")]
    held = many.ws.store.last_head(SWEEP)
    judge(many.ws, many.ws.sweep(SWEEP), many.ws.profile("national"), BY_PLATFORM, at=TODAY)
    again = many.ws.store.last_head(SWEEP)
    assert held
    assert again
    assert again.number > held.number
    second = admin.told(first["next"].removeprefix("/api/v1"))
    assert second["judgement"] == first["judgement"]
    assert [one["account_id"] for one in (*first["items"], *second["items"])] == wanted[:100]


def test_a_bent_or_borrowed_cursor_is_refused(many: Many, admin: Program) -> None:
    for number in range(3):
        admin.post("/links", {"text": f"{number}"})
    for path in ("/accounts", "/verdicts", "/due?days=3000", "/audit"):
        _bend(admin, path)


def _bend(admin: Program, path: str) -> None:
    joined = "&" if "?" in path else "?"
    following = admin.told(f"{path}{joined}limit=1")["next"]
    cursor = following.rpartition("cursor=")[2]
    assert admin.get(following.removeprefix("/api/v1")).status == 200
    bent = [cursor[:-4], cursor[4:], "A" * 40, "x", "%00", quote("游标"), cursor.swapcase(), "bm90LWEtbWFyay1bMV0="]
    for one in bent:
        assert problem(admin.get(f"{path}{joined}limit=1&cursor={one}")) == (422, "unprocessable"), one
    assert problem(admin.get(f"/periods?cursor={cursor}")) == (422, "unprocessable")
    other = "region=x" if "audit" not in path else "person=x"
    if "due" not in path:
        assert problem(admin.get(f"{path}{joined}{other}&cursor={cursor}")) == (422, "unprocessable")


def test_nobody_gets_more_than_a_page(admin: Program) -> None:
    assert len(admin.told("/accounts?limit=500")["items"]) == 102
    for limit in ("501", "0", "-1", "1e3", "x", "9" * 400):
        assert problem(admin.get(f"/accounts?limit={limit}")) == (422, "unprocessable")


def test_a_printed_file_is_fetched_as_it_was_printed(many: Many) -> None:
    city = program(many, "city")
    done = city.post("/reports", {"form": "noncompliant", "formats": ["json", "html"]})
    assert done.status == 201, done.text
    made = json.loads(done.text)["report"]
    listed = city.told("/reports")["items"]
    assert listed == [made]
    assert (made["kind"], made["label"], made["who"]) == ("draft", "第1稿", "市级一")
    for one in made["files"]:
        got = city.get(one["url"].removeprefix("/api/v1"))
        assert got.status == 200
        assert got.headers["content-disposition"].startswith("attachment")
    assert problem(city.get(f"/reports/{made['token']}/files/9")) == (404, "not_found")
    assert problem(city.get("/reports/%00/files/0")) == (404, "not_found")
    county = program(many, "county")
    assert problem(county.get(made["files"][0]["url"].removeprefix("/api/v1"))) == (403, "forbidden")


def test_rules_profiles_sweeps_and_oneself_are_told(many: Many, admin: Program) -> None:
    assert "怎么判" in admin.told("/rules/upd-01")["text"]
    assert problem(admin.get("/rules/NO-99")) == (404, "not_found")
    profiles = admin.told("/profiles")
    assert profiles["used"] == "baoji"
    for name in profiles["items"]:
        assert admin.told(f"/profiles/{name}")["rules"]
    for name in ("..%2Ftracker", "nobody", "%00", "..%5C..%5Cx"):
        assert problem(admin.get(f"/profiles/{name}")) == (404, "not_found")
    assert [one["name"] for one in admin.told("/sweeps")["items"]] == [SWEEP]
    assert admin.told("/periods")["items"][0]["name"] == "2026Q4"
    few = program(many, "admin", [Right.SELF]).told("/me")
    assert (few["login"], few["rights"], few["region"], few["organisations"]) == ("admin", ["self"], None, None)
    assert program(many, "county").told("/me")["region"] == "甲山县"


def test_the_log_tells_the_program_s_changes_the_newest_first(many: Many, admin: Program) -> None:
    for number in range(5):
        assert admin.post("/links", {"text": f"{number}"}).status == 200
    rows = list(walk(admin, "/audit?limit=2"))
    assert [one["number"] for one in rows] == list(range(rows[0]["number"], 0, -1))
    assert {one["action"] for one in rows[:5]} == {"POST /api/v1/links token 测试"}
    assert admin.told("/audit?person=nobody")["items"] == []
    assert admin.told("/audit?until=2026-11-06T00:00:00")["items"] == []
    for odd in ("0001-01-01T00:00:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59-23:59"):
        assert admin.get(f"/audit?since={odd}").status == 200
    assert problem(admin.get("/audit?since=yesterday")) == (422, "unprocessable")
