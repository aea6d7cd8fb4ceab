"""File names that every system takes: Windows forbids some characters and the names of old devices, and ignores case."""

import hashlib
import re

from tracker.errors import UsageError

SUFFIX = ".warc.gz"
PARTIAL = ".partial"
_FORBIDDEN = re.compile(r"[^\w.-]|[. ]+$")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_NUMBERED = re.compile(r"^(?P<stem>.+)-(?P<n>\d+)\.warc\.gz$")
_LONGEST = 80


def stem(account_id: str) -> str:
    """The first part of a visit's file name; what had to be changed is told apart by eight digits of its hash."""
    if not account_id:
        return "link"
    plain = _FORBIDDEN.sub("_", account_id)[:_LONGEST]
    if plain == account_id and not _DEVICES.match(plain) and plain.casefold() != "link":
        return plain
    return f"{plain}_{hashlib.sha256(account_id.encode()).hexdigest()[:8]}"


def split(name: str) -> tuple[str, int] | None:
    """Stem (in the form in which names collide) and number of a visit's file name; None when it is not one."""
    found = _NUMBERED.match(name)
    return (found["stem"].casefold(), int(found["n"])) if found else None


def folder_name(sweep: str) -> str:
    """The sweep's folder, equal to its name. Raises UsageError for a name that no folder can bear."""
    if not sweep or sweep != sweep.strip() or _FORBIDDEN.search(sweep) or _DEVICES.match(sweep) or sweep.startswith("."):
        raise UsageError(f"巡检批次名“{sweep}”不能用作文件夹名:只能用文字、数字、点、下划线和连字符,不以点开头或结尾")
    return sweep
