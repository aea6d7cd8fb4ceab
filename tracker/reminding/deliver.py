"""Sending digests, each at most once: what is about to go out is written down first, then sent, then its outcome is written.

A process that dies between the two leaves a digest of which nobody knows whether it arrived. It is shown, and not sent again
unless a person says so: an organisation that is reminded twice of the same thing stops reading.
"""

import hashlib
import importlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tenacity import RetryError, Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter

from tracker.clock import Clock, day
from tracker.errors import UsageError
from tracker.reminding.digests import Digest
from tracker.store import Notice, NoticeEvent
from tracker.workspace import Workspace

TITLE = "政务新媒体更新提醒"

Send = Callable[[str, str], bool]
"""Sends a text to an address; whether it was taken."""

_TRIES = 3


class Fate(StrEnum):
    """What became of a digest."""

    SENT = "已发出"
    FAILED = "没有发出"
    BEFORE = "今天已发过"
    UNKNOWN = "不清楚是否发出"
    """It was begun before and never ended, or another process sends it just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One digest and what became of it."""

    digest: Digest
    fate: Fate


def sender() -> Send:
    """Sends through apprise. Raises UsageError when it is not installed."""
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        raise UsageError("没有安装发送组件;装一次即可:pip install -e .[notify],或把 --text 的内容粘贴到群里") from error
    # it logs addresses, secrets and all
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)

    def send(url: str, body: str) -> bool:
        one = apprise.Apprise()
        return bool(one.add(url)) and bool(one.notify(title=TITLE, body=body))

    return send


def check(found: Iterable[Digest]) -> None:
    """Raises UsageError, naming whose it is, when apprise cannot read an address; the address is never printed."""
    apprise = importlib.import_module("apprise")
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    for one in found:
        if not apprise.Apprise().add(one.url):
            raise UsageError(f"tracker.toml 里 [notify] 有一个地址 apprise 不认识({one.recipient});请对照它的说明改正")


def deliver(
    ws: Workspace,
    found: Iterable[Digest],
    *,
    clock: Clock,
    send: Send,
    again: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Delivery, ...]:
    """Send what was not sent today; `again` = also what was, or may have been."""
    return tuple(Delivery(digest=one, fate=_one(ws, one, clock, send, again, sleep)) for one in found)


def _one(ws: Workspace, digest: Digest, clock: Clock, send: Send, again: bool, sleep: Callable[[float], None]) -> Fate:
    at, sha256 = clock(), hashlib.sha256(digest.text.encode()).hexdigest()
    known = [one for one in ws.store.notices_sent(day(at)) if (one.recipient, one.digest) == (digest.recipient, sha256)]
    last = known[-1].event if known else NoticeEvent.FAILED
    if last is not NoticeEvent.FAILED and not again:
        return Fate.BEFORE if last is NoticeEvent.SENT else Fate.UNKNOWN
    attempt = max((one.attempt for one in known), default=0) + 1

    def note(event: NoticeEvent) -> bool:
        told = Notice(
            day=day(at),
            recipient=digest.recipient,
            digest=sha256,
            attempt=attempt,
            event=event,
            at=clock(),
            accounts=digest.accounts,
        )
        return ws.store.add_notice(told)

    if not note(NoticeEvent.INTENT):
        return Fate.UNKNOWN
    taken = _tried(send, digest, sleep)
    note(NoticeEvent.SENT if taken else NoticeEvent.FAILED)
    return Fate.SENT if taken else Fate.FAILED


def _tried(send: Send, digest: Digest, sleep: Callable[[float], None]) -> bool:
    wait = wait_exponential_jitter(initial=1, max=10)
    trying = Retrying(retry=retry_if_result(lambda taken: not taken), stop=stop_after_attempt(_TRIES), wait=wait, sleep=sleep)
    try:
        return bool(trying(send, digest.url, digest.text))
    except RetryError:
        return False
