"""Reports of rectification: kept as sent, once, append only, on both databases."""

from dataclasses import replace
from datetime import date

import peewee
import pytest

from tests.store.invented import AT, SHA, sweep
from tracker.errors import UsageError
from tracker.store import Attachment, Judgement, RectificationReport, Store

NAME = "2026-11-02"
REPORT = RectificationReport(
    token="form-1",
    sweep=NAME,
    account_id="account001",
    codes=("UPD-01", "COL-02"),
    words="已恢复更新\n见截图",
    done_on=date(2026, 11, 1),
    url="https://example.cn/1",
    attachments=(Attachment(name="截图.png", sha256=SHA, size=12),),
    organisation="示例局",
    who="张某",
    at=AT,
)


@pytest.fixture
def held(store: Store) -> Store:
    store.start_sweep(sweep(NAME))
    return store


def test_a_report_comes_back_whole_in_the_order_of_coming(held: Store) -> None:
    second = replace(REPORT, token="form-2", account_id="account002", url="", attachments=())
    assert held.add_rectification_report(REPORT)
    assert held.add_rectification_report(second)
    found = held.rectification_reports(NAME)
    assert found == (REPORT, second)
    assert held.rectification_reports(NAME, ["account002"]) == (second,)
    assert held.rectification_report(found[0].id) == REPORT
    assert held.rectification_report(999) is None


def test_the_same_form_sent_twice_is_kept_once_and_the_first_stands(held: Store) -> None:
    assert held.add_rectification_report(REPORT)
    assert not held.add_rectification_report(replace(REPORT, words="别的"))
    assert held.rectification_reports(NAME) == (REPORT,)


def test_a_report_on_a_check_that_there_is_not_is_refused(held: Store) -> None:
    with pytest.raises(UsageError, match="没有名为"):
        held.add_rectification_report(replace(REPORT, sweep="不存在"))


@pytest.mark.parametrize("verb", ["UPDATE rectification_report SET words = 'x'", "DELETE FROM rectification_report"])
def test_no_report_can_be_changed_or_removed(held: Store, verb: str) -> None:
    held.add_rectification_report(REPORT)
    with pytest.raises(peewee.DatabaseError, match="append only"):
        held._database.execute_sql(verb)
    assert held.rectification_reports(NAME) == (REPORT,)


def test_a_judgement_is_found_by_its_number(held: Store) -> None:
    held.add_judgement(Judgement(sweep=NAME, profile="baoji", profile_digest="0", at=AT, verdicts=()))
    last = held.last_head(NAME)
    assert last is not None
    assert held.head(last.number) == last
    assert held.head(last.number + 1) is None
