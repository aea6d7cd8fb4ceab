"""A way to the database that can be cut, and a PostgreSQL of one's own that can be stopped."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Wire:
    """A loopback port that leads to another one, until it is cut."""

    def __init__(self, port: int) -> None:
        self._to, self._cut = port, threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and take no new ones."""
        self._cut.set()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        """Take connections again."""
        self._cut.clear()

    def close(self) -> None:
        """For good."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                if self._cut.is_set():
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._open += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while told := one.recv(65_536):
            other.sendall(told)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def wired(url: str, port: int) -> str:
    """The address of a database by another port."""
    before, _, after = url.partition("://")[2].partition("@")
    host, _, rest = (after or before).partition("/")
    user = f"{before}@" if after else ""
    return f"postgresql://{user}{host.partition(':')[0]}:{port}/{rest}"


def port_of(url: str) -> int:
    """The port that an address names; PostgreSQL's own where it names none."""
    host = url.partition("://")[2].rpartition("@")[2].partition("/")[0]
    return int(host.partition(":")[2] or 5432)


class Server:
    """A PostgreSQL cluster of one's own, run by a user who is not root."""

    def __init__(self, folder: Path, tools: Path) -> None:
        self._folder, self._tools = folder, tools
        self._user = [] if os.geteuid() else ["runuser", "-u", "nobody", "--"]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        if self._user:
            shutil.chown(folder, "nobody")
        self._run("initdb", "-U", "postgres", "-A", "trust", "-D", str(folder / "data"))

    def _run(self, tool: str, *words: str) -> None:
        subprocess.run(
            [*self._user, str(self._tools / tool), *words], check=True, capture_output=True, cwd=self._folder, timeout=60
        )

    def start(self) -> None:
        """Begin to answer."""
        told = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-o", told, "-w", "start")

    def stop(self) -> None:
        """As a machine that is switched off: all sessions end at once."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    @property
    def url(self) -> str:
        """Its address."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"


@contextmanager
def server() -> Iterator[Server]:
    """A running server; the test is skipped where PostgreSQL's programs are missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL programs here")
    # a folder of its own: what belongs to the test's user may be closed to the server's
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Server(Path(folder), found[-1].parent)
        made.start()
        try:
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):
                made.stop()
