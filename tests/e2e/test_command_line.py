"""The stable part of the command line (DESIGN §8): `read` on every recorded page, the JSON keys, the exit codes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.test_cases import FOLDERS, missing
from tests.e2e.running import ok, the, tracker

VERDICT = {
    *("account_id", "platform", "kind", "name", "organisation", "region", "check_date", "latest_post", "idle_days", "verdict"),
    *("findings", "undetermined"),
}
FINDING = {"code", "message", "basis", "effect", "status"}
READING = {"outcome", "name", "verified", "posts", "comment_policy", "replies", "likes", "menu", "footers"}
POSTS = {"latest", "as_of", "complete_since", "count", "pinned", "exact"}
UNSAYABLE = ("headers", "title", "method", "ask_body", "name", "since", "link")
"""What a case may hold beside the page and `read` has no option for: the case then tells more than one page does."""


def single_pages() -> list[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """The cases of one page that an inspector could have saved, with their one exchange."""
    found = []
    for folder in FOLDERS:
        case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        told = case.get("exchange") or [case]
        page = {**case, **told[0]}
        route = case.get("route", "browser")
        sayable = not any(word in page for word in UNSAYABLE) and route == ("browser" if "account" in case else "link")
        if len(told) == 1 and page.get("status", 200) and sayable:
            found.append((folder, case, page))
    return found


PAGES = single_pages()


def test_most_cases_are_single_pages() -> None:
    assert len(PAGES) > 200
    assert {folder.parent.name for folder, _, _ in PAGES} == {folder.parent.name for folder in FOLDERS}


@pytest.mark.parametrize(("folder", "case", "page"), PAGES, ids=[f"{p.parent.name}-{p.name}" for p, _, _ in PAGES])
def test_a_recorded_page_is_read_as_its_case_says(
    folder: Path, case: dict[str, Any], page: dict[str, Any], tmp_path: Path
) -> None:
    file = folder / page["file"] if "file" in page else tmp_path / "page"
    if "body" in page:
        file.write_bytes(page["body"].encode())
    words = ["read", folder.parent.name, file, "--url", page["url"], "--status", page.get("status", 200), "--json"]
    if at := page.get("captured_at"):
        words += ["--at", at.isoformat()]
    if "account" in case:
        words += ["--account", case["account"]]
    (reading,) = ok(*words).lines
    assert set(reading) == READING
    assert missing(case["expect"], reading) == []
    if isinstance(reading["posts"], dict) and "unseen" not in reading["posts"]:
        assert set(reading["posts"]) == POSTS


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("line") / "demo"
    ok("demo", folder)
    return folder


def test_judge_prints_exactly_the_agreed_keys(demo: Path) -> None:
    said = tracker("judge", "--json", workspace=demo)
    assert said.code == 3
    assert len(said.lines) == 102
    for one in said.lines:
        assert set(one) == VERDICT
        assert all(set(finding) == FINDING for finding in one["findings"])
        assert all(set(unknown) == {"code", "reason"} and unknown["reason"] for unknown in one["undetermined"])
        assert one["idle_days"] is None or set(one["idle_days"]) == {"least", "most"}


def test_candidates_are_told_apart_by_their_status(demo: Path, tmp_path: Path) -> None:
    ok("init", tmp_path / "ws")
    ok("accounts", "import", the_registry(), workspace=tmp_path / "ws")
    tracker("sweep", "--replay", demo / "snapshots" / "2026-11-06", "--name", "again", workspace=tmp_path / "ws")
    lines = tracker("judge", "--json", workspace=tmp_path / "ws").lines
    status = {finding["status"] for one in lines for finding in one["findings"]}
    assert status == {"automatic", "candidate", "confirmed"}
    assert {one["verdict"] for one in lines if any(f["status"] == "candidate" for f in one["findings"])} == {"待复核"}
    said = tracker("report", "noncompliant", "--as", "docx", "--final", workspace=tmp_path / "ws")
    assert (said.code, "未复核" in said.err) == (2, True)


def the_registry() -> Path:
    return Path(__file__).parents[2] / "snapshots" / "samples" / "registry.xlsx"


def test_exit_0_done_and_3_some_could_not_be_checked(demo: Path, tmp_path: Path) -> None:
    assert tracker("evidence", "verify", workspace=demo).code == 0
    assert tracker("judge", workspace=demo).code == 3
    assert tracker("rules", "list").code == 0
    ok("report", "noncompliant", "--to", tmp_path, "--as", "csv", workspace=demo)
    assert len(the(tmp_path, "csv").read_text(encoding="utf-8-sig").splitlines()) == 19


def test_exit_1_a_check_found_something(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ok("demo", folder)
    damaged = sorted((folder / "snapshots" / "2026-11-06").glob("*.warc.gz"))[7]
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    said = tracker("evidence", "verify", workspace=folder)
    assert (said.code, damaged.name in said.out) == (1, True)
    said = tracker("evidence", "verify", "--json", workspace=folder)
    assert [line["file"].endswith(damaged.name) for line in said.lines] == [True]


MISTAKES = [
    (("judge",), "不是工作区"),
    (("explain", "示例发布"), "对应4个账号"),
    (("explain", "没有这个号"), "台账里没有"),
    (("judge", "--sweep", "没有"), "现有:2026-11-06"),
    (("judge", "--profile", "没有"), "baoji"),
    (("report", "没有这种"), "noncompliant"),
    (("report", "noncompliant", "--as", "doc"), "docx"),
    (("accounts", "import", "没有.xlsx"), "没有这个文件"),
    (("observe", "import", "没有.xlsx"), "没有这个文件"),
    (("sweep", "--check-date", "十一月"), "2020-11-06"),
    (("sweep", "--replay", "没有"), "没有采集文件"),
    (("rules", "show", "XYZ-01"), "UPD-01"),
    (("read", "没有", "x", "--url", "https://example.com"), "可用"),
    (("review", "dismiss", "weixin:示例统计", "UPD-01"), "--why"),
    (("没有这个命令",), ""),
]


@pytest.mark.parametrize(("words", "told"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_exit_2_the_operators_mistake(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    said = tracker(*words, workspace=tmp_path if told == "不是工作区" else demo)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_bad_row_is_named_as_in_the_sheet_and_nothing_changes(tmp_path: Path) -> None:
    ok("init", tmp_path / "ws")
    sheet = tmp_path / "表.csv"
    rows = ("新媒体类型,新媒体名称,主办单位,检查日期,最后更新日期,发现问题", "微信,示例甲,示例局,2026-11-06,11.3,无")
    sheet.write_text("\n".join([*rows, "微信,示例乙,示例局,2026-11-06,11.3,胡乱写的话"]), encoding="utf-8")
    said = tracker("observe", "import", sheet, "--add-accounts", workspace=tmp_path / "ws")
    assert said.code == 2
    assert all(word in said.out for word in ("3", "发现问题", "胡乱写的话"))
    assert tracker("accounts", "list", "--json", workspace=tmp_path / "ws").lines == []
    kept = tracker("observe", "import", sheet, "--add-accounts", "--keep-unknown", workspace=tmp_path / "ws")
    assert kept.code == 0
    judged = tracker("judge", "--json", workspace=tmp_path / "ws").lines
    assert "胡乱写的话" in str(judged[1]["findings"])
