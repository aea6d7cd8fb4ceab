"""Whether the program can work at all: the database answers and is this program's, evidence can be written."""

import os
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

from tracker.errors import TrackerError, reason
from tracker.workspace import Workspace


def problems(ws: Workspace) -> tuple[str, ...]:
    """What keeps the program from working, one sentence each; none = ready."""
    return tuple(_found(ws))


def _found(ws: Workspace) -> Iterator[str]:
    try:
        if behind := ws.store.unknown_steps():
            yield f"数据库已由更新的程序升级({behind[-1]}),请换用新程序"
    except TrackerError as error:
        yield str(error)
    probe = ws.evidence.root / f".ready-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        probe.parent.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
    except OSError as error:
        yield f"证据文件夹写不进({reason(error)})"
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
