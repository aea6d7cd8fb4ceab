"""The sample city is what the issue says it is, the same on every run, and its files agree with its world."""

import csv
import json
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from tests.platforms.world import article_key
from tests.samples import city, roles
from tests.samples.files import REGISTRY, SHEET

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "snapshots" / "samples"
NAMES = ("registry.xlsx", "links.txt", "sheet.xlsx", "decisions.csv")
ACCOUNTS = city.accounts()
BY = {account.key: account for account in ACCOUNTS}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    city.main(folder)
    return folder


def cells(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()]  # type: ignore[union-attr]


def test_the_mix_of_a_real_city() -> None:
    assert Counter(a.platform for a in ACCOUNTS) == {"weixin": 60, "weibo": 30, "toutiao": 7, "douyin": 5}
    assert len(BY) == 102
    ids = [(a.platform, kind, value) for a in (*ACCOUNTS, *city.controls()) for kind, value in a.ids.items()]
    assert len(ids) == len(set(ids))
    assert len(city.grants()) == 12


def test_eighteen_fail_as_in_the_bulletin_each_for_one_cause() -> None:
    told = Counter((e["verdict"], e["code"]) for e in city.expected().values())
    assert told == {
        ("failed", "UPD-01"): 5,
        ("failed", "INT-01"): 8,
        ("failed", "CNT-02"): 2,
        ("failed", "CNT-03"): 3,
        ("passed", ""): 82,
        ("unchecked", ""): 2,
    }
    causes = [*roles.STALE, *roles.SILENT_BY_OWNER, *roles.SILENT_BY_CLERK, *roles.LIKES, *roles.FOOTERS, *roles.WALLS]
    assert len(causes) == len(set(causes)) == 20
    assert set(causes) <= set(BY)


def test_expected_json_is_what_the_city_says() -> None:
    shipped = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    assert shipped == city.expected()
    assert list(shipped) == [account.key for account in ACCOUNTS]


@pytest.mark.parametrize("name", NAMES)
def test_the_makers_write_the_same_bytes_again(made: Path, tmp_path: Path, name: str) -> None:
    city.main(tmp_path)
    assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_files_are_those_of_the_makers(made: Path, name: str) -> None:
    shipped, new = SHIPPED / name, made / name
    assert (cells(shipped) == cells(new)) if name.endswith(".xlsx") else (shipped.read_bytes() == new.read_bytes())


def test_dates_lie_as_the_roles_say() -> None:
    for account in ACCOUNTS:
        newest = max(post.at.date() for post in account.posts)
        assert (roles.TODAY - newest).days == roles.STALE.get(account.key, (roles.TODAY - newest).days)
        assert account.key in roles.STALE or newest >= roles.TODAY - timedelta(days=6)
        assert all(post.at <= city.world().clock for post in account.posts)
        if account.grant:
            assert newest < roles.TODAY
        loose = sorted((post.at.date() for post in account.posts if not post.pinned), reverse=True)
        assert all((a - b).days <= 5 for a, b in pairwise(loose))
    bound = BY[roles.LOWER_BOUND]
    second = sorted((post.at.date() for post in bound.posts), reverse=True)[bound.guest_hides]
    assert (roles.TODAY - second).days <= 14


def test_the_walls_are_the_last_rows_of_their_platforms() -> None:
    for key in roles.WALLS:
        platform = key.partition(":")[0]
        assert [a.key for a in ACCOUNTS if a.platform == platform][-1] == key


def test_the_city_shows_what_it_is_to_show() -> None:
    assert all(any(post.pinned for post in BY[key].posts) for key in roles.PINNED)
    assert all(any(post.repost for post in BY[key].posts) for key in roles.REPOSTING)
    assert {like.verified_type for key in roles.GOOD_LIKES for like in BY[key].likes} == {1, 3}
    assert all({0, 2} <= {like.verified_type for like in BY[key].likes} for key in roles.LIKES)
    assert all(city.linked(BY[f"weixin:{name}"])[0].show_type == 8 for name in roles.PICTURES)
    assert all(city.linked(BY[key])[0].footer for key in roles.FOOTERS)


def test_only_silent_accounts_have_no_way_to_speak() -> None:
    for account in ACCOUNTS:
        if account.grant:
            told = "互动" in "".join(item.name for item in account.grant.menu) or any(post.can_comment for post in account.posts)
            assert told == (account.key not in roles.SILENT_BY_OWNER)
            assert not (account.key in roles.SILENT_BY_OWNER and account.grant.autoreply)


def test_the_registry_lists_every_account_once_city_first(made: Path) -> None:
    title, header, *rows = cells(made / "registry.xlsx")
    assert "虚构" in str(title[0])
    assert tuple(header) == REGISTRY
    assert [row[0] for row in rows] == list(range(1, 103))
    assert [(row[1], row[2], row[4]) for row in rows] == [(a.kind, a.name, a.organisation) for a in ACCOUNTS]
    regions = [row[5] for row in rows]
    assert list(dict.fromkeys(regions)) == ["市直", "甲山县", "乙水县", "丙河区", "丁塬县", "戊岭县"]
    assert regions == sorted(regions, key=list(dict.fromkeys(regions)).index)


def test_every_pasted_link_is_an_article_of_the_world_and_none_is_forgotten(made: Path) -> None:
    text = (made / "links.txt").read_text(encoding="utf-8")
    pasted = set(re.findall(r"https://mp\.weixin\.qq\.com/s/([\w-]{22})", text))
    wanted = {article_key(account, post): account for account in ACCOUNTS for post in city.linked(account)}
    assert pasted == set(wanted)
    world = city.world()
    assert all(world.article(key) for key in pasted)
    linked = Counter(account.key for account in wanted.values())
    assert sorted(linked.values()) == [1] * 39 + [2] * 5


def test_the_sheet_covers_what_no_machine_sees(made: Path) -> None:
    header, *rows = cells(made / "sheet.xlsx")
    assert header == SHEET.split(",")
    told = {str(row[1]): dict(zip(SHEET.split(","), row, strict=True)) for row in rows}
    assert set(told) == {a.name for a in ACCOUNTS if a.platform == "weixin" and not a.grant}
    assert {f"weixin:{name}" for name, row in told.items() if row["互动"] == "有问题"} == set(roles.SILENT_BY_CLERK)
    assert {name for name, row in told.items() if row["最后更新日期"]} == set(roles.SHEET_DATES)
    assert all(row["检查日期"].date() == roles.TODAY for row in told.values())
    assert {f"weixin:{name}" for name, row in told.items() if row["底部"] != "无问题"} == set(roles.FOOTERS)


def test_decisions_confirm_every_machine_candidate(made: Path) -> None:
    rows = list(csv.DictReader((made / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert Counter(row["问题代码"] for row in rows) == {"CNT-02": 2, "CNT-03": 3, "INT-01": 3, "UPD-01": 1}
    assert {row["账号"] for row in rows} == {k for k, e in city.expected().items() if e["confirmed_by"] == "decision"}
    assert all(row["结论"] == "confirm" and row["复核人"] and row["理由"] for row in rows)


def test_a_new_world_each_time_with_its_own_faults() -> None:
    one, two = city.world(), city.world()
    assert one.accounts == two.accounts
    one.faults.clear()
    assert two.faults.take("login_wall", "weibo", "weibo:戊岭教体", "weibo.com", "mymblog", True)
    assert not one.faults.take("login_wall", "weibo", "weibo:戊岭教体", "weibo.com", "mymblog", True)


def test_the_look_back_holds_the_last_post_of_every_silent_owner() -> None:
    stale = [BY[key] for key in roles.STALE if BY[key].grant]
    assert len(stale) == 2
    assert all(max(post.at.date() for post in account.posts) >= roles.LOOK_BACK[0] for account in stale)
    assert (roles.TODAY - roles.LOOK_BACK[0]).days > 14 + 1
