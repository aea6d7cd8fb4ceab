"""Make the virtual environment, or say in one sentence what is missing. Runs on any Python, before anything is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = (3, 11)


def make(folder: Path) -> bool:
    """Whether `python -m venv` made an environment with pip."""
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)  # noqa: S603 - our own interpreter
    return done.returncode == 0 and any((folder / name / "pip").exists() for name in ("bin", "Scripts"))


def install_venv() -> bool:
    """As root on Debian: install the package that holds venv."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    print("python3-venv is missing: installing it with apt-get", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return all(
        subprocess.run([apt, *words], check=False, env=quiet).returncode == 0  # noqa: S603 - fixed words
        for words in (("update", "-q"), ("install", "-y", "-q", package))
    )


def main(folder: Path) -> int:
    """Exit code 0 when the environment stands."""
    if sys.version_info < NEEDED:
        print(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed, this is {sys.version.split()[0]}. Try: make PYTHON=python3.12")
        return 1
    if make(folder) or (install_venv() and make(folder)):
        return 0
    print("Could not make .venv. On Debian or Ubuntu: sudo apt-get install python3-venv; then run make again.")
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
