"""The file of a bundle (数据包): a zip whose members are stored, not packed, and a signed list of them that comes first.

`bundle.json` is a signed statement (see `tracker.evidence.signed`): who wrote it when, and every other member with its size and
SHA-256. `records.jsonl` holds the records, `files/<SHA-256>` one file each. No name of a member ever becomes a path.
"""

import errno
import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tracker.errors import UsageError, reason
from tracker.evidence import signed

FORMAT = "tracker bundle 1"
LIST, RECORDS, FILES = "bundle.json", "records.jsonl", "files/"
_MOST_LIST = 256 * 2**20
"""Bytes of the signed list: a million files."""
_OURS = re.compile(r"records\.jsonl|files/[0-9a-f]{64}")
_SOME = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: where its bytes lie while it is written."""

    name: str
    path: Path
    sha256: str
    size: int


def member(name: str, path: Path) -> Member:
    """A file as a member of this name."""
    return Member(name=name, path=path, sha256=_digest(path), size=path.stat().st_size)


def write(target: Path, told: Mapping[str, object], members: Sequence[Member], key: Ed25519PrivateKey) -> None:
    """Write a bundle, whole or not at all. Raises OSError."""
    listed = [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in members]
    head = signed.pack({**told, "format": FORMAT, "members": listed}, key)
    partial = target.with_name(f"{target.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as file:
            file.writestr(zipfile.ZipInfo(LIST, _EPOCH), head)
            for one in members:
                info = zipfile.ZipInfo(one.name, _EPOCH)
                info.file_size = one.size
                with one.path.open("rb") as source, file.open(info, "w") as out:
                    while some := source.read(_SOME):
                        out.write(some)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """An open bundle whose list is signed and whose members are those of the list; their bytes are not checked yet."""

    path: Path
    statement: Mapping[str, Any]
    fingerprint: str
    members: Mapping[str, tuple[str, int]]
    """Name → SHA-256 and size."""
    _file: zipfile.ZipFile

    def unpack(self, folder: Path) -> None:
        """Write every member into a folder, under the last part of its name, checked while it is written.

        Raises UsageError for one that is not what the list says, OSError.
        """
        for name, (digest, size) in self.members.items():
            self._unpack(name, digest, size, folder / name.rpartition("/")[2])

    def _unpack(self, name: str, digest: str, size: int, target: Path) -> None:
        told, left = hashlib.sha256(), size
        with _telling(self.path), self._file.open(name) as source, target.open("wb") as out:
            while some := source.read(min(_SOME, left + 1)):
                left -= len(some)
                if left < 0:
                    break
                told.update(some)
                out.write(some)
        if left or told.hexdigest() != digest:
            raise _broken(self.path, f"其中的 {name} 与清单的 SHA-256 不符")


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """The bundle in a file. Raises UsageError, in one sentence, for anything that is not exactly what we write."""
    with _telling(path), zipfile.ZipFile(path) as file:
        infos = file.infolist()
        _check(path, infos)
        head = next((one for one in infos if one.filename == LIST), None)
        if head is None or head.file_size > _MOST_LIST:
            raise _broken(path, f"里面没有 {LIST},不是数据包")
        found = signed.read(file.read(head), "数据包的清单")
        if isinstance(found, str):
            raise _broken(path, found)
        members = _members(path, found.statement)
        if {LIST: head.file_size, **{name: size for name, (_, size) in members.items()}} != {
            one.filename: one.file_size for one in infos
        }:
            raise _broken(path, "里面的文件与清单不一致(多了、少了或大小不符)")
        yield Bundle(path=path, statement=found.statement, fingerprint=found.fingerprint, members=members, _file=file)


def _check(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    seen = set[str]()
    for one in infos:
        if one.filename in seen or not (one.filename == LIST or _OURS.fullmatch(one.filename)):
            raise _broken(path, f"里面有不该有的文件“{one.filename[:80]}”")
        # what is stored takes as much room as it claims: nothing swells while it is read
        if one.compress_type != zipfile.ZIP_STORED or one.file_size != one.compress_size or one.flag_bits & 1:
            raise _broken(path, f"“{one.filename[:80]}”不是按原样存放的")
        seen.add(one.filename)


def _members(path: Path, statement: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    told = statement.get("format")
    if isinstance(told, str) and told != FORMAT and told.startswith("tracker bundle "):
        raise UsageError(f"{path} 由更新的程序写成({told});请升级本机的程序后再导入,没有导入任何东西")
    try:
        if told != FORMAT or not all(isinstance(statement[name], str) for name in ("office", "at", "who", "program")):
            raise _broken(path, "清单的格式不对")
        return {str(one["name"]): (str(one["sha256"]), int(one["size"])) for one in statement["members"]}
    except (LookupError, TypeError, ValueError) as error:
        raise _broken(path, "清单的格式不对") from error


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise _broken(path, "不是完整的数据包") from error
    except FileNotFoundError as error:
        if Path(error.filename or "") != path:
            raise
        raise UsageError(f"没有这个文件:{path};请检查路径和文件名") from error
    except (PermissionError, IsADirectoryError) as error:
        if Path(error.filename or "") != path:
            raise
        raise UsageError(f"打不开 {path}({reason(error)});请检查文件和权限") from error
    except OSError as error:
        # where a directory of members was bent, a place before the beginning of the file is asked for
        if error.errno != errno.EINVAL:
            raise
        raise _broken(path, "不是完整的数据包") from error


def _broken(path: Path, why: str) -> UsageError:
    return UsageError(f"{path.name}:{why};没有导入任何东西,请向对方重新索取或重新拷贝")


def _digest(path: Path) -> str:
    told = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(_SOME):
            told.update(some)
    return told.hexdigest()
