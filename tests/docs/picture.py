"""docs/list.png: the first page of the demo's Word file, as LibreOffice lays it out (needs soffice and pdftoppm).

python -m tests.docs.picture build/demo
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.written import DOCS, TOP

FONTS = TOP / "tests" / "reports" / "fonts.conf"
CROP = ["-x", "85", "-y", "150", "-W", "660", "-H", "890"]
"""In pixels of 100 dpi: the page without its empty margins."""


def draw(demo: Path, to: Path) -> None:
    """Draw the list in the demo workspace's reports/ folder."""
    source = next((demo / "reports").glob("*.docx"))
    with TemporaryDirectory() as folder:
        work = Path(folder)
        copy = shutil.copy(source, work / "list.docx")
        fonts = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
        own = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        subprocess.run(["soffice", own, "--headless", "--convert-to", "pdf", "--outdir", folder, copy], check=True, env=fonts)
        page = ["pdftoppm", "-r", "100", "-gray", "-png", "-singlefile", "-f", "1", "-l", "1", *CROP]
        subprocess.run([*page, str(work / "list.pdf"), str(to.with_suffix(""))], check=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), DOCS / "list.png")
