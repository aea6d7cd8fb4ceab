"""The log for whoever runs the machine: one JSON object per line. What may stand in it is listed; everything else is left out.

No bodies, no secrets, no cookies, no names of people: a field that nobody listed does not get in, an address loses its query.
"""

import logging
import logging.handlers
import os
import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

from tracker.errors import UsageError, reason

FIELDS = frozenset(
    {
        "account_id", "accounts", "attempt", "bytes", "code", "count", "error", "failed", "lane", "method", "name", "outcome",
        "path", "pid", "place", "platform", "route", "run", "seconds", "status", "sweep", "version", "visits",
    }
)  # fmt: skip
"""What an event may say beside event, level, logger and timestamp."""

LEVELS = ("debug", "info", "warning", "error")

_LONGEST = 200
_QUERY = re.compile(r"[?#][^\s\"'<>]*")
_USER = re.compile(r"//[^/\s@]*@")
_OURS, _OTHERS = "tracker", ("uvicorn.error", "apscheduler")
"""Loggers that are written: our own, and what libraries have to say of trouble."""

_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)
_log = structlog.wrap_logger(
    logging.getLogger(_OURS),
    processors=[structlog.stdlib.add_log_level, _STAMP, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)
logging.getLogger(_OURS).addHandler(logging.NullHandler())
logging.getLogger(_OURS).propagate = False


def told(event: str, *, level: str = "info", **fields: object) -> None:
    """Say what happened: `event` is a fixed word (visit.ended), `fields` are among FIELDS; others are dropped. Never raises."""
    _log.log(logging.getLevelName(level.upper()), event, **fields)


def configure(*, file: Path | None = None, stream: TextIO | None = None, level: str = "info") -> None:
    """From now on write to a file (appended; several processes and logrotate may share it), to a stream, or to both.

    Raises UsageError when the file cannot be written.
    """
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if file is not None:
        handlers.append(_file(file))
    if stream is not None:
        handlers.append(logging.StreamHandler(stream))
    for handler in handlers:
        handler.setFormatter(_formatter())
    for name in (_OURS, *_OTHERS):
        _attach(logging.getLogger(name), handlers, logging.getLevelName(level.upper()), ours=name == _OURS)


def bare(text: str) -> str:
    """Text without the queries and the user parts of addresses, not longer than a line."""
    return _USER.sub("//", _QUERY.sub("?…", text))[:_LONGEST]


def _attach(logger: logging.Logger, handlers: list[logging.Handler], level: int, *, ours: bool) -> None:
    for old in [one for one in logger.handlers if getattr(one, "of_tracker", ours)]:
        logger.removeHandler(old)
        old.close()
    for one in handlers:
        one.of_tracker = True  # type: ignore[attr-defined]  # our mark, so that only ours are taken off again
        logger.addHandler(one)
    logger.setLevel(level if ours else max(level, logging.WARNING))


def _file(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # logrotate renames the file; on Windows an open file cannot be renamed anyway
        kind = logging.FileHandler if os.name == "nt" else logging.handlers.WatchedFileHandler
        return kind(path, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"日志写不进 {path}({reason(error)});请改正 tracker.toml 里 [log] file,或检查权限") from error


def _formatter() -> logging.Formatter:
    first: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _STAMP]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=first,
        processors=[
            _place,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _listed,
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
    )


def _place(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an exception its kind and the line that raised it: its text may hold anything."""
    caught = event.pop("exc_info", None)
    if isinstance(caught, tuple) and caught[0] is not None:
        trace = caught[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        event["error"] = caught[0].__name__
        event["place"] = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return event


def _listed(logger: Any, name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    always = ("event", "level", "logger", "timestamp")
    return {key: _plain(value) for key, value in event.items() if key in FIELDS or key in always}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return bare(str(value))
