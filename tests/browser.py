"""`make test` needs a browser: find one by launching it, else let Playwright fetch its own, else, as root on Debian, apt.

python -m tests.browser
"""

import os
import shutil
import subprocess
import sys

from tracker.capture import find_browser
from tracker.errors import UsageError

_APT = (("update", "-q"), ("install", "-y", "-q", "--no-install-recommends", "chromium-headless-shell"))


def found() -> str:
    """Title of the browser that launches, or empty."""
    try:
        return find_browser().title
    except UsageError as error:
        print(error, flush=True)
        return ""


def fetch_own() -> bool:
    """Playwright's own Chromium; fails within seconds where its download host is out of reach."""
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=900).returncode == 0


def fetch_debian() -> bool:
    """Debian's small headless build, when we are root."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(subprocess.run([apt, *words], check=False, env=quiet).returncode == 0 for words in _APT)


def main() -> int:
    """Exit code 0 when a browser launches; else the tests that need one are skipped, or fail where they are required."""
    for fetch in (lambda: True, fetch_own, fetch_debian):
        if fetch() and (title := found()):
            print(f"browser: {title}", flush=True)
            return 0
    print("no browser: the tests that need one are skipped", flush=True)
    return 1 if os.environ.get("TRACKER_REQUIRE_BROWSER") else 0


if __name__ == "__main__":
    sys.exit(main())
