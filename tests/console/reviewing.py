"""What the tests of 复核 by two persons share."""

import re
import shutil
from html import unescape
from pathlib import Path

from tests.console.conftest import CHEAP, Answer, Console, Many, Serve, fill_users
from tracker import settings
from tracker.model import Status
from tracker.signin import Hasher
from tracker.workspace import opened


def by_two(sample_root: Path, served: Serve, root: Path) -> Many:
    """The invented city for many people, where a veto in a final list takes two."""
    shutil.copytree(sample_root, root)
    path = root / settings.FILE
    told = path.read_text(encoding="utf-8")
    assert "persons = 1" in told
    path.write_text(f"{told.replace('persons = 1', 'persons = 2')}\n[server]\nmany = true\n", encoding="utf-8")
    with opened(root) as ws:
        fill_users(ws.store)
    return Many(console=served(root, hasher=Hasher(CHEAP)))


def unseen(answer: Answer) -> dict[str, str]:
    """The unseen fields of the page's form, csrf aside: as a browser would send them."""
    main = answer.text[answer.text.index("<main") :]
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', main)
    return {name: unescape(value) for name, value in found if name != "csrf"}


def links(console: Console, address: str) -> list[str]:
    """Addresses of the findings that a page lists."""
    found = re.findall(r'href="(/review/[^"/]+/[^"/]+)"', console.get(address).text)
    return list(dict.fromkeys(map(unescape, found)))


def groups(console: Console, of: str = "") -> dict[str, tuple[str, int]]:
    """Code → address and number of its biggest group of one cause."""
    text = unescape(console.get(f"/review/bulk{of}").text)
    rows = re.findall(r'href="(/review/bulk\?code=([^&"]+)[^"]*)" aria-label="一起看 \S+ 的 (\d+) 条"', text)
    return {code: (address, int(number)) for address, code, number in reversed(rows)}


def picks(console: Console, address: str) -> list[str]:
    """The values that can be chosen there."""
    return [unescape(one) for one in re.findall(r'name="pick" value="([^"]*)"', console.get(address).text)]


def statuses(console: Console, code: str) -> dict[str, Status]:
    """Account id → where the finding of that code stands, as judged now."""
    console.get("/review")
    judged = console.ws.store.last_judgement(console.ws.sweep().name)
    assert judged
    return {one.account.account_id: each.status for one in judged.verdicts for each in one.findings if each.code == code}
