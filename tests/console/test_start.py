"""The start page: three doors, then what to do next; 检查一份通报; 看示例."""

import io
import re
import time
from pathlib import Path

import docx
import pytest
from fastapi import UploadFile
from playwright.sync_api import Page

from tests.console.conftest import Console, Serve
from tracker import settings
from tracker.console.annex import inspect
from tracker.console.desk import SAMPLE

EXAMPLES = Path(__file__).parents[2] / "examples"
BAD = (
    "序号,新媒体类型,新媒体名称,主办单位,检查日期,最后更新日期,发现问题\n"
    "1,微信,示例甲,示例局,2026-11-06,2026-11-05,超过两周未更新\n"
    "2,微博,示例乙,示例局,2026-11-06,2026-11-09,无\n"
    "4,微博,示例乙,示例局,2026-11-06,2026-13-45,无\n"
    "5,微信,示例丙,示例局,2026-11-06,11.3,随便写的一句话\n"
    "6,微信,示例甲,示例局,2026-11-06,11.3,无\n"
)


def test_an_empty_start_has_three_doors(empty: Console) -> None:
    text = empty.get("/").text
    assert all(word in text for word in ("检查一份通报", "导入台账", "看示例"))


def test_afterwards_it_says_what_is_next_and_how_long(sample: Console) -> None:
    text = re.sub(r"<[^>]+>|\s", "", sample.get("/").text)
    assert "已导入102个账号" in text
    looks = re.search(r"还有(\d+)个账号要人看一眼,每个约15秒,约(\d+)分钟", text)
    assert looks
    assert int(looks[2]) == -(-int(looks[1]) * 15 // 60)
    assert "有9条问题等您确认或驳回" in text
    assert "不合格9个,未能核查2个" in text


def test_an_annex_is_read_and_not_kept(empty: Console) -> None:
    answer = empty.upload("/check", {"file": ("附件.csv", BAD.encode())}, {"on": "2026-11-06"})
    assert answer.status == 303
    text = empty.get(answer.headers["location"]).text
    for told in ("缺号:3", "第 4 行", "2026-13-45", "第 5 行", "随便写的一句话", "第 3 行", "只有 1 天", "同一账号"):
        assert told in text, told
    assert "通报正文还没有核对" in text
    assert empty.ws.store.accounts() == ()
    assert empty.ws.store.sweeps() == ()
    assert not list(empty.ws.root.rglob("附件*"))


@pytest.mark.parametrize(("name", "rows"), [("baoji_media.csv", 18), ("shangluo_media_1-75.csv", 75)])
def test_published_lists_are_read_whole(name: str, rows: int) -> None:
    from datetime import date

    told = inspect(EXAMPLES / name, date(2020, 11, 15))
    assert told.rows == rows
    assert told.problems == ()
    assert sum(kind.rows for kind in told.kinds) >= rows


def test_the_sample_is_another_workspace(served: Serve) -> None:
    console = served()
    home = console.ws
    assert console.post("/sample").headers["location"] == "/sample"
    for _ in range(600):
        answer = console.get("/sample")
        if answer.status == 303:
            break
        assert "正在准备" in answer.text
        time.sleep(0.1)
    assert console.ws.root == home.root / SAMPLE
    assert "正在看<strong>示例</strong>" in console.get("/").text
    assert "已导入 102 个账号" in console.get("/").text
    assert console.get("/setup").status == 400
    assert console.post("/sample/leave").status == 303
    assert console.ws is home
    assert home.store.accounts() == ()
    assert "看示例" in console.get("/").text
    console.post("/sample")
    assert console.ws.root == home.root / SAMPLE


def test_a_half_made_sample_is_made_anew(served: Serve) -> None:
    console = served()
    folder = console.ws.root / SAMPLE
    folder.mkdir()
    (folder / ".making").touch()
    (folder / settings.FILE).write_text("broken", encoding="utf-8")
    assert not console.desk.has_sample()
    console.desk.make_sample()
    assert console.desk.has_sample()


def test_a_folder_of_the_office_is_never_cleared(served: Serve) -> None:
    console = served()
    own = console.ws.root / SAMPLE / "自己的.xlsx"
    own.parent.mkdir()
    own.write_text("x", encoding="utf-8")
    console.post("/sample")
    console.desk.background.wait(30)
    assert "已有别的文件" in console.get("/sample").text
    assert own.is_file()


@pytest.mark.browser
def test_the_next_thing_has_the_focus(sample: Console, signed_in) -> None:
    page: Page = signed_in(sample)
    page.goto("/")
    # `autofocus` waits for the first painting
    page.locator("a.button:focus").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/looks**")
    assert "/looks" in page.url


def test_a_bulletin_and_its_annex_are_checked_together(empty: Console, tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("示例市2026年第四季度政务新媒体检查情况的通报", "本次共检查了100个政务新媒体,合格82个,合格率为96%。"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "通报.docx"))
    files = (("通报.docx", (tmp_path / "通报.docx").read_bytes()), ("附件.csv", BAD.encode()))
    words = [empty.desk.uploads.take(sent(name, raw), "") for name, raw in files]
    text = empty.get(f"/check/{'.'.join(words)}?on=2026-11-06").text
    assert "通报.docx、附件.csv" in re.sub(r"<[^>]+>", "", text)
    assert "通报正文还没有核对" not in text
    assert "96%" in text
    assert 'data-title="相符的写法">' in text
    assert "缺号:3" in text


def sent(name: str, raw: bytes) -> UploadFile:
    return UploadFile(io.BytesIO(raw), filename=name)
