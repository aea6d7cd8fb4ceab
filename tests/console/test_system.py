"""系统: how everything stands, the program's own examination, lanes, the schedule, evidence, backups."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.console.conftest import TODAY, Console, Many, Serve
from tracker import settings
from tracker.evidence import folder_name
from tracker.schedule import Due
from tracker.store import Authorisation, Freeze, RunEvent, RunStep, Step

PAGES = ("", "/backup", "/credentials", "/credentials/new", "/lanes", "/schedule", "/evidence")


def sweep_of(console: Console) -> str:
    head = console.ws.store.sweep_head()
    assert head
    return head.name


def frozen(console: Console) -> Freeze:
    sweep = sweep_of(console)
    files = tuple(visit.file for visit in console.ws.store.visits(sweep) if visit.platform == "weibo")[:3]
    told = Freeze(sweep=sweep, platform="weibo", why="可能是平台改版", at=TODAY, numbers={"compared": 12}, samples=files)
    console.ws.store.add_freeze(told)
    return told


@pytest.mark.parametrize("role", ["city", "county", "unit"])
def test_only_an_administrator_sees_the_system(many: Many, role: str) -> None:
    for path in PAGES:
        assert many.as_(role).get(f"/system{path}").status == 403, path


def test_an_administrator_sees_all_of_it_and_nothing_has_to_be_there(many: Many, empty: Console) -> None:
    for path in PAGES:
        assert many.as_("admin").get(f"/system{path}").status == 200, path
        assert empty.get(f"/system{path}").status == 200, path
    assert "4 人" in many.as_("admin").get("/system").text
    assert "本机只有一人使用" in empty.get("/system").text


@pytest.mark.browser
def test_the_examination_runs_behind_the_page_which_loads_itself_anew(sample: Console, signed_in) -> None:
    page = signed_in(sample)
    page.goto("/system")
    page.get_by_text("还没有检查过").wait_for()
    page.get_by_role("button", name="检查一遍").click()
    page.get_by_role("button", name="再检查一遍").wait_for(timeout=60_000)
    assert page.get_by_role("row", name="数据库 正常").is_visible()
    assert page.get_by_role("row", name="中文字体").is_visible()


def test_a_paused_platform_is_judged_again_only_with_a_reason(sample: Console) -> None:
    assert "没有暂停判定的平台" in sample.get("/system/lanes").text
    told = frozen(sample)
    shown = sample.get("/system/lanes").text
    assert "可能是平台改版" in shown
    assert f'href="/evidence/{told.samples[0]}"' in shown
    assert sample.get(f"/evidence/{told.samples[0]}").status == 200
    assert "1 项暂停判定" in sample.get("/system").text
    before = sample.ws.store.freezes()
    answer = sample.post("/system/lanes/thaw", {"platform": "weibo", "why": "  "})
    assert quote("请写明核对了什么") in answer.headers["location"]
    assert sample.ws.store.freezes() == before
    assert sample.post("/system/lanes/thaw", {"platform": "weibo", "why": "逐个打开看过"}).status == 303
    last = sample.ws.store.freezes()[-1]
    assert (last.lifted, last.why, last.platform) == (True, "逐个打开看过", "weibo")
    assert "没有暂停判定的平台" in sample.get("/system/lanes").text
    assert "没有暂停判定" in sample.post("/system/lanes/thaw", {"platform": "weibo", "why": "再来"}).text


def test_who_thaws_is_the_one_who_is_signed_in(many: Many) -> None:
    console = many.as_("admin")
    frozen(console)
    console.post("/system/lanes/thaw", {"platform": "weibo", "why": "看过", "who": "别人"})
    assert many.ws.store.freezes()[-1].who == "管理一"


def test_how_far_the_owners_have_come_is_listed(sample: Console) -> None:
    account = next(one for one in sample.ws.store.accounts() if one.platform == "weixin")
    for step in (Step.SENT, Step.BACK):
        sample.ws.store.add_authorisation(Authorisation(account_id=account.account_id, step=step, who="张三", at=TODAY))
    shown = sample.get("/system/lanes").text
    assert account.name in shown
    assert "已回" in shown
    assert '<td data-title="进度">已发' not in shown, "the last step counts"


def test_the_schedule_says_when_next_and_what_came_of_it_last(sample_root: Path, served: Serve, tmp_path: Path) -> None:
    root = tmp_path / "定时"
    shutil.copytree(sample_root, root)
    path = root / settings.FILE
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[schedule]\nsweep = "周五 08:00"\n', encoding="utf-8")
    console = served(root)
    console.get("/system/schedule")
    told = {"name": "sweep", "due": TODAY, "attempt": 1}
    console.ws.store.add_run_step(RunStep(**told, event=RunEvent.BEGUN, at=TODAY))
    console.ws.store.add_run_step(RunStep(**told, event=RunEvent.ENDED, at=TODAY, text="没有做成:<断网>", failed=True))
    shown = console.get("/system/schedule").text
    assert "2026年11月13日 周五 08:00" in shown
    assert "2026年11月6日 周五 15:00 没有做成:&lt;断网&gt;" in shown
    assert "上次没做成:每周巡检" in console.get("/system").text
    assert "没有安排" in console.get("/system/backup").text


def test_a_run_is_begun_as_a_process_of_its_own(sample: Console) -> None:
    begun: list[tuple[Path, Due]] = []

    def begin(root: Path, due: Due) -> "subprocess.Popen[bytes]":
        begun.append((root, due))
        return subprocess.Popen([sys.executable, "-c", ""])

    sample.desk.jobs.begin = begin
    assert sample.post("/system/schedule/nothing").status == 404
    assert sample.post("/system/schedule/backup").status == 303
    assert begun == [(sample.ws.root, Due(name="backup", at=TODAY))]


def test_nothing_real_is_begun_from_the_invented_workspace(empty: Console) -> None:
    empty.desk.make_sample()
    empty.desk.enter_sample()
    assert "正在看示例" in empty.post("/system/schedule/sweep").text
    assert "正在看示例" in empty.post("/system/credentials/test", {"name": "x"}).text
    assert "正在看示例" in empty.post("/system/credentials/new", {"kind": "owner"}).text


def test_a_run_that_was_begun_here_can_be_stopped(sample: Console) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(root: Path, due: Due) -> "subprocess.Popen[bytes]":
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], stdout=-1))
        assert begun[0].stdout
        begun[0].stdout.readline()
        return begun[0]

    sample.desk.jobs.begin = begin
    assert sample.post("/system/schedule/sweep/stop").status == 400
    sample.post("/system/schedule/sweep")
    assert "停下" in sample.get("/system/schedule").text
    assert sample.post("/system/schedule/sweep/stop").status == 303
    assert begun[0].wait(20) != 0
    assert "停下" not in sample.get("/system/schedule").text


def test_a_run_that_goes_on_is_not_begun_again(sample: Console) -> None:
    from tracker.schedule.perform import alone

    with alone(sample.ws, "due") as mine:
        assert mine
        assert "正在做" in sample.post("/system/schedule/due").text


@pytest.mark.timeout(120)
def test_a_backup_from_the_page_truly_lies_there(sample_root: Path, served: Serve, tmp_path: Path) -> None:
    root = tmp_path / "备份"
    shutil.copytree(sample_root, root)
    path = root / settings.FILE
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[backup]\nto = "../外盘"\n', encoding="utf-8")
    console = served(root)
    assert "第一次备份时会建立" in console.get("/system/backup").text
    running: list[subprocess.Popen[bytes]] = []
    real = console.desk.jobs.begin

    def begin(root: Path, due: Due) -> "subprocess.Popen[bytes]":
        running.append(real(root, due))
        return running[-1]

    console.desk.jobs.begin = begin
    assert console.post("/system/schedule/backup").status == 303
    assert running[0].wait(100) == 0
    shown = console.get("/system/backup").text
    assert "tracker-20" in shown
    assert re.search("做完:(?:\\(补做\\))?已备份到", shown)


def test_evidence_is_verified_behind_the_page_and_the_result_kept(sample: Console) -> None:
    name = sweep_of(sample)
    assert "没有核对过" in sample.get("/system/evidence").text
    assert sample.post(f"/system/evidence/{name}/verify").status == 303
    sample.desk.jobs.kinds["evidence"].wait(60)
    assert "证据完好,151个文件与清单一致" in sample.get(f"/system/evidence/{name}").text
    file = next((sample.ws.evidence.root / folder_name(name)).glob("*.warc.gz"))
    file.write_bytes(file.read_bytes()[:-3])
    sample.post(f"/system/evidence/{name}/verify")
    sample.desk.jobs.kinds["evidence"].wait(60)
    shown = sample.get("/system/evidence").text
    assert file.name in shown
    last = sample.ws.store.last_run(f"verify {name}", RunEvent.ENDED)
    assert last
    assert last.failed
    assert "每周巡检" in sample.get("/system/schedule").text
    assert "verify" not in sample.get("/system/schedule").text, "that is no run of the schedule"


def test_evidence_is_handed_out_as_wacz(sample: Console) -> None:
    name = sweep_of(sample)
    assert sample.get(f"/system/evidence/{name}/wacz").status == 404
    sample.post(f"/system/evidence/{name}/wacz")
    sample.desk.jobs.kinds["evidence"].wait(60)
    assert "下载 WACZ" in sample.get(f"/system/evidence/{name}").text
    answer = sample.get(f"/system/evidence/{name}/wacz")
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as box:
        assert "datapackage.json" in box.namelist()
    assert sample.get("/system/evidence/nothing").status == 404
    assert sample.post("/system/evidence/nothing/verify").status == 404
    assert sample.get("/system/working/nothing").status == 404
    assert sample.get("/system/working/evidence").headers["hx-refresh"] == "true"
