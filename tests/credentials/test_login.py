"""A person logs in: real Chromium, the real host names, a page that waits for a scan."""

import asyncio
import contextlib
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.credentials.conftest import Phone
from tests.platforms.serve import Served
from tests.platforms.world import LOGIN
from tests.samples.roles import TODAY
from tracker.access import allowed, control_of, log_in_and_keep
from tracker.capture import Desktop, Session
from tracker.credentials import Credential, Kind, Vault
from tracker.errors import UsageError
from tracker.model import Outcome
from tracker.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WEIBO = BY_PLATFORM["weibo"]
OWN = Settings(control={"weibo": "900019999"})
"""The invented control account, in the place of the real one."""


def about(desktop: Desktop) -> Credential:
    return Credential(
        name="weibo", kind=Kind.SESSION, platform="weibo", added_at=desktop.clock(), who="示例员", label="办公室账号"
    )


async def attempt(vault: Vault, desktop: Desktop, phone: Phone, *cookies: str) -> Credential:
    """The login, while somebody scans once the page has waited a little."""

    async def scan() -> None:
        for cookie in cookies:
            await asyncio.sleep(1.5)  # the page has come and waits
            phone.scan(cookie)
            await asyncio.sleep(3)

    scanning = asyncio.ensure_future(scan())
    try:
        return await log_in_and_keep(vault, about(desktop), WEIBO, control_of(WEIBO, OWN, TODAY), desktop, again=False)
    finally:
        scanning.cancel()
        await asyncio.gather(scanning, return_exceptions=True)


def test_a_scan_is_kept_sealed_and_opens_the_lane(vault: Vault, desktop: Desktop, phone: Phone) -> None:
    kept = asyncio.run(attempt(vault, desktop, phone, LOGIN))
    at = desktop.clock()
    assert (kept.last_fit, kept.last_outcome) == (at, Outcome.OK)
    assert kept.expires_at is not None
    told = allowed(vault, at)
    assert told.access.sessions == {("weibo", "session"): "weibo"}
    secret = told.held["weibo"]
    assert isinstance(secret, Session)
    cookies = {row["name"]: row["value"] for row in secret.storage_state["cookies"]}  # type: ignore[attr-defined]
    assert cookies["SUB"] == LOGIN
    # what the login host keeps for itself is not ours to store
    assert "PASSPORT_ONLY" not in cookies


def holding(word: str, folder: Path) -> list[Path]:
    """Files below a folder that hold a word; one that goes away meanwhile holds nothing."""
    found = []
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file() and word.encode() in path.read_bytes():
                found.append(path)
    return found


def test_nothing_of_the_login_lies_on_the_disk(
    vault: Vault, desktop: Desktop, phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    while_open: list[int] = []

    async def both() -> None:
        async def look() -> None:
            await asyncio.sleep(5)
            profile = [path for path in temporary.rglob("*") if path.is_file()]
            while_open.append(len(profile))
            assert await asyncio.to_thread(holding, "a-login-in-vain-31", temporary) == []

        watching = asyncio.ensure_future(look())
        with pytest.raises(UsageError):
            await attempt(vault, replace(desktop, wait=7), phone, "a-login-in-vain-31")
        await watching

    asyncio.run(both())
    assert while_open[0] > 0  # the window's profile was there to be looked through
    phone.scan("")  # else the new page finds what was scanned in vain
    asyncio.run(attempt(vault, desktop, phone, LOGIN))
    assert holding(LOGIN, tmp_path) == []
    assert len(vault.all()) == 1


def test_a_login_that_reads_nothing_is_not_kept(vault: Vault, desktop: Desktop, phone: Phone) -> None:
    with pytest.raises(UsageError, match="没有登录成功"):
        asyncio.run(attempt(vault, replace(desktop, wait=8), phone, "worthless-login"))
    assert vault.all() == ()


def test_nobody_comes(vault: Vault, desktop: Desktop, platforms: Served) -> None:
    with pytest.raises(UsageError, match=r"没有登录成功.*什么也没有保存"):
        asyncio.run(attempt(vault, replace(desktop, wait=2), Phone()))
    assert vault.all() == ()
    # nobody logged in, so the control account was left alone
    assert platforms.log.of(endpoint="mymblog") == []


def test_the_window_is_closed_before(vault: Vault, desktop: Desktop, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.capture import login

    opened = login._context

    async def closing(*told: object) -> object:
        context = await opened(*told)  # type: ignore[arg-type]
        asyncio.get_running_loop().call_later(2, lambda: asyncio.ensure_future(context.pages[0].close()))
        return context

    monkeypatch.setattr(login, "_context", closing)
    with pytest.raises(UsageError, match=r"窗口已关闭.*什么也没有保存"):
        asyncio.run(attempt(vault, desktop, phone))
    assert vault.all() == ()


def test_the_window_opens_no_other_host(vault: Vault, desktop: Desktop, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.credentials import conftest

    monkeypatch.setattr(conftest, "PAGE", '<!doctype html><script>location.href = "https://elsewhere.example/login"</script>')
    with pytest.raises(UsageError):
        asyncio.run(attempt(vault, replace(desktop, wait=3), phone))
    assert phone.asked <= {"weibo.com", "passport.weibo.com"}


def test_a_name_that_is_taken_is_told_before_any_window(vault: Vault, desktop: Desktop, phone: Phone) -> None:
    asyncio.run(attempt(vault, desktop, phone, LOGIN))
    polls = phone.polls
    with pytest.raises(UsageError, match="--again"):
        asyncio.run(attempt(vault, desktop, phone, LOGIN))
    assert phone.polls == polls


def test_without_a_screen_the_reason_is_told(vault: Vault, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRACKER_BROWSER", "/nowhere/chromium")
    with pytest.raises(UsageError, match="打不开登录窗口"):
        asyncio.run(attempt(vault, replace(desktop, headless=False), Phone()))


def test_an_end_that_the_cookie_tells_is_warned_of(vault: Vault, desktop: Desktop, phone: Phone) -> None:
    kept = asyncio.run(attempt(vault, desktop, phone, LOGIN))
    assert kept.expires_at
    assert "到期" in allowed(vault, kept.expires_at - timedelta(days=1)).warnings[0]
    after = allowed(vault, kept.expires_at + timedelta(seconds=1))
    assert after.access.sessions == {}
    assert "登录态失效" in after.warnings[0]
