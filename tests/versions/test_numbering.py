"""稿次: every print has its number, nothing is overwritten, nothing is left half done."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.versions.world import BECAUSE, NOON, SWEEP, TITLE, again, judged, names, show
from tracker import versions
from tracker.errors import UsageError
from tracker.store import Store
from tracker.versions import folders, numbering


def test_the_newest_bears_the_bare_title(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        first = show(ws, to, 1)
        old = (to / f"{TITLE}.csv").read_bytes()
        again(ws, 2, 示例统计=["UPD-01"], 示例审计=["INT-01"])
        second = show(ws, to, 3)
        held = ws.store.prints(SWEEP)
    assert (first.label, second.label) == ("第1稿", "第2稿")
    assert names(to) == [f"{TITLE}(第1稿).csv", f"{TITLE}.csv"]
    assert (to / f"{TITLE}(第1稿).csv").read_bytes() == old
    assert second.files == (to / f"{TITLE}.csv",)
    assert second.placed[0].renamed == (to / f"{TITLE}.csv", to / f"{TITLE}(第1稿).csv")
    assert [(one.label, one.who, one.at, one.title) for one in held] == [
        ("第1稿", "王某", NOON + timedelta(minutes=1), TITLE),
        ("第2稿", "王某", NOON + timedelta(minutes=3), TITLE),
    ]
    assert held[0].judgement < held[1].judgement
    assert held[1].profile_digest == "baoji"


def test_the_same_content_keeps_its_number_and_gains_formats(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1, ["csv"])
        stamp = (to / f"{TITLE}.csv").stat().st_mtime_ns
        more = show(ws, to, 2, ["csv", "xlsx"])
        same = show(ws, to, 3, ["xlsx", "csv"])
        parts = [(one.label, one.part, [file.name for file in one.files]) for one in ws.store.prints(SWEEP)]
    assert more.again
    assert same.again
    assert (to / f"{TITLE}.csv").stat().st_mtime_ns == stamp
    assert same.files == (to / f"{TITLE}.xlsx", to / f"{TITLE}.csv")
    assert parts == [("第1稿", 1, [f"{TITLE}.csv"]), ("第1稿", 2, [f"{TITLE}.xlsx"])]


def test_a_template_of_the_office_makes_another_print(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1, ["html"])
        own = ws.templates / "reports"
        own.mkdir(parents=True)
        (own / "noncompliant.html").write_text("<p>本单位的样子</p>", encoding="utf-8")
        assert show(ws, to, 2, ["html"]).label == "第2稿"
    assert (to / f"{TITLE}.html").read_text(encoding="utf-8") == "<p>本单位的样子</p>"


def test_what_a_person_changed_is_kept(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1)
        (to / f"{TITLE}.csv").write_text("人改过", encoding="utf-8")
        (to / f"{TITLE}(第1稿改).csv").write_text("更早改过", encoding="utf-8")
        again(ws, 2, 示例审计=["INT-01"])
        show(ws, to, 3)
    assert (to / f"{TITLE}(第1稿改)-2.csv").read_text(encoding="utf-8") == "人改过"
    assert (to / f"{TITLE}(第1稿改).csv").read_text(encoding="utf-8") == "更早改过"
    assert "示例审计" in (to / f"{TITLE}.csv").read_text(encoding="utf-8-sig")


def test_a_file_of_nobody_is_kept(tmp_path: Path) -> None:
    to = tmp_path / "o"
    to.mkdir()
    (to / f"{TITLE}.csv").write_text("从前的", encoding="utf-8")
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1)
    assert (to / f"{TITLE}(原有).csv").read_text(encoding="utf-8") == "从前的"


def test_a_file_that_word_holds_open_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1)
        old = (to / f"{TITLE}.csv").read_bytes()
        again(ws, 2, 示例审计=["INT-01"])
        known = Path.rename

        def held(self: Path, target: Path) -> Path:
            if self.name == f"{TITLE}.csv":
                raise PermissionError(13, "in use")
            return known(self, target)

        monkeypatch.setattr(Path, "rename", held)
        done = show(ws, to, 3)
    assert done.placed[0].held == to / f"{TITLE}.csv"
    assert done.files == (to / f"{TITLE}(第2稿).csv",)
    assert (to / f"{TITLE}.csv").read_bytes() == old
    assert names(to) == [f"{TITLE}(第2稿).csv", f"{TITLE}.csv"]


def test_without_hard_links_it_goes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*told: object) -> None:
        raise OSError(38, "not implemented")

    monkeypatch.setattr(os, "link", none)
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        assert show(ws, tmp_path / "o", 1).files[0].is_file()
    assert names(tmp_path / "o") == [f"{TITLE}.csv"]


def test_final_then_draft_then_correction(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        show(ws, to, 1)
        final = show(ws, to, 2, final=True, because=BECAUSE)
        issued = (to / f"{TITLE}.csv").read_bytes()
        again(ws, 3, 示例审计=["INT-01"])
        draft = show(ws, to, 4)
        assert (to / f"{TITLE}.csv").read_bytes() == issued
        with pytest.raises(UsageError, match=r"只有0个.*;印发稿已于 2020-11-20 印发,.*就是更正;用 --because"):
            show(ws, to, 5, final=True)
        before = names(to)
        corrected = show(ws, to, 6, final=True, because="示例统计的问题核实有误")
        last = ws.store.prints(SWEEP)[-1]
    assert [one.label for one in (final, draft, corrected)] == ["印发稿", "第2稿", "更正1"]
    assert before == [f"{TITLE}(第1稿).csv", f"{TITLE}(第2稿).csv", f"{TITLE}.csv"]
    assert names(to) == sorted([*before, f"{TITLE}(印发稿).csv"])
    assert (to / f"{TITLE}(印发稿).csv").read_bytes() == issued
    assert (last.label, last.reason, last.gates) == ("更正1", "示例统计的问题核实有误", ("coverage", "correction"))


def test_an_empty_list_is_no_print(tmp_path: Path) -> None:
    with judged(tmp_path) as ws:
        done = show(ws, tmp_path / "o", 1)
        assert ws.store.prints() == ()
    assert (done.files, done.label) == ((), "")
    assert not (tmp_path / "o").exists()


def test_broken_off_before_the_number_nothing_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add_print", stopped)
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        with pytest.raises(KeyboardInterrupt):
            show(ws, tmp_path / "o", 1)
        assert ws.store.prints() == ()
    assert names(tmp_path / "o") == []


def test_killed_after_the_number_the_next_print_puts_it_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to, known = tmp_path / "o", folders.settle
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:

        def killed(*told: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(numbering, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            show(ws, to, 1)
        assert [path.suffix for path in to.iterdir()] == [".partial"]
        monkeypatch.setattr(numbering, "settle", known)
        again(ws, 2, 示例审计=["INT-01"])
        assert show(ws, to, 3).label == "第2稿"
    assert names(to) == [f"{TITLE}(第1稿).csv", f"{TITLE}.csv"]
    assert "示例统计" in (to / f"{TITLE}(第1稿).csv").read_text(encoding="utf-8-sig")


def test_killed_before_the_number_is_swept_away_a_day_later(tmp_path: Path) -> None:
    to = tmp_path / "o"
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        left = to / "print-0123456789abcdef.partial"
        left.mkdir(parents=True)
        for hours, stays in ((23, True), (25, False)):
            made = NOON.timestamp() - hours * 3600
            os.utime(left, (made, made))
            versions.settle(ws, to, NOON)
            assert left.exists() is stays


def test_two_prints_at_once_get_two_numbers(tmp_path: Path) -> None:
    """Each thread prints another content: a template of its own in a form that only it prints."""
    to, failed = tmp_path / "o", list[BaseException]()
    with judged(tmp_path, 示例统计=["UPD-01"]) as ws:
        sweep, head = ws.head(SWEEP), ws.store.last_head(SWEEP)
        assert head

        def print_one(number: int) -> None:
            try:
                imprint = numbering.Imprint(
                    series=numbering.Series(sweep=sweep, form="noncompliant", kind="draft"),
                    content=str(number),
                    title=TITLE,
                    judgement=head,
                    rows=(),
                    who="",
                    at=NOON,
                )
                with folders.Workshop.opened(ws, to) as shop:
                    (shop.folder / f"{TITLE}.csv").write_text(str(number), encoding="utf-8")
                    numbering.publish(ws, shop, [shop.folder / f"{TITLE}.csv"], imprint)
            except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
                failed.append(error)

        threads = [threading.Thread(target=print_one, args=(number,)) for number in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert failed == []
        assert sorted(one.number for one in ws.store.prints(SWEEP)) == [1, 2, 3, 4, 5, 6]
    assert len(names(to)) == 6
    assert {path.read_text(encoding="utf-8") for path in to.iterdir()} == set("012345")
