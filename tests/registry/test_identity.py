import base64
import hashlib
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.registry.tables import HEAD, accounts, filed
from tracker.model import Account
from tracker.registry import account_id, accounts_of, compare, export_rows, read_accounts, seven_of, to_account
from tracker.registry.tables import columns, kinds


def test_our_id_is_ten_characters_of_a_hash_over_platform_and_compared_name() -> None:
    digest = hashlib.blake2b("weibo:甲|乙".encode()).digest()
    assert account_id("weibo", "甲 丨乙") == base64.b32encode(digest).decode()[:10].lower()
    assert account_id("weixin", "甲 丨乙") != account_id("weibo", "甲丨乙")


def test_the_same_file_twice_changes_nothing() -> None:
    rows = filed((1, "微博", "甲", "甲局"), (2, "微信", "甲", "甲局")).rows
    first = accounts_of(rows)
    again = compare(first, accounts_of(rows, first))
    assert (again.new, again.changed, again.missing) == ((), (), ())
    assert again.same == first


def test_new_changed_and_missing_accounts_are_told_apart_and_nobody_is_closed() -> None:
    before = accounts_of(filed((1, "微博", "甲", "甲局"), (2, "微信", "乙", "乙局")).rows)
    learned = [replace(before[0], ids={"uid": "1"}, status="拟关停注销"), before[1]]
    after = accounts_of(filed((1, "抖音", "丙", "丙局"), (2, "微博", "甲", "甲新局")).rows, learned)
    changes = compare(learned, after)
    assert [each.name for each in changes.new] == ["丙"]
    assert [(each.before.organisation, each.after.organisation, each.fields) for each in changes.changed] == [
        ("甲局", "甲新局", ("organisation",))
    ]
    assert changes.changed[0].after.ids == {"uid": "1"}
    assert changes.changed[0].after.status == "拟关停注销"
    assert [each.name for each in changes.missing] == ["乙"]


def test_a_cell_left_empty_says_nothing() -> None:
    full = accounts((*HEAD, "链接"), (1, "微博", "甲", "甲局", "https://weibo.com/u/1")).rows
    known = accounts_of(full)
    assert accounts_of(filed((1, "微博", "甲", "甲局")).rows, known) == known


def test_a_renamed_account_keeps_its_id_and_its_old_name_gets_another() -> None:
    (old,) = accounts_of(filed((1, "微博", "旧名", "甲局")).rows)
    renamed = replace(old, name="新名")
    new, stranger = accounts_of(filed((1, "微博", "新名", "甲局"), (2, "微博", "旧名", "乙局")).rows, [renamed])
    assert new.account_id == old.account_id
    assert stranger.account_id != old.account_id
    assert len(stranger.account_id) == 10


def test_a_taken_id_is_never_given_twice() -> None:
    (row,) = filed((1, "微博", "甲", "甲局")).rows
    own = account_id("weibo", "甲")
    taken = {own: Account(account_id=own, platform="weibo", kind="新浪微博", name="别人")}
    assert to_account(row, 1, taken).account_id not in taken
    assert to_account(row, 1, {}).account_id == own


def test_the_printed_type_of_every_kind_is_one_of_the_seven() -> None:
    seven = {"微信", "微博", "移动客户端", "今日头条", "抖音", "其他"}
    for kind in kinds():
        account = Account(account_id="x", platform=kind.slug, kind=kind.kind, name="甲")
        told, other = seven_of(account)
        assert told in seven
        assert other == (kind.kind if told == "其他" else "")
    stranger = Account(account_id="x", platform="other", kind="网易号", name="甲")
    assert seven_of(stranger) == ("其他", "网易号")


LINE = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12).map(str.strip)
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
TYPES = st.one_of(
    st.sampled_from([kind.kind for kind in kinds()] + ["微信", "抖音短视频", "小程序+微信", "移动客户端"]).map(
        lambda word: (word, "")
    ),
    st.sampled_from(["网易号", "知乎", "喜马拉雅", "快手"]).map(lambda name: ("其他", name)),
)


@st.composite
def registries(draw: st.DrawFn) -> list[list[object]]:
    head = [
        "新媒体类型",
        "其他(新媒体类型)",
        "新媒体名称",
        "主办单位",
        "县区",
        "开设时间",
        "状态",
        "UID",
        "链接",
        "备注",
        "粉丝数",
    ]
    rows: list[list[object]] = [list(head)]
    for number in range(draw(st.integers(1, 6))):
        word, other = draw(TYPES)
        status = draw(st.sampled_from(["", *columns().statuses]))
        cells = [draw(LINE), draw(LINE), draw(DATES), status, *(draw(st.one_of(st.none(), LINE)) for _ in range(4))]
        rows.append([word, other, f"示例{number}{draw(LINE)}", *cells])
    return rows


@given(registries())
def test_export_gives_back_what_import_reads(rows: list[list[object]]) -> None:
    first = accounts_of(accounts(rows[0], *rows[1:]).rows)
    read = read_accounts([export_rows(first)], source="x") if first else None
    assert read is None or not read.problems
    assert read is None or accounts_of(read.rows) == first
