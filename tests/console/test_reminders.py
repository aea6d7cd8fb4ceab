"""提醒: one message per work group, copied by a button, readable without it."""

import pytest

from tests.console.conftest import Console
from tests.console.looking import file_accounts


def test_an_empty_workspace_has_nobody_to_remind(empty: Console) -> None:
    assert "不用提醒" in empty.get("/reminders").text


def test_each_group_has_one_message_and_odd_numbers_do_no_harm(empty: Console) -> None:
    file_accounts(empty, 3)
    shown = empty.get("/reminders?days=14").text
    assert shown.count("<textarea") == 1
    assert shown.count("还没有见到过发布日期") == 3
    assert empty.get("/reminders?days=-5").status == 200
    assert empty.get("/reminders?days=x").status == 422


@pytest.mark.browser
def test_the_message_is_copied_whole(empty: Console, signed_in) -> None:
    file_accounts(empty, 2)
    page = signed_in(empty, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/reminders")
    page.get_by_role("button", name="复制").click()
    page.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("textarea").input_value()
    assert "政务新媒体更新提醒" in copied
