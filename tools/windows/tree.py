"""The tree that is zipped: libraries in site/, Python and its starter in python/, 启动.bat and 说明.txt above them."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from tools.windows import pe
from tools.windows.lock import PYTHON

LAUNCH = Path(__file__).parent / "launch"
STARTER = "启动.bat"
SITE, HOME = "site", "python"
NUMBER = PYTHON.replace(".", "")
PATHS = f"python{NUMBER}._pth"
"""The file that alone decides what this Python imports (Python's manual: 'Finding modules', ._pth files)."""

_TOLD = f"""\
python{NUMBER}.zip
.
..\\{SITE}
# site is not imported: nothing of this computer's other Pythons can get in
"""


def build(folder: Path, wheels: Iterable[Path], python_zip: Path | None) -> None:
    """Make the tree anew in a folder. Raises ValueError for another Python than the one meant and for odd wheels."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / HOME).mkdir(parents=True)
    if python_zip:
        _python(python_zip, folder / HOME)
    for wheel in wheels:
        _unpack(wheel, folder / SITE)
    _launcher(folder)


def _python(given: Path, folder: Path) -> None:
    wrong = f"{given}: expected the embeddable package of Python {PYTHON} for 64-bit Windows (python-{PYTHON}.x-embed-amd64.zip)"
    try:
        with ZipFile(given) as archive:
            names = set(archive.namelist())
            if not {"python.exe", f"python{NUMBER}.dll", f"python{NUMBER}.zip", PATHS} <= names:
                raise ValueError(f"{wrong}; this zip holds something else")
            if pe.machine(archive.read("python.exe")) != pe.AMD64:
                raise ValueError(f"{wrong}; this one is for another processor")
            archive.extractall(folder)
    except (OSError, BadZipFile) as error:
        raise ValueError(f"{wrong}; it cannot be read: {error}") from error


def _unpack(wheel: Path, site: Path) -> None:
    """What pip would put on the import path; scripts and C headers of a wheel have no use here."""
    with ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = _place(entry.filename, wheel)
            if place is None or entry.is_dir():
                continue
            target = site / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("xb") as sink:
                shutil.copyfileobj(source, sink)


def _place(name: str, wheel: Path) -> PurePosixPath | None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{wheel.name}: {name} points outside of the wheel")
    if not path.parts[0].endswith(".data"):
        return path
    if path.parts[1] in ("purelib", "platlib"):
        return PurePosixPath(*path.parts[2:])
    if path.parts[1] not in ("scripts", "headers"):
        raise ValueError(f"{wheel.name}: {name} is to be installed outside of the import path")
    return None


def _launcher(folder: Path) -> None:
    (folder / STARTER).write_bytes(_crlf("start.bat", "ascii"))
    # Notepad of Windows 7 to early 10 takes a file without this mark for GBK
    (folder / "说明.txt").write_bytes(_crlf("readme.txt", "utf-8-sig"))
    (folder / HOME / "missing.txt").write_bytes(_crlf("missing.txt", "utf-8"))
    (folder / HOME / "start.py").write_bytes(_crlf("start.py", "utf-8"))
    (folder / HOME / PATHS).write_bytes(_TOLD.replace("\n", "\r\n").encode("ascii"))


def _crlf(name: str, encoding: str) -> bytes:
    return re.sub("\r?\n", "\r\n", (LAUNCH / name).read_text(encoding="utf-8")).encode(encoding)


def pack(folder: Path, to: Path, top: str) -> None:
    """Zip the tree below one folder, the same bytes for the same files."""
    to.parent.mkdir(parents=True, exist_ok=True)
    partial = to.with_name(f"{to.name}.partial")
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}")
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    partial.replace(to)
