"""From a workspace to the letters: settings and their blanks, one notice per unit, one account's report, the command line."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import meta

from tests.bulletin.cities import City, clean, weekly
from tests.bulletin.reading import docx_text, html_text, sound
from tracker import settings
from tracker.account_letter import account_of
from tracker.clock import SHANGHAI
from tracker.errors import UsageError
from tracker.evidence import VisitMeta
from tracker.forms import Told
from tracker.letters import bulletin_of, notices_of
from tracker.model import Account, Aspect, Exchange, Observation, Outcome, Period, Post, Posts, Route, Seen, StoredVisit, Window
from tracker.report import report, told
from tracker.reports import account, bulletin, letter, notice, prose, timeline
from tracker.reports.binding import WORD_PICTURES, Image
from tracker.reports.forms import write
from tracker.reports.templates import environment, find_template
from tracker.store import Judgement, Paper, PaperFinding, PaperLine, SweepRecord
from tracker.workspace import Workspace, create, opened

FULL = """
[bulletin]
issuer = "示例市政务公开办公室"
number = "示政公开办函〔2026〕12号"
recipients = "各县、区人民政府，市政府各工作部门"
basis = "按照《政府网站与政务新媒体检查指标》要求"
issued = 2026-11-20
deadline_days = 10
contact = "示例科 0900-0000000"
"""
AT = datetime(2026, 11, 10, 12, tzinfo=SHANGHAI)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def office(root: Path, words: str, city: City | None = None) -> Workspace:
    """A workspace in which the city was checked; `words` go to the end of tracker.toml."""
    create(root, settings.template() + words)
    made = city or weekly()
    with opened(root) as ws:
        accounts = [replace(one, account_id=f"{one.position:010d}") for one in made.accounts]
        own = {old.account_id: new for old, new in zip(made.accounts, accounts, strict=True)}
        verdicts = tuple(replace(one, account=own[one.account.account_id]) for one in made.verdicts)
        ws.store.add_accounts(accounts, who="示例", at=AT - timedelta(days=60))
        ws.store.put_period(Period(name="2026Q4", title=made.period, start=made.start, end=made.end))
        checked = tuple(one.account for one in verdicts)
        sweep = SweepRecord(
            name="2026-11-10",
            kind="check",
            period="2026Q4",
            check_date=None,
            window=Window(since=made.start, until=made.end),
            started_at=AT,
            accounts=checked,
        )
        ws.start_sweep(sweep)
        ws.store.add_judgement(
            Judgement(sweep=sweep.name, profile="baoji", profile_digest="0" * 64, at=AT + timedelta(hours=1), verdicts=verdicts)
        )
    return ws


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    office(tmp_path / "ws", FULL)
    with opened(tmp_path / "ws") as found:
        yield found


def of(ws: Workspace, *, final: bool = True) -> Told:
    sweep = ws.sweep("2026-11-10")
    judgement = ws.store.last_judgement(sweep.name)
    assert judgement is not None
    return told(ws, sweep, judgement, final=final)


def test_the_bulletin_of_a_check_counts_the_registry_that_was_filed_by_then(ws: Workspace) -> None:
    late = Account(account_id="9" * 10, platform="weibo", kind="新浪微博", name="后来登记", position=999)
    ws.store.add_accounts([late], who="示例", at=AT + timedelta(days=1))
    context = bulletin_of(of(ws))
    prose_of = "".join(one.text for one in context.paragraphs)
    assert "政务新媒体共330个" in prose_of
    assert "本次对其中100个进行了检查，检查率约为30.30%" in prose_of
    assert "请于2026年11月30日前" in prose_of
    assert [one.table.title for one in context.annexes] == ["2026年第四季度全市政府系统政务新媒体检查不合格名单"]
    assert len(context.annexes[0].table.rows) == 18


def test_a_printed_list_of_last_quarter_is_compared_and_checked_again(ws: Workspace) -> None:
    facts = of(ws)
    now = facts.judgement.verdicts
    both = [next(one for one in now if one.findings), next(one for one in now if not one.findings and not one.undetermined)]
    lines = tuple(
        PaperLine(
            row=at,
            platform=one.account.platform,
            kind=one.account.kind,
            name=one.account.name,
            account_id=one.account.account_id,
            result="不合格",
            findings=(PaperFinding(code="UPD-01", phrase="未及时更新"),),
        )
        for at, one in enumerate(both, 2)
    )
    paper = Paper(period="2026Q3", file="上期.docx", sha256="0" * 64, at=AT, who="示例", lines=lines)
    period = Period(
        name="2026Q3", title="2026年第三季度", start=date(2026, 7, 1), end=date(2026, 9, 30), closed_at=AT, source="来自纸质通报"
    )
    ws.store.add_paper(paper, period)
    told_now = "".join(one.lead + one.text for one in bulletin_of(facts).paragraphs)
    assert "与第三季度相比，不合格的政务新媒体增加16个。" in told_now  # no rate: the list does not tell how many were checked
    assert "第三季度检查发现存在突出问题的政务新媒体2个。经复核，" in told_now
    assert "第三季度为" not in told_now


@pytest.mark.parametrize(
    "key", ["issuer", "number", "recipients", "basis", "issued", "contact", "deadline"], ids=lambda key: f"without {key}"
)
def test_a_final_bulletin_with_a_blank_is_refused_naming_the_key(tmp_path: Path, key: str) -> None:
    words = "\n".join(line for line in FULL.splitlines() if not line.startswith(key))
    office(tmp_path / "ws", words)
    with opened(tmp_path / "ws") as ws:
        with pytest.raises(UsageError, match=rf"\[bulletin\].*{key}\("):
            bulletin_of(of(ws))
        draft = bulletin_of(of(ws, final=False))
        assert "×" in f"{draft.issuer}{draft.number}{draft.recipients}{draft.issued}{draft.paragraphs}"


def test_an_annex_that_is_no_table_is_refused(tmp_path: Path) -> None:
    office(tmp_path / "ws", FULL + 'annexes = ["noncompliant", "bulletin"]\n')
    with opened(tmp_path / "ws") as ws, pytest.raises(UsageError, match="annexes 里没有名为 bulletin 的表"):
        bulletin_of(of(ws))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("decimals = 3", "bulletin.decimals"),
        ('issued = "昨天"', "例如 2026-11-20"),
        ('colour = "red"', "bulletin.colour"),
        ("deadline_days = 0", "bulletin.deadline_days"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, says: str) -> None:
    create(tmp_path / "ws", settings.template() + f"\n[bulletin]\n{line}\n")
    with pytest.raises(UsageError, match=says):
        settings.load(tmp_path / "ws")


def test_the_shipped_settings_are_read_with_the_section_uncommented(tmp_path: Path) -> None:
    told = re.sub(r"^# (?=\[\w+\]$|\w+ = )", "", settings.template(), flags=re.MULTILINE)
    create(tmp_path / "ws", told)
    assert settings.load(tmp_path / "ws").bulletin.issuer == "示例市政务公开办公室"


def test_each_unit_gets_its_own_notice_with_all_its_accounts(ws: Workspace) -> None:
    made = notices_of(of(ws))
    assert len({one.organisation for one in made}) == len(made)
    assert len({one.title for one in made}) == len(made)
    assert sum(len(one.rows) for one in made) == 18
    for one in made:
        assert (
            f"发现你单位{len({row.name for row in one.rows})}个政务新媒体账号存在突出问题{len(one.rows)}条"
            in one.paragraphs[0].text
        )
        assert all(row.basis and row.because for row in one.rows)


def test_two_units_of_one_name_in_two_counties_are_two_units(tmp_path: Path) -> None:
    city = weekly()
    failing = [one for one in city.verdicts if one.findings]
    places = {one.account.account_id: place for one, place in zip(failing, ("甲山县", "乙水县", "甲山县"), strict=False)}

    def moved(one: Account) -> Account:
        return replace(one, organisation="教育局", region=places[one.account_id]) if one.account_id in places else one

    verdicts = [replace(one, account=moved(one.account)) for one in city.verdicts]
    office(tmp_path / "ws", FULL, replace(city, accounts=list(map(moved, city.accounts)), verdicts=verdicts))
    with opened(tmp_path / "ws") as ws:
        made = [one for one in notices_of(of(ws)) if "教育局" in one.organisation]
    assert {one.organisation: len(one.rows) for one in made} == {"甲山县教育局": 2, "乙水县教育局": 1}


def test_a_notice_is_the_same_in_word_and_on_the_page(ws: Workspace, tmp_path: Path) -> None:
    one = notices_of(of(ws))[0]
    docx, page = write(one, tmp_path / "out", ["docx", "html"])
    sound(docx)
    for text in (docx_text(docx), html_text(page)):
        assert "整改情况回执" in text
        assert text.count(one.rows[0].problem) >= 2
        assert "加盖公章后报示例市政务公开办公室" in text


def test_a_notice_without_anybody_failing_is_not_written(tmp_path: Path) -> None:
    office(tmp_path / "ws", FULL, clean())
    with opened(tmp_path / "ws") as ws:
        done = report(ws, "notice", ws.sweep("2026-11-10"), to=tmp_path / "out", formats=["html"], final=False, printer=None)
    assert (done.rows, done.files) == (0, ())
    assert not (tmp_path / "out").exists()


def _looked(ws: Workspace, whom: Account) -> StoredVisit:
    """A person's look with a picture, kept as evidence, and a list of posts."""
    window = Window(since=date(2026, 10, 26), until=date(2026, 11, 10))
    meta_of = VisitMeta(
        account_id=whom.account_id,
        account_key=f"{whom.platform}:{whom.name}",
        platform=whom.platform,
        route=Route.MANUAL,
        window=window,
        today=date(2026, 11, 10),
        at=AT,
    )
    picture = Exchange(page="picture", url="urn:picture:1", status=200, body=PNG, at=AT, headers={"content-type": "image/png"})
    kept = ws.evidence.keep("2026-11-10", whom.account_id, meta_of, [picture])
    days = [date(2026, 9, 20), date(2026, 9, 28), date(2026, 10, 1)]
    items = tuple(Post(id=str(on), at=datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI), title=f"<i>{on}") for on in days)
    posts = Posts(items=items, as_of=AT, complete_since=AT - timedelta(days=60))
    visit = StoredVisit(
        sweep="2026-11-10",
        account_id=whom.account_id,
        platform=whom.platform,
        route=Route.MANUAL,
        url="https://example.invalid/",
        file=kept.file,
        sha256=kept.sha256,
        at=AT,
        observation=Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: Seen(value=posts)}),
    )
    ws.store.add_visit(visit)
    return visit


def _drawn(page: Path, png: Path) -> None:
    assert "<svg" in page.read_text(encoding="utf-8")
    png.write_bytes(PNG)


def test_an_account_report_shows_findings_dates_pictures_and_how_to_object(ws: Workspace, tmp_path: Path) -> None:
    facts = of(ws)
    whom = next(one.account for one in facts.judgement.verdicts if one.findings)
    visit = _looked(ws, whom)
    context = account_of(facts, whom, _drawn)
    docx, page, data = write(context, tmp_path / "out", ["docx", "html", "json"])
    sound(docx)
    texts = docx_text(docx), html_text(page)
    for text in texts:
        assert "监测时间点前2周内无更新" in text
        assert visit.sha256 in text
        assert "<i>2026-10-01" in text
        assert "异议反馈表" in text
        assert "5个工作日内" in text
    assert "<i>" not in page.read_text(encoding="utf-8")
    assert "距检查日40天" in context.drawing_summary
    assert len(Document(str(docx)).inline_shapes) == 2
    assert json.loads(data.read_text(encoding="utf-8"))["name"] == whom.name


def test_without_a_browser_word_gets_the_table_of_days_alone(ws: Workspace, tmp_path: Path) -> None:
    facts = of(ws)
    whom = next(one.account for one in facts.judgement.verdicts if one.findings)
    _looked(ws, whom)
    context = account_of(facts, whom)
    (docx,) = write(context, tmp_path / "out", ["docx"])
    assert len(Document(str(docx)).inline_shapes) == 1
    assert "2026-09-20\t8天" in docx_text(docx)


def test_damaged_evidence_is_told_in_place_of_the_picture(ws: Workspace) -> None:
    facts = of(ws)
    whom = next(one.account for one in facts.judgement.verdicts if one.findings)
    visit = _looked(ws, whom)
    (ws.root / "snapshots" / visit.file).write_bytes(b"x")
    context = account_of(facts, whom)
    assert [one.image for one in context.pictures] == [None]
    assert "SHA-256" in context.pictures[0].caption
    assert any("证据有问题" in one for one in context.notes)


def test_an_account_report_wants_an_account_and_the_others_want_none(ws: Workspace, tmp_path: Path) -> None:
    sweep = ws.sweep("2026-11-10")
    with pytest.raises(UsageError, match="要写明是哪个账号"):
        report(ws, "account", sweep, to=tmp_path, formats=["html"], final=False, printer=None)
    with pytest.raises(UsageError, match="不分账号"):
        report(ws, "bulletin", sweep, to=tmp_path, formats=["html"], final=False, printer=None, account=sweep.accounts[0])


CONTEXTS = {
    "bulletin": bulletin.BulletinContext,
    "account": account.AccountContext,
    "notice": notice.NoticeContext,
}


@pytest.mark.parametrize(
    ("name", "record"),
    [
        *((f"{name}.html", record) for name, record in CONTEXTS.items()),
        ("bulletin.txt", prose.Prose),
        ("notice.txt", notice.Notice),
        ("account.txt", account.Objecting),
        ("timeline.svg", timeline.Timeline),
    ],
)
def test_a_template_uses_names_that_its_record_has(name: str, record: type) -> None:
    used = meta.find_undeclared_variables(environment().parse(find_template(name, None).read_text(encoding="utf-8")))
    assert used <= {one.name for one in fields(record)}


@pytest.mark.parametrize("name", CONTEXTS)
def test_what_a_record_holds_is_used_by_its_word_template(name: str) -> None:
    template = DocxTemplate(find_template(f"{name}.docx", None))
    used = template.get_undeclared_template_variables(environment(word=True)) - {"image"}
    known = {one.name for one in fields(CONTEXTS[name])}
    assert used <= known
    # what only other formats print: numbers behind the prose, the picture as SVG, what is told by the form itself
    elsewhere = {"form", "title", "start", "end", "figures", "annexes", "drawing", "deadline"}
    assert known - used <= elsewhere


def test_every_office_setting_reaches_a_letter() -> None:
    assert {one.name for one in fields(letter.Office)} == {*settings.BulletinSettings.model_fields} - {
        "deadline_days",
        "decimals",
        "annexes",
    }


def test_word_is_given_pictures_that_it_can_show() -> None:
    assert account.Picture(caption="x", image=letter_image("image/png")).in_word
    assert not account.Picture(caption="x", image=letter_image("image/webp")).in_word
    assert not account.Picture(caption="x").in_word
    assert "image/webp" not in WORD_PICTURES


def letter_image(kind: str) -> Image:
    return Image(kind=kind, data=PNG, width_mm=10)
