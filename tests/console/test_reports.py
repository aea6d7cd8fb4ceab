"""报告: drafts with a preview that can run nothing, gates one by one, the final print, versions and what changed."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.console.conftest import TODAY, Answer, Console, Many, Serve
from tests.console.sending import SWEEP, known
from tracker.reports.forms import FORMS
from tracker.review import last_judgement

FORM = {"form": "noncompliant", "sweep": SWEEP}


def draft(console: Console, form: str = "noncompliant", *suffix: str, **more: str) -> Answer:
    return console.post("/reports/draft", {"form": form, "sweep": SWEEP, "suffix": list(suffix or ("html",)), **more})


def test_the_page_of_a_workspace_without_a_check_says_what_to_do(empty: Console) -> None:
    told = empty.get("/reports")
    assert told.status == 200
    assert "还没有正式检查" in told.text


def test_every_form_can_be_chosen_and_written_as_a_draft(asked: Many) -> None:
    city = asked.as_("city")
    whom = next(iter(known(asked.ws)))[0]
    for form in FORMS:
        done = draft(city, form.name, whom=whom if form.name == "account" else "")
        assert done.status == 303, (form.name, done.text)
        assert city.get(done.headers["location"]).status == 200
    assert {one.form for one in asked.ws.store.prints(SWEEP)} <= {form.name for form in FORMS}
    assert all(one.who == "市级一" and one.kind == "draft" for one in asked.ws.store.prints(SWEEP))


def test_the_preview_is_the_very_file_and_can_run_send_or_lead_nowhere(asked: Many) -> None:
    city = asked.as_("city")
    shown = re.findall(r'src="(/reports/shown/[^"]+)"', city.get(draft(city).headers["location"]).text)
    sheet = city.get(shown[0])
    (printed,) = asked.ws.store.prints(SWEEP)
    policy = sheet.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert sheet.body == (asked.ws.reports / "草稿" / printed.files[0].name).read_bytes()
    saved = city.get(shown[0].replace("/shown/", "/files/"))
    assert saved.body == sheet.body
    assert saved.headers["content-disposition"].startswith("attachment")


def test_the_preview_shows_in_a_browser_and_the_gates_come_by_themselves(asked: Many, signed_in: Callable[..., Page]) -> None:
    sheet = signed_in(asked.as_("city"))
    sheet.goto("/reports")
    sheet.get_by_role("button", name="写一稿,先看看").click()
    assert "不合格" in sheet.frame_locator("iframe.sheet").locator("body").inner_text()
    sheet.locator("ol.gates li").first.wait_for()
    assert "还没有过" in sheet.locator("ol.gates").inner_text()


def test_the_gates_stand_one_by_one_with_what_to_do_also_without_a_script(asked: Many) -> None:
    told = asked.as_("city").get(f"/reports/gates?sweep={SWEEP}")
    assert told.status == 200
    assert "<nav" in told.text
    assert "征求意见的截止日期" in told.text
    assert 'href="/consult"' in told.text
    assert "tracker " not in told.text


def test_a_closed_gate_refuses_the_final_print_on_the_page_and_keeps_the_reason(asked: Many) -> None:
    city = asked.as_("city")
    done = city.post("/reports/final", {**FORM, "suffix": ["docx"], "because": "领导<b>同意</b>"})
    assert done.status == 422
    assert "没有印发" in done.text
    assert "截止日期" in done.text
    assert "领导&lt;b&gt;同意&lt;/b&gt;" in done.text
    assert not [one for one in asked.ws.store.prints(SWEEP) if one.kind == "final"]


def test_the_final_print_has_the_reason_and_what_it_released_and_a_correction_is_numbered(reviewed: Many) -> None:
    city = reviewed.as_("city")
    closed = city.get(f"/reports/gates?sweep={SWEEP}").text
    done = city.post("/reports/final", {**FORM, "suffix": ["html"], "because": "抽查样例"})
    assert done.status == 303, done.text
    (printed,) = reviewed.ws.store.prints(SWEEP)
    assert (printed.label, printed.reason, printed.who) == ("印发稿", "抽查样例", "市级一")
    assert bool(printed.gates) is ("可凭理由放行" in closed)
    assert "印发稿" in city.get("/reports").text


def test_only_who_may_print_prints(asked: Many) -> None:
    for role in ("county", "unit"):
        told = asked.as_(role)
        assert told.get("/reports").status == 403
        assert told.post("/reports/draft", FORM).status == 403
        assert told.post("/reports/final", FORM).status == 403
    assert asked.ws.store.prints(SWEEP) == ()


def test_two_versions_are_compared_with_the_reason_of_each_change(asked_root: Path, served: Serve, tmp_path: Path) -> None:
    shutil.copytree(asked_root, tmp_path / "比较")
    ticks = count(1)
    asked = Many(console=served(tmp_path / "比较", clock=lambda: TODAY + timedelta(seconds=next(ticks))))
    city = asked.as_("city")
    draft(city)
    one = next(iter(known(asked.ws).values()))
    fields = {"sweep": SWEEP, "token": "token-000001", "opinion": "objects", "why": "有更新"}
    assert city.upload(f"/own/{one.account_id}/answer/{one.code}", {}, fields).status == 303
    number = asked.ws.store.objections(SWEEP)[0].id
    ruled = city.post(f"/consult/rule/{number}", {"sweep": SWEEP, "outcome": "accept", "why": "核实有更新"})
    assert ruled.status == 303, ruled.text
    draft(city)
    told = city.get(f"/reports/diff?form=noncompliant&sweep={SWEEP}&since={quote('第1稿')}&until={quote('第2稿')}")
    assert told.status == 200
    assert "撤下 1 个" in told.text
    assert "核实有更新" in told.text


def test_a_file_that_was_changed_or_moved_is_not_handed_out_as_the_print(asked: Many) -> None:
    city = asked.as_("city")
    draft(city)
    (printed,) = asked.ws.store.prints(SWEEP)
    path = asked.ws.reports / "草稿" / printed.files[0].name
    path.write_bytes(path.read_bytes() + b" ")
    assert "已改动或移走" in city.get("/reports").text
    told = city.get(f"/reports/files/{printed.token}/0")
    assert told.status == 400
    assert "没有原样的文件" in told.text


@pytest.mark.parametrize(
    "address", ["/reports/files/nothing/0", "/reports/shown/nothing/0", "/reports/files/..%2f..%2ftracker.toml/0"]
)
def test_there_is_no_file_but_what_was_printed(asked: Many, address: str) -> None:
    assert asked.as_("city").get(address).status == 404


def test_a_word_file_of_a_draft_is_a_word_file(asked: Many) -> None:
    city = asked.as_("city")
    draft(city, "noncompliant", "docx")
    (printed,) = asked.ws.store.prints(SWEEP)
    place = next(at for at, one in enumerate(printed.files) if one.name.endswith(".docx"))
    raw = city.get(f"/reports/files/{printed.token}/{place}").body
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert last_judgement(asked.ws, asked.ws.head(SWEEP)).number == printed.judgement
