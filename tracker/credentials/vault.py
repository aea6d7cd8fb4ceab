"""The encrypted store of a workspace: `credentials/`, one file per credential, written whole or not at all.

A file is JSON: what is known of the credential in clear, its secret sealed. The name of the file tells nothing.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import Base64Bytes, TypeAdapter, ValidationError

from tracker.credentials.key import Key, Keys
from tracker.credentials.records import Credential, Hidden
from tracker.credentials.seal import Unsealable, seal, unseal
from tracker.errors import UsageError, reason
from tracker.model import Outcome

FOLDER = "credentials"
_SUFFIX, _PARTIAL, _GONE = ".json", ".partial", ".gone"
Alone = Callable[[Path, str], AbstractContextManager[None]]
"""Holds a lock file among processes, or raises UsageError with the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    about: Credential
    sealed: Base64Bytes


_FILE = TypeAdapter(_File)


class Vault:
    """All credentials of a workspace. Any number of processes may use it at once."""

    def __init__(self, folder: Path, *, alone: Alone, keys: Keys | None = None) -> None:
        self.folder = folder
        self._alone, self._keys = alone, keys or Keys()

    def all(self) -> tuple[Credential, ...]:
        """Every credential that can be read, by platform and name; no key is needed."""
        found = [file.about for path in self._paths() if (file := _read(path))]
        return tuple(sorted(found, key=lambda one: (one.platform, one.kind, one.name)))

    def broken(self) -> tuple[Path, ...]:
        """Files that are no credential any more: cut short, or changed by hand."""
        return tuple(path for path in self._paths() if _read(path) is None)

    def get(self, name: str) -> Credential:
        """The credential of this name. Raises UsageError naming those that there are."""
        return self._file(name).about

    def add(self, about: Credential, secret: Hidden, *, again: bool = False) -> Credential:
        """Keep a credential, instead of the one of its name where `again`.

        Raises UsageError when the name is taken, there is no key, or the folder cannot be written.
        """
        with self._writing():
            key = self._ready(about.name, again)
            about = replace(about, key=key.mark)
            _put(self._path(about.name), _File(about=about, sealed=seal(key, about, secret)))
        return about

    def ready(self, name: str, *, again: bool = False) -> None:
        """Make sure, before a person is asked for anything, that it can be kept. Raises UsageError as `add`."""
        with self._writing():
            self._ready(name, again)

    def _ready(self, name: str, again: bool) -> Key:
        if self._path(name).exists() and not again:
            raise UsageError(f"已经有名为 {name} 的凭据;要换成新的请加 --again,要另存一份请用 --name 起别的名字")
        return self._keys.make()

    def secret(self, name: str) -> Hidden:
        """The secret of this name. Raises UsageError: not there, no key, another key, damaged."""
        file = self._file(name)
        return self._open(file.about, file.sealed, self._keys.find())

    def note(self, name: str, *, at: datetime, outcome: Outcome, detail: str = "", fit: datetime | None = None) -> None:
        """Write down how the last use ended; `fit` = when it last read well, None = as before. One that was removed stays so."""
        with self._writing():
            path = self._path(name)
            if not (path.exists() and (file := _read(path))):
                return
            about = file.about
            told = replace(about, last_outcome=outcome, last_detail=detail, last_used=at, last_fit=fit or about.last_fit)
            _put(path, replace(file, about=told))

    def remove(self, name: str) -> Credential | None:
        """Overwrite the file and delete it; None where it could not be read any more. Raises UsageError when there is none."""
        with self._writing():
            path = self._path(name)
            if not path.exists():
                raise self._unknown(name)
            file = _read(path)
            path.replace(path.with_suffix(_GONE))
            _shred(path.with_suffix(_GONE))
        return file.about if file else None

    def key_misfits(self) -> tuple[Credential, ...]:
        """The credentials that the present key does not open. Raises UsageError when there is no key to try."""
        held = self.all()
        key = self._keys.find() if held else None
        return tuple(one for one in held if not self._opens(one, key))

    def _opens(self, about: Credential, key: Key | None) -> bool:
        try:
            self._open(about, self._file(about.name).sealed, key)
        except UsageError:
            return False
        return True

    def _open(self, about: Credential, sealed: bytes, key: Key | None) -> Hidden:
        if key is None:
            raise UsageError(f"凭据 {about.name} 的钥匙不在本机的系统密钥库里;{_MENDS}")
        if key.mark != about.key:
            raise UsageError(f"凭据 {about.name} 是用另一把钥匙加密的,现在的钥匙(来自{key.source})打不开;{_MENDS}")
        try:
            return unseal(key, about, sealed)
        except Unsealable as error:
            raise UsageError(f"凭据 {about.name} 的文件已损坏或被改动,读不出来;请删除后重新添加") from error

    def _file(self, name: str) -> _File:
        path = self._path(name)
        if not path.exists():
            raise self._unknown(name)
        file = _read(path)
        if file is None or file.about.name != name:
            raise UsageError(f"凭据 {name} 的文件 {path.name} 已损坏,读不出来;请用 tracker credentials remove 删除后重新添加")
        return file

    def _unknown(self, name: str) -> UsageError:
        known = "、".join(one.name for one in self.all()) or "还没有任何凭据"
        return UsageError(f"没有名为 {name} 的凭据;现有:{known}")

    def _path(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}{_SUFFIX}"

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The only writer among processes; what a killed one left behind is shredded first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._alone(self.folder / ".lock", "另一个 tracker 正在改动凭据;请等它做完再试"):
                for left in (*self.folder.glob(f"*{_PARTIAL}"), *self.folder.glob(f"*{_GONE}")):
                    _shred(left)
                yield
        except OSError as error:
            raise UsageError(f"写不进 {self.folder}({reason(error)});请检查磁盘空间和文件夹的写权限") from error


_MENDS = "请设回添加时的 TRACKER_KEY(或在添加它的电脑、用户下运行),找不回就删除后重新添加"


def _read(path: Path) -> _File | None:
    try:
        return _FILE.validate_json(path.read_bytes())
    except (ValidationError, FileNotFoundError):
        # what is wrong is not told: the library's message would quote the file
        return None


def _put(path: Path, file: _File) -> None:
    raw = _FILE.dump_json(file, indent=1)
    partial = path.with_suffix(_PARTIAL)
    with partial.open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def _shred(path: Path) -> None:
    """Overwrite a file, then delete it. What a disk keeps of old blocks is sealed all the same."""
    with suppress(FileNotFoundError):
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
