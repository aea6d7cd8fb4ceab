"""What came with the visits of another office: its manifest and seals, below `origin/<key>-<bundle>` in the sweep's folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from tracker.evidence import manifest, seals
from tracker.evidence.records import Damage

FOLDER = "origin"
NAMES = re.compile(r"manifest\.jsonl|(?:seal|cleared)(?:-[1-9]\d{0,5})?\.(?:json|tsr)")
"""What may lie there."""


def folders(folder: Path) -> list[Path]:
    """The folders of a sweep in which another office's papers lie."""
    top = folder / FOLDER
    return sorted(path for path in top.iterdir() if path.is_dir()) if top.is_dir() else []


def damages(folder: Path) -> Iterator[Damage]:
    """What is wrong with them: a seal that does not hold, a manifest that is not the sealed one or does not hang together."""
    for papers in folders(folder):
        where = f"{folder.name}/{FOLDER}/{papers.name}"
        for found in seals.damages(papers, sweep=None):
            yield Damage(file=f"{where}/{found.file.rpartition('/')[2]}", reason=f"来源单位的{found.reason}")
        yield from _listed(papers, where)


def _listed(papers: Path, where: str) -> Iterator[Damage]:
    try:
        lines = manifest.lines(papers)
    except ValueError as error:
        yield Damage(file=f"{where}/{manifest.NAME}", reason=f"来源单位的清单第{error}行读不出来")
        return
    broken = manifest.first_break(lines)
    if broken is not None:
        yield Damage(file=f"{where}/{manifest.NAME}", reason=f"来源单位的清单第{broken.n}行与前一行接不上,清单被改动")
