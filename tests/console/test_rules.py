"""规则: each rule's manual, the profile in force, what the office wrote itself with its mistakes by line; 换口径试算."""

import csv
import io
from urllib.parse import quote

import pytest

from tests.console.conftest import Console, Many
from tracker.console.jobs import Jobs
from tracker.errors import UsageError
from tracker.rulebook import RULES

OWN = """extends = "baoji"
title = "示例口径"
source = "示例办法(虚构)"

[rules.UPD-01]
limit = 9

[rules.INT-01]
effect = "note"

[[own]]
code = "LOC-01"
title = "长期没有原创"
basis = "示例办法第九条"
message = "长期没有原创"
when = { idle_days = "> 30", originals = "== 0" }
"""
BAD = """extends = "national"

[rules.UPD-01]
limit = "十四"

[effects]
XXX-99 = "veto"
"""


def write(console: Console, name: str, text: str) -> None:
    path = console.ws.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ask(console: Console, profile: str, against: str) -> str:
    """Compare over the last sweep; the address of what came of it."""
    sweep = console.ws.store.sweep_head()
    assert sweep
    answer = console.post("/what-if", {"profile": profile, "against": against, "sweep": sweep.name})
    assert answer.status == 303
    console.desk.jobs.kinds["comparing"].wait(60)
    return answer.headers["location"]


@pytest.mark.parametrize("role", ["admin", "city", "county", "unit"])
def test_everybody_reads_the_rules_and_only_the_city_compares(many: Many, role: str) -> None:
    console = many.as_(role)
    shown = console.get("/rules").text
    assert all(f'href="/rules/{rule.code}"' in shown for rule in RULES)
    may = role in ("admin", "city")
    assert ('href="/what-if"' in shown) == may
    assert console.get("/what-if").status == (200 if may else 403)
    assert console.get("/rules/UPD-01").status == 200


def test_a_unit_still_begins_with_its_own_accounts(many: Many) -> None:
    shown = many.as_("unit").get("/rules").text
    assert shown.index('href="/own"') < shown.index('href="/rules"')


def test_every_rule_has_its_manual_page(sample: Console) -> None:
    for code in (code for rule in RULES for code in rule.codes):
        shown = sample.get(f"/rules/{code}").text
        assert all(f"<dt>{label}</dt>" in shown for label in ("查什么", "怎么判", "不算", "依据", "谁来定")), code
    shown = sample.get("/rules/upd-03").text
    assert "UPD-01、UPD-02、UPD-03 内容不更新" in shown
    assert shown.index("宝鸡口径") < shown.index("国家口径"), "the one in force stands first"
    assert "期限(天):7" in shown, "the weekly profile's"
    assert sample.get("/rules/NO-01").status == 404


def test_a_search_finds_rules_by_what_their_manual_says(sample: Console) -> None:
    def codes(words: str) -> set[str]:
        shown = sample.get(f"/rules?q={quote(words)}").text
        return {rule.code for rule in RULES if f'href="/rules/{rule.code}"' in shown}

    assert codes("置顶") == {"UPD-01"}
    assert "CNT-03" in codes("cnt-03")
    assert "UPD-01" not in codes("cnt-03")
    assert codes("点赞 业务") == {"CNT-02"}
    assert codes("不存在的字") == set()
    assert "没有规则写着“不存在的字”" in sample.get(f"/rules?q={quote('不存在的字')}").text


def test_a_profile_is_held_against_the_national_one(sample: Console) -> None:
    write(sample, "profiles/own.toml", OWN)
    shown = sample.get("/rules/profiles/own").text
    assert "期限(天):14 → 9" in shown
    assert "效果:否决 → 列明" in shown
    assert [shown.index(name) for name in ("own.toml(", "baoji.toml(", "national.toml(")] == sorted(
        shown.index(name) for name in ("own.toml(", "baoji.toml(", "national.toml(")
    )
    assert "国办秘函〔2019〕19号" in shown
    assert "与国家口径不同" not in sample.get("/rules/profiles/national").text
    assert sample.get("/rules/profiles/nowhere").status == 404
    assert sample.get("/rules/profiles/..%2f..%2ftracker").status == 404


def test_own_rules_and_words_are_shown_and_mistakes_by_their_line(sample: Console) -> None:
    assert "没有自己写的规则" in sample.get("/rules/own").text
    write(sample, "profiles/own.toml", OWN)
    write(sample, "words/own.csv", "word,kind,suggestion\n示例老局,机构旧称,示例新局\n")
    shown = sample.get("/rules/own").text
    assert "没有发现错误" in shown
    assert "到检查日未更新的天数大于30天;检查期内原创的条数等于0条" in shown
    assert "示例新局" in shown
    assert "长期没有原创" in sample.get("/rules/LOC-01").text
    write(sample, "profiles/bad.toml", BAD)
    write(sample, "words/bad.csv", "word,kind\n甲,没有这类\n")
    shown = sample.get("/rules/own").text
    assert "写错的地方 3 处" in shown
    assert ("第 4 行" in shown, "第 7 行" in shown, "XXX-99" in shown, "没有这类" in shown) == (True,) * 4
    assert "没有发现错误" not in shown
    listed = sample.get("/rules").text
    assert "用不了:profiles/bad.toml 第4行" in listed
    assert str(sample.ws.root) not in listed, "where the workspace lies is nobody's business"
    assert "这个口径用不了" in sample.get("/rules/profiles/bad").text


def test_a_comparison_names_who_moves_and_why_and_changes_nothing(sample: Console) -> None:
    sweep = sample.ws.store.sweep_head()
    assert sweep
    before = sample.ws.store.last_head(sweep.name)
    address = ask(sample, "ten-day", "baoji")
    shown = sample.get(address).text
    assert "5 个的结果会变" in shown
    assert "CNT-03 待复核 → 只提示" in shown
    assert sample.ws.store.last_head(sweep.name) == before
    file = sample.get(address.replace("/what-if?", "/what-if/file?"))
    rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
    assert (len(rows), rows[0][-1]) == (6, "由哪条规则引起")
    assert "attachment" in file.headers["content-disposition"]
    only = sample.get(f"{address}&change=0").text
    assert "下面只有其中 5 个" in only
    assert sample.get(f"{address}&start=100000").status == 200


def test_what_came_in_since_is_said(sample: Console) -> None:
    write(sample, "profiles/own.toml", OWN)
    address = ask(sample, "own", "baoji")
    assert "要看现在的,请再试算一次" not in sample.get(address).text
    write(sample, "profiles/own.toml", OWN.replace("limit = 9", "limit = 10"))
    assert "要看现在的,请再试算一次" in sample.get(address).text


def test_what_cannot_be_compared_is_said_in_a_sentence(sample: Console, empty: Console) -> None:
    assert "还没有检查记录" in empty.get("/what-if").text
    sweep = sample.ws.store.sweep_head()
    assert sweep
    same = sample.post("/what-if", {"profile": "baoji", "against": "baoji", "sweep": sweep.name})
    assert (same.status, "同一个" in same.text) == (400, True)
    assert "没有名为" in sample.post("/what-if", {"profile": "x", "against": "baoji", "sweep": sweep.name}).text
    assert "请选好" in sample.post("/what-if", {}).text
    gone = sample.get(f"/what-if/file?profile=weekly&against=baoji&sweep={sweep.name}")
    assert (gone.status, "请重新试算" in gone.text) == (400, True)


def test_a_big_check_is_compared_behind_the_page_and_can_be_stopped(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from tracker.console import compared

    begun, go_on = threading.Event(), threading.Event()

    def slow(*told: object, tell: object) -> object:
        begun.set()
        assert go_on.wait(30)
        tell(1)  # type: ignore[operator]
        raise AssertionError("it was not stopped")

    monkeypatch.setattr(compared, "SMALL", 10)
    monkeypatch.setattr(compared, "compare", slow)
    sweep = sample.ws.store.sweep_head()
    assert sweep
    asked = {"profile": "weekly", "against": "baoji", "sweep": sweep.name}
    assert sample.post("/what-if", asked).status == 303
    assert begun.wait(30)
    assert "正在试算:0 / 102" in sample.get("/what-if").text
    assert sample.get("/what-if/working").status == 204
    assert "正在做" in sample.post("/what-if", asked).text
    sample.post("/what-if/stop")
    go_on.set()
    sample.desk.jobs.kinds["comparing"].wait(30)
    assert sample.get("/what-if/working").headers["hx-refresh"] == "true"
    assert "没有做完" in sample.get("/what-if").text


def test_only_the_newest_comparisons_are_kept() -> None:
    jobs = Jobs()
    for number in range(9):
        jobs.keep(number, number)
    jobs.keep(5, "again")
    assert list(jobs.compared) == [3, 4, 6, 7, 8, 5]


@pytest.mark.browser
def test_a_clerk_compares_and_sees_who_moves(sample: Console, signed_in) -> None:
    page = signed_in(sample)
    page.goto("/rules")
    page.get_by_role("link", name="换口径试算").click()
    page.get_by_label("假设改用").select_option("weekly")
    page.get_by_role("button", name="试算").click()
    page.get_by_text("个的结果会变").wait_for()
    assert page.get_by_role("heading", name="宝鸡口径改为每周口径").is_visible()
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载表格").click()
    assert loading.value.suggested_filename.endswith("baoji-weekly.csv")


def test_a_profile_in_force_that_is_broken_is_told(sample: Console) -> None:
    write(sample, "profiles/baoji.toml", BAD)
    shown = sample.get("/rules")
    assert (shown.status, "用不了" in shown.text) == (200, True)
    with pytest.raises(UsageError):
        sample.desk.profile()
    assert sample.get("/rules/own").status == 200
    assert sample.get("/what-if").status == 200
