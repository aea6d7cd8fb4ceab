"""Pasted links (链接): found in any text, kept once, opened by the next sweep (DESIGN §8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.adapter import Adapter
from tracker.store import Link
from tracker.workspace import Workspace

_URL = re.compile(r"https?://[^\s<>\"'“”‘’《》【】()（）,，;；、。！!|｜\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text held: links of our platforms (each once), how many of them were new, and links of nobody's."""

    links: tuple[Link, ...]
    new: int
    foreign: tuple[str, ...]


def paste(ws: Workspace, text: str, adapters: Mapping[str, Adapter], *, who: str, at: datetime) -> Pasted:
    """Keep every article, post or account link in the text; they are opened by the next sweep."""
    urls = tuple(dict.fromkeys(match.rstrip(".:") for match in _URL.findall(text)))
    claimed = [(url, next((one.platform for one in adapters.values() if one.claims(url)), None)) for url in urls]
    found = tuple(Link(url=url, platform=platform, added_at=at, who=who) for url, platform in claimed if platform)
    return Pasted(links=found, new=ws.store.add_links(found), foreign=tuple(url for url, platform in claimed if not platform))
