"""authorise: what the letter says is what the program does; steps are appended; who is asked first."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest
from lxml import html

from adapters import BY_PLATFORM
from tests.e2e.living import begin, go, settle, world_of
from tests.e2e.running import tracker
from tests.platforms.serve import serve
from tracker.access import vault_of
from tracker.authorise import advise, calls_of, mark, owned, standings
from tracker.clock import SHANGHAI
from tracker.credentials import Credential, Hidden, Kind, fresh
from tracker.errors import UsageError
from tracker.model import Observation, Outcome, Route, StoredVisit
from tracker.store import Step
from tracker.workspace import Workspace, opened

AT = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)
OFFICE = """
[bulletin]
issuer = "示例市政务公开办公室"
basis = "按照《政府网站与政务新媒体检查指标》要求"
contact = "示例科 0900-0000000"
"""
HEAD = "新媒体类型,新媒体名称,主办单位,微信号\n"
ROWS = (
    "微信订阅号,示例教育,示例市教育局,gh_1\n微信服务号,示例教育服务,示例市教育局,gh_2\n"
    "微信订阅号,示例水利,示例市水利局,gh_3\n新浪微博,示例水利,示例市水利局,\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKER_KEY", fresh())
    monkeypatch.delenv("TRACKER_WORKSPACE", raising=False)
    root, table = tmp_path / "工作区", tmp_path / "台账.csv"
    table.write_text(HEAD + ROWS, encoding="utf-8")
    assert tracker("init", root).code == 0
    assert tracker("accounts", "import", table, workspace=root).code == 0
    return root


def of_docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def of_html(path: Path) -> str:
    return str(html.fromstring(path.read_text(encoding="utf-8")).find("body").text_content())


def with_office(home: Path) -> None:
    path = home / "tracker.toml"
    path.write_text(path.read_text(encoding="utf-8") + OFFICE, encoding="utf-8")


def test_word_and_html_say_the_same_and_everything_that_they_must(home: Path, tmp_path: Path) -> None:
    with_office(home)
    said = tracker("authorise", "letter", "weixin:示例教育", "--to", tmp_path / "o", workspace=home)
    assert said.code == 0, said
    assert "××" not in said.out
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == [
        "示例市教育局政务新媒体账号数据读取授权函.docx",
        "示例市教育局政务新媒体账号数据读取授权函.html",
    ]
    for text in (of_docx(next((tmp_path / "o").glob("*.docx"))), of_html(next((tmp_path / "o").glob("*.html")))):
        for word in ("示例市政务公开办公室", "示例市教育局（盖章）", "示例科 0900-0000000", "gh_1", "不群发", "不发表"):
            assert word in text
        for word in ("不保存留言的内容", "不读取私信", "关注者（粉丝）", "随时收回", "重置 AppSecret", "授权管理", "为止"):
            assert word in text
        assert "示例教育服务" not in text
        assert "××" not in text
        for call in calls_of(BY_PLATFORM["weixin"]):
            assert call.address in text
            assert call.use in text


def test_every_organisation_gets_one_letter_with_all_its_accounts(home: Path, tmp_path: Path) -> None:
    with_office(home)
    assert tracker("authorise", "letter", "--all-organisations", "--to", tmp_path / "o", workspace=home).code == 0
    names = sorted(path.name for path in (tmp_path / "o").glob("*.html"))
    assert [name.partition("政务")[0] for name in names] == ["示例市教育局", "示例市水利局"]
    text = of_html(tmp_path / "o" / names[0])
    assert "示例教育服务" in text
    assert "微信服务号" in text


def test_what_the_office_has_not_told_is_left_open_and_named(home: Path, tmp_path: Path) -> None:
    said = tracker("authorise", "letter", "weixin:示例教育", "--to", tmp_path / "o", workspace=home)
    assert said.code == 0
    assert "[bulletin]" in said.out
    text = of_docx(next((tmp_path / "o").glob("*.docx")))
    assert "××" in text


def test_hostile_names_stay_text_and_files_stay_legal(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "more.csv"
    table.write_text(HEAD + '微信订阅号,<b>甲{{ 1 }}</b>,"../示例:局|?",gh_9\n', encoding="utf-8")
    assert tracker("accounts", "import", table, workspace=home).code == 0
    assert tracker("authorise", "letter", "--all-organisations", "--to", tmp_path / "o", workspace=home).code == 0
    made = [path for path in (tmp_path / "o").iterdir() if "示例_局" in path.name]
    assert len(made) == 2
    assert not any(mark in path.name for path in made for mark in '<>:"/\\|?*')
    for path in made:
        assert "<b>甲{{ 1 }}</b>" in (of_docx(path) if path.suffix == ".docx" else of_html(path))


def test_an_own_template_is_used_and_a_wrong_one_named(home: Path, tmp_path: Path) -> None:
    own = home / "templates" / "reports" / "authorisation.txt"
    own.parent.mkdir(parents=True)
    own.write_text("# 本单位的写法\n{{ organisation }}同意。\n", encoding="utf-8")
    assert tracker("authorise", "letter", "weixin:示例教育", "--to", tmp_path / "o", workspace=home).code == 0
    assert "示例市教育局同意。" in of_html(next((tmp_path / "o").glob("*.html")))
    own.write_text("{{ nobody }}", encoding="utf-8")
    said = tracker("authorise", "letter", "weixin:示例教育", "--to", tmp_path / "o", workspace=home)
    assert (said.code, "authorisation.txt" in said.err) == (2, True)
    assert not list((tmp_path / "o").glob("*.partial"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("letter",), "--all-organisations"),
        (("letter", "weixin:示例教育", "--all-organisations"), "两者选一"),
        (("letter", "weibo:示例水利"), "授权"),
        (("letter", "weixin:没有"), "没有"),
        (("mark", "weixin:示例教育", "寄了"), "已发"),
        (("mark", "weibo:示例水利", "已发"), "授权"),
    ],
)
def test_what_is_refused(home: Path, words: tuple[str, ...], told: str) -> None:
    said = tracker("authorise", *words, workspace=home)
    assert said.code == 2
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_steps_are_appended_and_the_last_one_counts(home: Path) -> None:
    for step, note in (("已发", "示函〔2026〕3号"), ("已回", ""), ("已测通", "")):
        assert tracker("authorise", "mark", "weixin:示例教育", step, "--note", note, workspace=home).code == 0
    lines = tracker("authorise", "list", "--json", workspace=home).lines
    assert {line["name"]: line["step"] for line in lines} == {"示例教育": "已测通", "示例教育服务": None, "示例水利": None}
    with opened(home) as ws:
        told = ws.store.authorisations()
        assert [(one.step, one.note) for one in told] == [(Step.SENT, "示函〔2026〕3号"), (Step.BACK, ""), (Step.WORKS, "")]
        with pytest.raises(UsageError), ws.store.transaction():
            ws.store._rows.authorisation.delete().execute()
        assert ws.store.authorisations() == told


def test_a_revoked_grant_asks_to_destroy_what_is_stored(home: Path) -> None:
    with opened(home) as ws:
        one = ws.account("weixin:示例教育")
        kept = Credential(
            name=one.account_id, kind=Kind.OWNER, platform="weixin", account_id=one.account_id, added_at=AT, who="示例员"
        )
        vault_of(ws).add(kept, Hidden({"appid": "a", "secret": "b"}))
    said = tracker("authorise", "mark", "weixin:示例教育", "已收回", workspace=home)
    assert f"credentials remove {one.account_id}" in said.out


def look(ws: Workspace, name: str, route: Route, days: int, number: int) -> None:
    account = ws.account(f"weixin:{name}")
    at = AT - timedelta(days=days)
    ws.store.add_visit(
        StoredVisit(
            sweep="s1",
            account_id=account.account_id,
            platform="weixin",
            route=route,
            url="",
            file=f"s1/{account.account_id}-{number}.warc.gz",
            sha256="0" * 64,
            at=at,
            observation=Observation(outcome=Outcome.OK, aspects={}),
        )
    )


def test_who_took_most_looks_is_asked_first(home: Path) -> None:
    with opened(home) as ws:
        world = replace(world_of(()), today=AT.date())
        begin(ws, world, "s1")
        for number, days in enumerate((1, 8, 15, 22, 29, 36)):
            look(ws, "示例水利", Route.MANUAL, days, number)
        for number, days in enumerate((1, 100)):
            look(ws, "示例教育", Route.LINK, days, number)
        look(ws, "示例教育", Route.API, 3, 9)
        found = advise(ws, BY_PLATFORM, frozenset(), on=AT.date())
        assert [(one.organisation, one.looks, len(one.accounts)) for one in found] == [
            ("示例市水利局", 6, 1),
            ("示例市教育局", 1, 2),
        ]
        assert found[0].per_week == pytest.approx(6 / (36.5 / 7), abs=0.1)
        granted = {ws.account("weixin:示例水利").account_id}
        assert [one.organisation for one in advise(ws, BY_PLATFORM, granted, on=AT.date())] == ["示例市教育局"]
        mark(ws, ws.account("weixin:示例水利"), Step.REFUSED, who="示例员", at=AT)
        assert [one.organisation for one in advise(ws, BY_PLATFORM, frozenset(), on=AT.date())] == ["示例市教育局"]
        assert [one.granted for one in standings(ws, BY_PLATFORM, granted)] == [False, False, True]
        assert {one.platform for one in owned(ws, BY_PLATFORM)} == {"weixin"}
    rows = [json.loads(line) for line in tracker("authorise", "advise", "--json", workspace=home).out.splitlines()]
    assert [row["organisation"] for row in rows][-1] == "示例市教育局"


def test_the_letter_names_every_call_of_the_owner_s_interface_and_no_other(tmp_path: Path) -> None:
    """The calls that a real visit makes are those that the owner signs for."""
    world = world_of(("weixin:示例统计", "weixin:示例审计", "weixin:示例发布"))
    with serve(world) as served, settle(tmp_path / "ws", world) as ws:
        asyncio.run(go(ws, begin(ws, world, "s1"), served))
        made = {f"https://{call['host']}{call['path']}" for call in served.log if call["host"] == "api.weixin.qq.com"}
    told = {f"https://{one.netloc}{one.path}" for one in (urlsplit(call.address) for call in calls_of(BY_PLATFORM["weixin"]))}
    assert made <= told
    # comments are asked for only where a visit wants them
    assert {address.rpartition("/cgi-bin/")[2] for address in told - made} <= {"comment/list"}
