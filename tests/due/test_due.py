"""Who is due, what is asked for, what stands beside, and the reminder."""

import json
import threading
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from adapters import BY_PLATFORM
from tests.made import noon, posts
from tracker import settings
from tracker.absence import Absence
from tracker.cli import app
from tracker.cli.common import Context
from tracker.due import DATE, Answered, Proven, Standing, due_sheet, export_due, messages, most_days, standings, tasks, work
from tracker.errors import UsageError
from tracker.model import (
    Account,
    Aspect,
    Found,
    Hit,
    Likes,
    Menu,
    Observation,
    Outcome,
    Period,
    Reported,
    Route,
    Seen,
    StoredVisit,
    Window,
)
from tracker.observe import Terms, import_looks
from tracker.rulebook.profile import Profile
from tracker.store import SweepRecord
from tracker.workspace import Workspace, create, opened

ON = date(2026, 11, 6)


def account(number: int = 1, **told: object) -> Account:
    base = {
        "account_id": f"a{number:09}",
        "platform": "weixin",
        "kind": "微信订阅号",
        "name": f"示例{number}",
        "position": number,
    }
    return Account(**base | told)  # type: ignore[arg-type]


def standing(days: int | None, number: int = 1, **told: object) -> Standing:
    last = None if days is None else Proven(on=ON - timedelta(days=days), route=Route.LINK)
    return Standing(account=account(number, **told), last=last, check_date=ON, most=14)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    create(tmp_path / "ws", settings.template())
    with opened(tmp_path / "ws") as ws:
        ws.store.add_accounts([account(n, region="甲山县" if n % 2 else "") for n in range(1, 7)], "test", noon(ON))
        yield ws


def sweep(ws: Workspace, name: str, on: date, **told: object) -> None:
    window = Window(since=on - timedelta(days=30), until=on)
    base = {"name": name, "kind": "weekly", "period": None, "check_date": None, "window": window, "started_at": noon(on)}
    ws.store.start_sweep(SweepRecord(**base | {"accounts": ws.store.accounts()} | told))  # type: ignore[arg-type]


def see(ws: Workspace, name: str, on: date, account_id: str, **told: object) -> None:
    number = len(ws.store.visits(name)) + 1
    days = told.get("posts", ())
    aspects = dict(told.get("aspects", {}))  # type: ignore[call-overload]
    if days:
        aspects[Aspect.POSTS] = Seen(value=posts(days, as_of=on))  # type: ignore[arg-type]
    ws.store.add_visit(
        StoredVisit(
            sweep=name,
            account_id=account_id,
            platform="weixin",
            route=told.get("route", Route.LINK),  # type: ignore[arg-type]
            url="",
            file=f"{name}/{number}.warc.gz",
            sha256="0" * 64,
            at=noon(on),
            observation=Observation(outcome=Outcome.OK, aspects=aspects, reported=told.get("reported", ())),  # type: ignore[arg-type]
            check_date=told.get("check_date"),  # type: ignore[arg-type]
        )
    )


@pytest.mark.parametrize(("days", "left", "proven"), [(0, 14, True), (13, 1, True), (14, 0, True), (15, -1, False)])
def test_the_last_safe_day_is_still_safe(days: int, left: int, proven: bool) -> None:
    one = standing(days)
    assert (one.days_left, one.proven) == (left, proven)
    assert one.last_safe == ON + timedelta(days=left)


def test_an_inclusive_limit_is_a_day_shorter(ws: Workspace) -> None:
    profile = ws.root / "profiles" / "strict.toml"
    profile.write_text('extends = "baoji"\n[rules.UPD-01]\nlimit = 14\ninclusive = true\n', encoding="utf-8")
    assert (most_days(ws.profile("baoji")), most_days(ws.profile("strict"))) == (14, 13)
    profile.write_text('extends = "baoji"\nmust_know = []\n[rules.UPD-01]\non = false\n', encoding="utf-8")
    with pytest.raises(UsageError, match="没有启用更新期限"):
        most_days(ws.profile("strict"))


def asked(one: Standing, **told: object) -> tuple[str, ...]:
    base = {"drawn": (), "known": {}, "answered": {}, "adapters": BY_PLATFORM}
    found = tasks([one], **base | told)  # type: ignore[arg-type]
    return found[0].ask if found else ()


def test_a_date_is_asked_only_when_the_proof_will_be_over_the_limit() -> None:
    assert asked(standing(14)) == ()
    assert asked(standing(15)) == (DATE,)
    assert asked(standing(None)) == (DATE,)


def test_under_a_gap_rule_at_latest_on_day_fourteen() -> None:
    assert asked(standing(13), latest_day=14) == ()
    assert asked(standing(14), latest_day=14) == (DATE,)


def test_aspects_only_of_the_drawn_and_only_what_the_platform_has() -> None:
    assert asked(standing(1), drawn={"a000000001"}) == ("互动", "栏目", "简介")
    assert asked(standing(1, platform="weibo"), drawn={"a000000001"}) == ("互动", "点赞", "简介")
    assert asked(standing(1, platform="other"), drawn={"a000000001"}) == ("互动", "栏目", "点赞", "简介")
    assert asked(standing(1), drawn={"a000000001"}, known={"a000000001": {"互动", "简介"}}) == ("栏目",)


def test_the_newest_proof_of_any_sweep_and_route_counts(ws: Workspace) -> None:
    own = [one.account_id for one in ws.store.accounts()]
    sweep(ws, "w1", ON - timedelta(days=7))
    sweep(ws, "w2", ON)
    see(ws, "w1", ON - timedelta(days=7), own[0], posts=[date(2026, 10, 29)], route=Route.MANUAL)
    see(ws, "w2", ON, own[0], posts=[date(2026, 8, 1)])
    see(ws, "w1", ON - timedelta(days=7), own[1], posts=[date(2026, 10, 20)])
    see(ws, "w2", ON, own[2], posts=[date(2026, 11, 9)])
    found = {one.account.account_id: one for one in standings(ws, ws.profile(), ON)}
    assert found[own[0]].last == Proven(on=date(2026, 10, 29), route=Route.MANUAL)
    assert found[own[1]].days_left == -3
    assert found[own[2]].last is None
    assert [one.days_left for one in standings(ws, ws.profile(), ON)] == [None] * 4 + [-3, 6]


def away(ws: Workspace, effect: str = "exempt", **told: object) -> Profile:
    """A notice for the first account, 10-20 to 10-31 unless told, and a profile with this effect."""
    base = {"first": date(2026, 10, 20), "last": date(2026, 10, 31), "filed_on": date(2026, 10, 18)}
    fixed = {"account_id": account().account_id, "reason": "系统升级", "document": "示政办〔2026〕9号", "who": "王某"}
    ws.store.add_absence(Absence(**fixed, at=noon(ON), **base | told))  # type: ignore[arg-type]
    path = ws.root / "profiles" / "away.toml"
    path.write_text(f'extends = "baoji"\n[absence]\neffect = "{effect}"\n', encoding="utf-8")
    return ws.profile("away")


def first_of(found: Iterable[Standing]) -> Standing:
    return next(one for one in found if one.account.account_id == account().account_id)


def test_days_of_absence_put_the_last_safe_day_off(ws: Workspace) -> None:
    """Last post 10-16, limit 14: 10-30 by the calendar; twelve of the days do not count."""
    sweep(ws, "w1", ON)
    see(ws, "w1", ON, account().account_id, posts=[date(2026, 10, 16)])
    plain = first_of(standings(ws, ws.profile(), ON))
    assert (plain.days_left, plain.last_safe, plain.longer) == (-7, date(2026, 10, 30), False)
    profile = away(ws)
    one = first_of(standings(ws, profile, ON))
    assert (one.days_left, one.last_safe, one.proven, one.longer) == (5, date(2026, 11, 11), True, True)
    assert DATE not in next(t.ask for t in work(ws, profile, BY_PLATFORM, ON) if t.standing.account == one.account)
    (told,) = messages([one], {})
    assert "10月16日,停更报备期内的天数不计,还剩5天,最后安全日11月11日" in told.text
    day_before = first_of(standings(ws, profile, date(2026, 10, 17)))
    assert day_before.last_safe == date(2026, 10, 30), "on that day nothing was filed yet"


@pytest.mark.parametrize("effect", ["note", "none"])
def test_a_notice_that_is_only_noted_changes_nothing(ws: Workspace, effect: str) -> None:
    sweep(ws, "w1", ON)
    see(ws, "w1", ON, account().account_id, posts=[date(2026, 10, 16)])
    one = first_of(standings(ws, away(ws, effect), ON))
    assert (one.days_left, one.longer) == (-7, False)


def silent(ws: Workspace, profile: Profile | None = None, on: date = ON) -> bool:
    """Whether no date is asked of the first account."""
    found = work(ws, profile or ws.profile(), BY_PLATFORM, on)
    return DATE not in next((task.ask for task in found if task.standing.account.account_id == account().account_id), ())


def whole(last: date | None, *, as_of: date = ON, since: date = date(2026, 10, 1), outcome: Outcome = Outcome.OK) -> Seen:
    return Seen(value=posts([last] if last else [], as_of=as_of, complete_since=since), outcome=outcome)


@pytest.mark.parametrize("last", [date(2026, 10, 22), date(2026, 10, 21), None])
def test_a_proven_silence_over_the_limit_is_not_asked_about(ws: Workspace, last: date | None) -> None:
    sweep(ws, "w1", ON)
    assert not silent(ws)
    see(ws, "w1", ON, account().account_id, route=Route.BROWSER, aspects={Aspect.POSTS: whole(last)})
    assert silent(ws), "on the 15th day it is a finding; below that it is proven fresh"
    found = next(
        task for task in work(ws, ws.profile(), BY_PLATFORM, ON) if task.standing.account.account_id == account().account_id
    )
    assert found.ask == ("互动", "栏目", "简介"), "what else is to be looked at is asked all the same"
    assert not silent(ws, on=ON + timedelta(days=2)), "two days later the list does not reach the check date"


@pytest.mark.parametrize(
    "seen",
    [
        whole(date(2026, 10, 1), as_of=ON - timedelta(days=1)),
        whole(date(2026, 10, 1), outcome=Outcome.PARTIAL),
        whole(date(2026, 10, 1), outcome=Outcome.RESTRICTED),
        whole(None, since=date(2026, 10, 23)),
        Seen(value=posts([date(2026, 10, 1)], as_of=ON)),
        Seen(value=posts([], as_of=ON, complete_since=date(2026, 10, 1)), outcome=Outcome.EMPTY),
    ],
)
def test_what_proves_no_silence_is_asked_about(ws: Workspace, seen: Seen) -> None:
    sweep(ws, "w1", ON)
    see(ws, "w1", ON, account().account_id, route=Route.BROWSER, aspects={Aspect.POSTS: seen})
    assert not silent(ws)


def test_a_list_that_another_route_contradicts_proves_nothing(ws: Workspace) -> None:
    sweep(ws, "w1", ON - timedelta(days=7))
    sweep(ws, "w2", ON)
    see(ws, "w2", ON, account().account_id, route=Route.BROWSER, aspects={Aspect.POSTS: whole(date(2026, 10, 2))})
    assert silent(ws)
    see(ws, "w1", ON - timedelta(days=17), account().account_id, posts=[date(2026, 10, 15)])
    assert not silent(ws)


def test_a_silence_that_absence_excuses_is_no_finding(ws: Workspace) -> None:
    """Nothing since 10-10, 27 days of which 12 are excused: 15 count, one over the limit; a day more of absence and none."""
    sweep(ws, "w1", ON)
    see(ws, "w1", ON, account().account_id, route=Route.BROWSER, aspects={Aspect.POSTS: whole(None, since=date(2026, 10, 10))})
    profile = away(ws)
    assert silent(ws, profile)
    assert not silent(ws, away(ws, first=date(2026, 11, 1), last=date(2026, 11, 1)))


def test_closed_accounts_are_not_due(ws: Workspace) -> None:
    one = ws.store.accounts()[0]
    ws.store.change_account(account(1, status="已注销"), "test", noon(ON), "注销")
    assert one.account_id not in {each.account.account_id for each in standings(ws, ws.profile(), ON)}


def test_what_this_period_has_answered_is_not_asked_again(ws: Workspace) -> None:
    own = [one.account_id for one in ws.store.accounts()]
    ws.store.put_period(Period(name="2026Q4", title="四季度", start=date(2026, 10, 1), end=date(2026, 12, 31)))
    sweep(ws, "q3", date(2026, 9, 20))
    sweep(ws, "check", date(2026, 10, 10), kind="check", period="2026Q4", accounts=ws.store.accounts()[:3])
    no = Reported(code="INT-01", broken=False)
    see(ws, "q3", date(2026, 9, 20), own[0], reported=(no,), route=Route.MANUAL, check_date=date(2026, 9, 20))
    see(ws, "check", date(2026, 10, 10), own[1], reported=(no,), route=Route.MANUAL, check_date=date(2026, 10, 9))
    menu = Menu(is_open=True, channels=Found(hits=(Hit(kind="菜单", quote="留言"),)))
    see(ws, "check", date(2026, 10, 10), own[2], aspects={Aspect.MENU: Seen(value=menu)}, route=Route.API)
    see(ws, "check", date(2026, 10, 10), own[2], aspects={Aspect.LIKES: Seen(value=Likes(items=(), whole=True))}, route=Route.API)
    found = {one.standing.account.account_id: one for one in work(ws, ws.profile(), BY_PLATFORM, ON)}
    assert found[own[0]].ask == (DATE, "互动", "栏目", "简介")
    assert found[own[0]].answered == {"互动": Answered(broken=False, on=date(2026, 9, 20))}
    assert found[own[1]].ask == found[own[2]].ask == (DATE, "栏目", "简介")
    assert found[own[3]].ask == (DATE,)


def test_the_sheet_tells_the_last_answer_and_comes_back_unchanged(ws: Workspace, tmp_path: Path) -> None:
    own = [one.account_id for one in ws.store.accounts()]
    sweep(ws, "w1", date(2026, 10, 16))
    yes = Reported(code="INT-01", broken=True, phrase="未提供有效互动功能")
    see(ws, "w1", date(2026, 10, 16), own[0], posts=[date(2026, 10, 14)], reported=(yes,), route=Route.MANUAL)
    path = tmp_path / "work.xlsx"
    export_due(path, work(ws, ws.profile(), BY_PLATFORM, ON))
    book = openpyxl.load_workbook(path)
    page = book.active
    head = [cell.value for cell in page[1]]
    row = {name: cell.value for name, cell in zip(head, page[7], strict=True)}
    assert head[-3:] == ["本次要看", "上次答案", "上次日期"]
    assert (row["新媒体名称"], row["上次答案"], row["上次日期"]) == (
        "示例1",
        "最后更新10月14日(人工);互动有问题(10月16日)",
        "2026-10-16",
    )
    assert DATE in row["本次要看"]
    assert len(page.data_validations.dataValidation) == 5
    for number, day in ((2, "11.3"), (3, "无"), (7, "11月5日")):
        page.cell(number, head.index("检查日期") + 1).value = "2026-11-06"
        page.cell(number, head.index("最后更新日期") + 1).value = day
        page.cell(number, head.index("互动") + 1).value = "无问题"
    book.save(path)
    told = import_looks(ws, path, BY_PLATFORM, Terms(), at=noon(ON))
    assert (told.looks, told.problems) == (3, ())
    found = {one.account.name: one for one in standings(ws, ws.profile(), ON)}
    assert found["示例1"].last == Proven(on=date(2026, 11, 5), route=Route.MANUAL)
    assert sum(one.proven for one in found.values()) == 2


def test_an_untouched_sheet_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "work.xlsx"
    export_due(path, work(ws, ws.profile(), BY_PLATFORM, ON))
    with pytest.raises(UsageError, match="没有填写过的检查记录"):
        import_looks(ws, path, BY_PLATFORM, Terms(), at=noon(ON))
    with pytest.raises(UsageError, match="只能写成"):
        export_due(tmp_path / "work.csv", ())


def test_rows_stand_nearest_to_a_breach_first() -> None:
    found = tasks(
        sorted([standing(20, 1), standing(None, 2), standing(15, 3)], key=lambda one: (one.last is not None, one.days_left or 0)),
        drawn=(),
        known={},
        answered={},
        adapters=BY_PLATFORM,
    )
    sheet, _ = due_sheet(found)
    assert [row[1] for row in sheet.cells[1:]] == ["示例2", "示例1", "示例3"]


def test_one_message_per_work_group() -> None:
    found = [standing(None, 1), standing(16, 2, region="甲山县"), standing(14, 3, supervisor="示例市教育局"), standing(10, 4)]
    told = messages(found, {})
    assert [(one.group, one.accounts) for one in told] == [("全部", 2), ("甲山县", 1), ("示例市教育局", 1)]
    assert told[0].text.splitlines() == [
        "【全部】政务新媒体更新提醒(11月6日)",
        "按14天之内须有更新的要求,以下2个账号请在最后安全日(含当天)之前更新;已经更新的,请把文章链接发到群里。",
        "1. 示例1(微信订阅号):还没有见到过发布日期,请发最近一条的链接",
        "2. 示例4(微信订阅号):最后见到的更新是10月27日,还剩4天,最后安全日11月10日",
    ]
    assert told[1].text.endswith("最后见到的更新是10月21日,最后安全日11月4日已过2天;这之后有更新的请发链接,没有的请尽快更新")
    assert told[2].text.endswith("最后见到的更新是10月23日,今天是最后一天,最后安全日11月6日")


def run(ws: Workspace, *words: str) -> tuple[int, str, BaseException | None]:
    told = CliRunner().invoke(app, ["--workspace", str(ws.root), *words], obj=Context())
    return told.exit_code, told.stdout, told.exception


def test_the_command(ws: Workspace, tmp_path: Path) -> None:
    own = [one.account_id for one in ws.store.accounts()]
    sweep(ws, "w1", ON)
    for number, days in enumerate((1, 6, 7, 8, 20)):
        see(ws, "w1", ON, own[number], posts=[ON - timedelta(days=days)])
    code, out, _ = run(ws, "due", "--check-date", "2026-11-06", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(one["name"], one["days_left"]) for one in lines] == [("示例6", None), ("示例5", -6), ("示例4", 6), ("示例3", 7)]
    assert lines[1]["last_proven"] == "2026-10-17"
    assert lines[1]["last_safe"] == "2026-10-31"
    code, out, _ = run(ws, "due", "--check-date", "2026-11-06", "--text", "--days", "0")
    assert "【全部】" in out
    assert "【甲山县】" in out
    assert "示例4" not in out
    code, out, _ = run(ws, "due", "--check-date", "2026-11-06")
    assert "2026-10-17" in out
    code, out, _ = run(ws, "observe", "export", str(tmp_path / "d.xlsx"), "--due", "--check-date", "2026-11-06")
    assert (code, "要看更新日期的2个" in out) == (0, True)
    code, out, _ = run(
        ws, "observe", "export", str(tmp_path / "d.xlsx"), "--due", "--check-date", "2026-11-06", "--latest-day", "7"
    )
    assert "要看更新日期的4个" in out


def test_reminders_are_sent_to_the_address_in_the_settings(ws: Workspace) -> None:
    got: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = ws.root / "tracker.toml"
        told = f'[notify]\nurls = ["json://127.0.0.1:{server.server_port}/hook"]\n'
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{told}", encoding="utf-8")
        code, out, _ = run(ws, "due", "--send")
        server.shutdown()
    assert (code, "提醒:已发出1条" in out) == (0, True)
    (one,) = got
    assert sorted(line[:5] for line in one["message"].splitlines() if line.startswith("【")) == ["【全部】政", "【甲山县】"]


def test_sending_needs_an_address_and_never_prints_it(ws: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    assert "还没有配置发送地址" in str(run(ws, "due", "--send")[2])
    path = ws.root / "tracker.toml"
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[notify]\nurls = ["nosuch-scheme://planted"]\n', encoding="utf-8")
    told = CliRunner().invoke(app, ["--workspace", str(ws.root), "due", "--send"], obj=Context())
    error = told.exception
    assert "planted" not in f"{told.output}{error}{caplog.text}"
    assert "apprise" in str(error)
    path.write_text(
        path.read_text(encoding="utf-8").replace('urls = ["', 'urls = "').replace('planted"]', 'planted"'), encoding="utf-8"
    )
    error = run(ws, "due", "--send")[2]
    assert "notify.urls" in str(error)
    assert "planted" not in str(error)
