"""200 links in one paste: real HTTP against the fake platforms, every account matched or named, every other link told."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import BY_PLATFORM
from tests.links import box as boxes
from tests.platforms.serve import serve
from tracker import settings
from tracker.capture import Desk
from tracker.cli import app, looking, sweeping
from tracker.cli.common import Context
from tracker.links import Told, confirm, paste, report, sweep_for, unconfirmed, unproven
from tracker.model import Route
from tracker.workspace import Workspace, opened


@dataclass(frozen=True, kw_only=True)
class Done:
    box: boxes.Box
    ws: Workspace
    told: tuple[Told, ...]
    asked: Counter[str]

    def of(self, url: str) -> Told:
        return next(one for one in self.told if one.url == url)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    made = boxes.box()
    root = boxes.workspace(tmp_path_factory.mktemp("links") / "ws", made)
    with opened(root) as ws, serve(made.world) as served:
        boxes.file_all(ws, made)
        sweep, pasted = boxes.take(ws, served, made.text)
        told = report(ws, sweep, pasted, BY_PLATFORM, ws.profile(), boxes.NOON.date())
        asked = Counter(f"{call['path']}?{call['query']}" for call in served.log)
        yield Done(box=made, ws=ws, told=told, asked=asked)


def test_all_two_hundred_are_told(done: Done) -> None:
    counted = Counter(one.status for one in done.told)
    assert sum(counted.values()) == 200
    assert counted == {"matched": 156, "wrong": 8, "dead": 10, "duplicate": 14, "foreign": 10, "unclear": 2}
    assert all(one.line for one in done.told)


def test_each_was_opened_once(done: Done) -> None:
    assert set(done.asked.values()) == {1}
    assert sum(done.asked.values()) == 200 - len(boxes.FOREIGN) - len(done.box.again)


def test_fresh_links_prove_and_old_ones_prove_nothing(done: Done) -> None:
    assert all(done.of(url).fresh for url in done.box.fresh)
    for url in done.box.old:
        told = done.of(url)
        assert told.fresh is False
        assert told.account is not None
        assert "不能说明之后没有更新" in told.line


def test_a_match_says_by_what(done: Done) -> None:
    by_name = {one.url for one in done.told if one.status == "matched" and one.matched_by == "name"}
    assert by_name == set(done.box.by_name)
    assert all("待确认" in done.of(url).line for url in by_name)
    assert all(one.matched_by == "id" for one in done.told if one.status == "matched" and one.url not in by_name)


def test_strangers_and_namesakes_are_nobodys(done: Done) -> None:
    assert all(done.of(url).status == "wrong" and done.of(url).account is None for url in done.box.strangers)
    assert all("台账里没有这个账号" in done.of(url).line for url in done.box.strangers)
    assert all("同名账号编号不同" in done.of(url).line for url in done.box.namesakes)


def test_dead_links_are_told_with_their_account_where_the_page_names_it(done: Done) -> None:
    told = [done.of(url) for url in done.box.dead]
    assert {one.status for one in told} == {"dead"}
    assert all("请换一条" in one.line for one in told)
    assert any(one.account for one in told)


def test_duplicates_name_the_first(done: Done) -> None:
    pairs = {one.url: one.repeats for one in done.told if one.status == "duplicate"}
    assert set(done.box.again) <= set(pairs)
    assert all(pairs[url] == url for url in done.box.again)
    twins = [(one.url, one.repeats) for one in done.told if one.status == "duplicate" and one.url != one.repeats]
    assert len(twins) == len(done.box.same_post)
    for url, first in twins:
        assert url in done.box.same_post or first in done.box.same_post
        assert done.of(url).account == done.of(first).account


def test_who_is_still_unproven(done: Done) -> None:
    left = {
        one.account.name for one in unproven(done.ws, sweep_for(done.ws, None, boxes.NOON), done.ws.profile(), boxes.NOON.date())
    }
    old = {done.of(url).account.name for url in done.box.old}
    unseen = {one.name for one in done.box.filed if one.name not in {t.account.name for t in done.told if t.fresh and t.account}}
    assert old < left
    assert left == unseen


def test_the_sweep_stays_open_and_weekly(done: Done) -> None:
    (sweep,) = done.ws.store.sweeps()
    assert (sweep.name, sweep.kind, sweep.ended_at) == ("2026-11-06", "weekly", None)
    assert {visit.route for visit in done.ws.store.visits(sweep.name)} == {Route.LINK}


def test_replay_through_the_command_line_tells_the_same(done: Done, tmp_path: Path) -> None:
    root = boxes.workspace(tmp_path / "second", done.box)
    with opened(root) as ws:
        boxes.file_all(ws, done.box)
    chat = tmp_path / "群聊.txt"
    chat.write_text(done.box.text, encoding="gb18030")
    folder = done.ws.root / "snapshots" / "2026-11-06"
    told = CliRunner().invoke(
        app, ["--workspace", str(root), "links", str(chat), "--replay", str(folder), "--json"], obj=Context()
    )  # fmt: skip
    assert told.exit_code == 3, told.output
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    key = ("url", "status", "matched_by", "fresh", "repeats", "detail")
    mine = [(one.url, one.status, one.matched_by or None, one.fresh, one.repeats or None, one.line) for one in done.told]
    assert [tuple(line[name] for name in key) for line in lines] == mine


def test_a_person_confirms_and_the_next_link_matches_by_id(tmp_path: Path) -> None:
    made = boxes.box()
    root = boxes.workspace(tmp_path / "ws", made)
    urls = made.by_name[:2]
    with opened(root) as ws, serve(made.world) as served:
        boxes.file_all(ws, made)
        boxes.take(ws, served, "\n".join(urls))
        waiting = unconfirmed(ws)
        assert len(waiting) == 2
        assert all(not ws.store.account(own).ids for own in waiting)
        (one, *_), who = confirm(ws, next(iter(waiting)), who="李某", at=boxes.NOON), ws.store.history
        assert one.ids["user_name"].startswith("gh_")
        assert [(change.field, change.who) for change in who(one.account_id)][-1] == ("ids", "李某")
        sweep, pasted = boxes.take(ws, served, "\n".join(urls))
        told = report(ws, sweep, pasted, BY_PLATFORM, ws.profile(), boxes.NOON.date())
        assert sorted(each.matched_by for each in told) == ["id", "name"]
        confirm(ws, "all", who="李某", at=boxes.NOON)
        assert not unconfirmed(ws)


def test_a_wall_stops_the_lane_and_the_rest_is_opened_the_next_time(tmp_path: Path) -> None:
    made = boxes.box()
    urls = made.fresh[40:52]
    root = boxes.workspace(tmp_path / "ws", made)
    made.world.faults.put("verify_page", platform="weixin", where="article", times=None)
    with opened(root) as ws, serve(made.world) as served:
        boxes.file_all(ws, made)
        sweep, pasted = boxes.take(ws, served, "\n".join(urls))
        told = report(ws, sweep, pasted, BY_PLATFORM, ws.profile(), boxes.NOON.date())
        assert len(served.log) == 1
        assert Counter(one.status for one in told) == {"unclear": 1, "not_opened": 11}
        assert all("通道已停" in one.line for one in told if one.status == "not_opened")
        made.world.faults.clear()
        sweep, pasted = boxes.take(ws, served, "\n".join(urls))
        told = report(ws, sweep, pasted, BY_PLATFORM, ws.profile(), boxes.NOON.date())
        assert Counter(one.status for one in told) == {"matched": 12}
        boxes.take(ws, served, "\n".join(urls))
        assert len(served.log) == 1 + 12


def test_a_link_beside_another_units_name_is_pointed_out(done: Done) -> None:
    url, other = done.box.fresh[0], done.of(done.box.fresh[5]).account
    pasted = paste(done.ws, f"{other.name}\t{url}\n{other.organisation} {url}", BY_PLATFORM, who="test", at=boxes.NOON)
    told = report(done.ws, sweep_for(done.ws, None, boxes.NOON), pasted, BY_PLATFORM, done.ws.profile(), boxes.NOON.date())
    assert f"旁边写的是“{other.name}”" in told[0].line
    assert [one.status for one in told] == ["matched", "duplicate"]


def test_the_command_opens_live_and_names_who_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = boxes.box()
    root = boxes.workspace(tmp_path / "ws", made)
    quick = "[pace.weixin]\nbetween_accounts = [0, 0]\nbetween_requests = 0\n"
    (root / "tracker.toml").write_text(settings.template() + quick, encoding="utf-8")
    with opened(root) as ws:
        boxes.file_all(ws, made)
    links = [made.fresh[20], made.old[0], made.dead[0], made.strangers[0]]
    with serve(made.world) as served:
        desk = partial(Desk, host_map=boxes.host_map(served), clock=lambda: boxes.NOON)
        monkeypatch.setattr(sweeping, "Desk", desk)
        monkeypatch.setattr(looking, "now", lambda: boxes.NOON)
        told = CliRunner().invoke(app, ["--workspace", str(root), "links", "-"], input="\n".join(links), obj=Context())
        assert told.exit_code == 0, told.output
        assert len(served.log) == 4
    for word in ("已对应:2个", "已失效:1个", "不是台账里的账号:1个", f"还没有证明有更新的账号:{len(made.filed) - 1}个"):
        assert word in told.stdout
