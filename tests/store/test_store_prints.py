"""Prints, consultations, objections and rulings: numbered, append only, whole again as they were written."""

import shutil
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.store.invented import AT, SHA, sweep
from tracker.errors import UsageError
from tracker.store import (
    Asked,
    Attachment,
    Consultation,
    Judgement,
    Objection,
    Print,
    PrintedAccount,
    PrintedFile,
    PrintedFinding,
    Ruled,
    Ruling,
    Store,
)
from tracker.store import database as module

NAME = "2026-11-02"
ROW = PrintedAccount(
    account_id="account001",
    name="示例\0发布",
    kind="某平台",
    organisation="示例局",
    conclusion="failed",
    word="不合格",
    findings=(PrintedFinding(code="UPD-01", message="未更新", status="confirmed"),),
    cells=({"name": "示例发布", "problem": "未更新"},),
)


@pytest.fixture
def held(store: Store) -> Store:
    store.start_sweep(sweep(NAME))
    store.add_judgement(Judgement(sweep=NAME, profile="baoji", profile_digest="0", at=AT, verdicts=()))
    return store


def one(store: Store, content: str, **fields: object) -> Print:
    head = store.last_head(NAME)
    told: dict[str, object] = {
        "token": content,
        "sweep": NAME,
        "period": "2026Q4",
        "form": "noncompliant",
        "kind": "draft",
        "content": content,
        "title": "名单",
        "judgement": head.number if head else 0,
        "profile": "baoji",
        "profile_digest": "0",
        "at": AT,
        "who": "王某",
        "files": (PrintedFile(name="名单.docx", sha256=SHA),),
        "rows": (ROW,),
    }
    return Print(**(told | fields))  # type: ignore[arg-type]


def test_numbers_go_on_within_a_series(held: Store) -> None:
    labels = [
        held.add_print(one(held, content, token=f"{number}", **fields)).label
        for number, (content, fields) in enumerate(
            (
                ("a", {}),
                ("b", {}),
                ("b", {}),
                ("a", {}),
                ("a", {"kind": "final"}),
                ("b", {"kind": "final"}),
                ("c", {"kind": "final"}),
                ("a", {"form": "ledger"}),
                ("a", {"form": "account", "whom": "account001"}),
                ("b", {"form": "account", "whom": "account002"}),
            )
        )
    ]
    assert labels == ["第1稿", "第2稿", "第2稿", "第3稿", "印发稿", "更正1", "更正2", "第1稿", "第1稿", "第1稿"]
    assert [each.part for each in held.prints(NAME, "noncompliant")] == [1, 1, 2, 1, 1, 1, 1]
    last = held.last_print(NAME, "noncompliant", "", "final")
    assert last
    assert (last.label, last.rows) == ("更正2", ())
    assert len(held.prints()) == 10
    with pytest.raises(UsageError, match="没有名为“x”的巡检批次"):
        held.add_print(one(held, "z", sweep="x"))


def test_a_print_comes_back_whole(held: Store) -> None:
    told = one(held, "a", reason="更正理由", gates=("coverage",), period=None)
    kept = held.add_print(told)
    assert kept.id > 0
    assert held.print_of("a") == replace(told, number=1)
    assert held.print_of("b") is None
    assert held.judged_at(told.judgement) == AT
    assert held.judged_at(999) is None
    assert told.files[0].numbered(kept.label) == "名单(第1稿).docx"


def test_many_at_once_get_a_number_each(held: Store) -> None:
    failed: list[BaseException] = []

    def add(number: int) -> None:
        try:
            held.add_print(one(held, str(number)))
        except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
            failed.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert sorted(each.number for each in held.prints(NAME)) == list(range(1, 9))


def consultation(store: Store) -> Consultation:
    asked = (Asked(organisation="示例局", findings=(("account001", "UPD-01"), ("account002", "INT-01"))),)
    told = Consultation(
        sweep=NAME, judgement=1, deadline=date(2026, 11, 6), at=AT, who="王某", asked=asked, files=("甲/函.docx",)
    )
    return store.add_consultation(replace(told, judgement=one(store, "x").judgement))


def objection(sent: Consultation, **fields: object) -> Objection:
    told: dict[str, object] = {
        "consultation": sent.id,
        "sweep": NAME,
        "account_id": "account001",
        "code": "UPD-01",
        "objects": True,
        "words": "有异议(见附件)",
        "why": "=1+1 <b>当日</b>已更新",
        "who": "示例局",
        "received_on": date(2026, 11, 7),
        "late": True,
        "file": "反馈表.xlsx",
        "sha256": SHA,
        "line": 2,
        "attachments": (Attachment(name="截图.png", sha256=SHA, size=9),),
        "at": AT,
        "taken_by": "王某",
    }
    return Objection(**(told | fields))  # type: ignore[arg-type]


def test_what_units_say_and_what_was_ruled(held: Store) -> None:
    sent = consultation(held)
    assert held.consultations(NAME) == (sent,)
    assert held.consultations("x") == ()
    told = objection(sent)
    held.add_objections([told, objection(sent, line=3, code="INT-01", objects=False, late=False)])
    first, second = held.objections(NAME)
    assert replace(first, id=0) == told
    assert (first.ruling, second.objects) == (None, False)
    for outcome, words in ((Ruled.REJECTED, ""), (Ruled.PARTLY, "部分未更新")):
        held.add_ruling(Ruling(objection=first.id, outcome=outcome, words=words, why="复查", who="王某", at=AT + timedelta(1)))
    first, second = held.objections(NAME)
    assert first.ruling == Ruling(
        objection=first.id, outcome=Ruled.PARTLY, words="部分未更新", why="复查", who="王某", at=AT + timedelta(1)
    )
    assert second.ruling is None
    with pytest.raises(UsageError, match="没有编号为 999 的异议"):
        held.add_ruling(Ruling(objection=999, outcome=Ruled.REJECTED, why="x", who="", at=AT))


def test_a_reply_is_taken_once_and_whole(held: Store) -> None:
    sent = consultation(held)
    held.add_objections([objection(sent)])
    with pytest.raises(UsageError, match="已经收过"):
        held.add_objections([objection(sent, line=5), objection(sent)])
    assert len(held.objections(NAME)) == 1


def test_an_objection_may_stand_without_a_consultation_and_is_taken_once(held: Store) -> None:
    sent = consultation(held)
    told = objection(sent, consultation=None, late=False)
    held.add_objections([objection(sent), told])
    assert [one.consultation for one in held.objections(NAME)] == [sent.id, None]
    with pytest.raises(UsageError, match="已经收过"):
        held.add_objections([told])
    row = dict(held._rows.objection.select().where(held._rows.objection.consultation.is_null()).dicts().get())
    del row["id"]
    with pytest.raises(UsageError), held.transaction():
        held._rows.objection.insert(**row).execute()
    assert len(held.objections(NAME)) == 2


def test_objections_and_rulings_of_an_older_database_are_all_kept_with_their_numbers(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for path in module.MIGRATIONS.glob("0*.py"):
        if path.name < "0015":
            shutil.copy(path, older)
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", older)
        with Store.open(url) as old:
            old.start_sweep(sweep(NAME))
            old.add_judgement(Judgement(sweep=NAME, profile="baoji", profile_digest="0", at=AT, verdicts=()))
            sent = consultation(old)
            for line in range(2, 40):
                old.add_objections([objection(sent, line=line, code=f"C-{line}")])
            for one_of in old.objections(NAME)[::3]:
                old.add_ruling(Ruling(objection=one_of.id, outcome=Ruled.REJECTED, why="复查", who="王某", at=AT))
            before = [(one_of, one_of.ruling) for one_of in old.objections(NAME)]
            with pytest.raises(UsageError):
                old.add_objections([objection(sent, consultation=None)])
    with Store.open(url) as new:
        assert [(one_of, one_of.ruling) for one_of in new.objections(NAME)] == before
        assert sum(ruling is not None for _, ruling in before) == 13
        new.add_objections([objection(sent, consultation=None)])
        last = new.objections(NAME)[-1]
        assert last.id > max(one_of.id for one_of, _ in before)
        new.add_ruling(Ruling(objection=last.id, outcome=Ruled.REJECTED, why="复查", who="王某", at=AT))
        for table in (new._rows.objection, new._rows.ruling):
            with pytest.raises(UsageError), new.transaction():
                table.delete().execute()
        with pytest.raises(UsageError), new.transaction():
            new._rows.ruling.insert(objection=9999, outcome="x", words="", why="", who="", at="").execute()
        with pytest.raises(UsageError), new.transaction():
            new._rows.objection.insert(**{**vars_of(new), "consultation": 9999}).execute()


def vars_of(store: Store) -> dict[str, object]:
    """The last objection's columns, for another row."""
    row = store._rows.objection
    told = dict(row.select().order_by(row.id.desc()).dicts().get())
    return {name: value for name, value in told.items() if name != "id"} | {"line": 900}


@pytest.mark.parametrize("table", ["print", "consultation", "objection", "ruling"])
def test_nothing_of_it_can_be_changed_or_removed(held: Store, table: str) -> None:
    sent = consultation(held)
    held.add_print(one(held, "a"))
    held.add_objections([objection(sent)])
    held.add_ruling(Ruling(objection=held.objections(NAME)[0].id, outcome=Ruled.REJECTED, why="x", who="", at=AT))
    row = getattr(held._rows, table)
    with pytest.raises(UsageError), held.transaction():
        row.delete().execute()
    with pytest.raises(UsageError), held.transaction():
        row.update(at="").execute()
    assert row.select().count() == 1
