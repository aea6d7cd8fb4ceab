"""What the tests of 待人工 share: pictures, an invented registry, forms without a browser, and a page that counts keys."""

import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from html import unescape

from playwright.sync_api import Page

from tests.console.conftest import TODAY, Answer, Console
from tracker.model import Account, Route, StoredVisit

WEIXIN = "https://mp.weixin.qq.com/s/SHILIqtC62dxBp8XW3KZB3"
"""An article link as clerks paste it (invented)."""

COUNT_KEYS = "window.keys = 0; addEventListener('keydown', () => { window.keys += 1; }, true);"


def png(shade: int, size: int = 8) -> bytes:
    """A real PNG of one colour; every shade has other bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\0" + bytes((shade % 256, shade // 256 % 256, 90)) * size
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * size)) + chunk(b"IEND", b"")


def file_accounts(console: Console, number: int, **told: object) -> tuple[Account, ...]:
    """So many accounts of a platform that has no adapter: only people can look at them."""
    made = tuple(
        Account(
            **{
                "account_id": f"made{one:04}",
                "platform": "made",
                "kind": "其他",
                "name": f"示例账号{one:02}",
                "organisation": f"示例单位{one:02}",
                "position": one,
                **told,
            }  # type: ignore[arg-type]
        )
        for one in range(1, number + 1)
    )
    console.ws.store.add_accounts(made, "测试", TODAY)
    return made


def looks_of(console: Console, account_id: str) -> list[StoredVisit]:
    """The looks that were saved, the first one first."""
    found = [visit for visit in console.ws.store.visits_of(account_id) if visit.route is Route.MANUAL]
    return list(reversed(found))


def stored_pictures(console: Console, visit: StoredVisit) -> list[bytes]:
    """The bytes of the pictures that a look has taken along."""
    return [one.body for one in console.ws.evidence.read(visit.file, sha256=visit.sha256)[1] if one.page == "picture"]


def hidden(answer: Answer) -> dict[str, str]:
    """The unseen fields of a page's main form."""
    main = answer.text[answer.text.index('name="key"') - 200 :]
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', main)
    wanted = ("key", "seq", "seen_visit", "seen_draft", "then", "version")
    return {name: unescape(value) for name, value in found if name in wanted}


def fill(console: Console, account_id: str, **fields: str) -> dict[str, str]:
    """The form of an account's page as a browser would send it."""
    return {**hidden(console.get(f"/looks/{account_id}")), **fields}


def paste_picture(page: Page, raw: bytes) -> None:
    """What a browser does at Ctrl+V when a picture lies on the clipboard: two keys down, one paste event.

    The V is made here: a real one would also paste whatever text lies on this browser's clipboard.
    """
    page.keyboard.down("Control")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
            const told = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "v", ctrlKey: true, bubbles: true }));
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
        }""",
        list(raw),
    )
    page.keyboard.up("Control")


def drop_pictures(page: Page, selector: str, files: Sequence[tuple[str, bytes]]) -> None:
    """Let files fall onto the page."""
    page.evaluate(
        """([selector, files]) => {
            const data = new DataTransfer();
            for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
            const told = { dataTransfer: data, bubbles: true, cancelable: true };
            document.querySelector(selector).dispatchEvent(new DragEvent("drop", told));
        }""",
        [selector, [[name, list(raw)] for name, raw in files]],
    )


def fields_of(visit: StoredVisit) -> Mapping[str, bool]:
    """What a look reported, by code."""
    return {one.code: one.broken for one in visit.observation.reported}
