"""The task that a contender gets, and every host name answered by this machine."""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BROWSER_ARGS = ["--disable-background-networking", "--disable-domain-reliability", "--disable-sync", "--dns-prefetch-disable"]
BROWSER_ARGS += ["--no-first-run", "--no-pings", "--no-sandbox", "--blink-settings=imagesEnabled=false"]
"""The same flags as our own browser's."""


def task() -> dict[str, Any]:
    """The task of the file that the command line names."""
    return json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


def with_port(url: str, port: int) -> str:
    """The address with the port at which the fake platforms listen."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.hostname}:{port}").geturl()


def launch(told: dict[str, Any]) -> dict[str, Any]:
    """How Playwright starts the browser, which sends every host to the fake platforms."""
    rule = f"--host-resolver-rules=MAP * 127.0.0.1:{told['port']}, EXCLUDE localhost"
    return {"executable_path": told["browser"] or None, "headless": True, "args": [*BROWSER_ARGS, rule]}
