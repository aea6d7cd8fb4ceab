"""A copy of a sweep's evidence in another place (a bucket, a network disk), file by file, the manifest last."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import fsspec

from tracker.errors import UsageError
from tracker.evidence import Damage, Evidence, folder_name, manifest, seals
from tracker.evidence.verify import damages


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many files a copy has, and how many of them came now."""

    files: int
    new: int


def copy(evidence: Evidence, sweep: str, to: str) -> Copied:
    """Bring the copy of a sweep below `to` (an address as fsspec reads it) up to date; each new file is read back.

    Raises UsageError when the place cannot be reached or gives back something else. The manifest comes after the files that
    it names: a copy that was broken off is a whole copy of what its manifest names.
    """
    source = evidence.root / folder_name(sweep)
    listed = [line.file for line in manifest.lines(source)]
    whole = (source / manifest.NAME).read_bytes() if listed else b""
    new = 0
    try:
        place, root = fsspec.url_to_fs(to)
        target = f"{root.rstrip('/')}/{source.name}"
        place.makedirs(target, exist_ok=True)
        there = {Path(one["name"]).name: one["size"] for one in place.ls(target, detail=True, refresh=True)}
        for name in (*listed, *(one.file for one in seals.read_all(source))):
            raw = (source / name).read_bytes()
            if there.get(name) != len(raw):
                _put(place, f"{target}/{name}", raw)
                new += 1
        if listed and there.get(manifest.NAME) != len(whole):
            _put(place, f"{target}/{manifest.NAME}", whole)
    except (OSError, ValueError, ImportError) as error:
        told = type(error).__name__
        raise UsageError(
            f"证据副本写不到 {_shown(to)}({told});请检查 [cluster] copy_to 的地址、权限和网络,原件不受影响"
        ) from error
    return Copied(files=len(listed), new=new)


def check(sweep: str, to: str) -> tuple[Damage, ...]:
    """Fetch a copy and hold it against its own manifest and seals, as `evidence verify` does. Raises UsageError."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / folder_name(sweep)
        folder.mkdir()
        try:
            place, root = fsspec.url_to_fs(to)
            for one in place.ls(f"{root.rstrip('/')}/{folder.name}", detail=True, refresh=True):
                (folder / Path(one["name"]).name).write_bytes(place.cat_file(one["name"]))
        except (OSError, ValueError, ImportError) as error:
            raise UsageError(
                f"{_shown(to)} 里读不到批次 {sweep} 的副本({type(error).__name__});请检查地址、权限和网络"
            ) from error
        return damages(folder)


def _put(place: fsspec.AbstractFileSystem, path: str, raw: bytes) -> None:
    place.pipe_file(path, raw)
    if hashlib.sha256(place.cat_file(path)).digest() != hashlib.sha256(raw).digest():
        raise OSError(f"{path} differs")


def _shown(to: str) -> str:
    """The address without what may be a key in it."""
    return to.split("?")[0].rpartition("@")[2] if "@" in to else to.split("?")[0]
