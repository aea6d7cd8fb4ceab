"""The comparison with other tools can fail: wrong answers, missing evidence, time of orphans, goals that were missed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.peers import page
from benchmarks.peers.__main__ import summary
from benchmarks.peers.contest import BY_HTTP, OURS, TOP, Contender, Ring, differences, ring
from benchmarks.peers.world import BODY, Answer, answers, targets, world

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="costs are told by Linux")

LIAR = """
import json, pathlib, sqlite3, sys
task = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
out = pathlib.Path(task["out"]); out.mkdir()
journal = sqlite3.connect(out / "journal.db")
journal.execute("CREATE TABLE visit (account_id TEXT, name TEXT, latest INTEGER, count INTEGER)")
for one in task["targets"]:
    journal.execute("INSERT INTO visit VALUES (?, ?, ?, ?)", (one["account_id"], one["name"], {latest}, 1))
journal.commit()
"""
"""A contender that visits nothing and says that every account posted at the same second."""


class Liar(Contender):
    """Answers without looking."""

    def command(self, task: Path) -> list[str]:
        return [sys.executable, "-c", self.script, str(task)]


@pytest.fixture(scope="module")
def articles() -> Iterator[Ring]:
    with ring("article", 2, "") as served:
        yield served


@linux
def test_our_own_route_gives_the_answers_and_writes_a_file_for_each_account(articles: Ring) -> None:
    cost, held = articles.run(BY_HTTP[0])
    assert BY_HTTP[0].name == OURS
    assert (held.files, held.lines, held.responses) == (2, 2, 2)
    assert held.bodies >= 2 * BODY
    assert 0 < cost.cpu < 20


@linux
def test_a_contender_with_wrong_answers_is_turned_away(articles: Ring) -> None:
    with pytest.raises(ValueError, match=r"liar on article: .*'latest': 1\b.* instead of"):
        articles.run(Liar(name="liar", script=LIAR.format(latest=1)))


@linux
def test_a_contender_with_right_answers_and_no_evidence_is_turned_away(articles: Ring) -> None:
    latest = next(iter(answers(world("article", 1)).values())).latest
    with pytest.raises(ValueError, match=r"liar on article: \[\] Written\(files=0"):
        articles.run(Liar(name="liar", script=LIAR.format(latest=latest)))


@linux
def test_a_contender_that_fails_is_told_by_its_last_words(articles: Ring) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 1: .*nothing works today"):
        articles.run(Liar(name="liar", script="raise SystemExit('nothing works today')"))


def test_missing_wrong_and_invented_answers_are_three_differences() -> None:
    right = Answer(name="甲", latest=5, count=1)
    got = {"b": {"name": "甲", "latest": 5, "count": 2}, "c": {"name": "丙", "latest": 5, "count": 1}}
    assert len(differences({"a": right, "b": right}, got)) == 3
    assert differences({"a": right}, {"a": {"name": "甲", "latest": 5, "count": 1}}) == []


@pytest.mark.parametrize("kind", ["article", "feed", "pages"])
def test_every_account_has_its_own_address_and_an_answer(kind: str) -> None:
    shown = world(kind, 3)
    told = targets(kind, shown)
    assert len({one.url for one in told}) == 3
    assert {one.account_id for one in told} == set(answers(shown))


@linux
def test_the_time_of_an_orphaned_grandchild_is_counted(tmp_path: Path) -> None:
    """A browser's helpers outlive their parent: without adoption their time would be nobody's."""
    burn = "import time\nwhile time.process_time() < 0.6: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}], start_new_session=True)"
    told = "from benchmarks.peers.costs import adopt, cost; from pathlib import Path; import sys; adopt();"
    told += f"print(cost([sys.executable, '-c', {orphan!r}], Path({str(tmp_path)!r}), {{}}).cpu)"
    done = subprocess.run([sys.executable, "-c", told], cwd=TOP, capture_output=True, text=True, check=True, timeout=30)
    assert float(done.stdout) >= 0.6


def test_the_ratio_is_of_what_one_more_account_costs() -> None:
    """Starting costs 1 second; then we take 2 ms an account and the other takes 6."""
    none: dict[str, list[float]] = {"wall": [], "user": [], "system": []}
    runs = {
        OURS: {"whole": [3.0, 3.0, 9.0], "one": [1.002] * 3, **none},
        "other": {"whole": [7.0] * 3, "one": [1.006] * 3, **none},
    }
    told = summary(runs, 1000)
    assert (told[OURS]["ms"], told["other"]["ms"], told["other"]["we"]) == (2.0, 6.0, 3.0)
    assert told["other"]["we with start"] == round(7 / 3, 2)


def test_a_goal_that_was_missed_is_said() -> None:
    assert "**没有达到**" in page._said("article", {"Scrapy": {"we": 2.99}})
    assert page._said("article", {"Scrapy": {"we": 3.0}}).endswith("达到。")


def test_a_false_accusation_of_ours_would_stand_on_the_page() -> None:
    cell = {"newest": "never", "first": "stale", "tracker": "failed"}
    shares = {"newest": {"never": 1, "fine": 1, "error": 1}, "first": {"never": 1, "stale": 1, "error": 1}}
    told = page.accused({"cells": 3, "script": shares, "accused": {"x": cell}, "tracker": 1})
    assert (told.script_accused, told.first_accused, told.script_fine, told.script_error, told.tracker) == (1, 2, 1, 1, 1)
    assert told.rows[0].tracker == "不合格(冤枉)"
