"""The fake platforms behind real TLS on a free loopback port, in a thread of the test's own process."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import trustme
import uvicorn

from tests.platforms.app import HOSTS, Platforms
from tests.platforms.endpoint import Log
from tests.platforms.world import World


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server: `port` on 127.0.0.1, `ca` to trust, the `world` that it shows and the `log` of its requests."""

    port: int
    ca: trustme.CA
    world: World
    log: Log

    @property
    def resolver_rules(self) -> str:
        """Chromium's --host-resolver-rules that send every host here."""
        return f"MAP * 127.0.0.1:{self.port}, EXCLUDE localhost"


@contextmanager
def serve(world: World) -> Iterator[Served]:
    """Run the world until the block ends. Raises RuntimeError when the server is not up after 10 seconds."""
    app, ca = Platforms(world), trustme.CA()
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    config.load()
    config.ssl = _context(ca)
    server = uvicorn.Server(config)
    # asyncio switches Nagle off only where the protocol is named: else every answer takes 40 ms more
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _await(server)
            yield Served(port=listener.getsockname()[1], ca=ca, world=world, log=app.log)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)


def _context(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(*HOSTS, "passport.weibo.com", "localhost", "127.0.0.1").configure_cert(context)
    return context


def _await(server: uvicorn.Server) -> None:
    for _ in range(200):
        if server.started:
            return
        time.sleep(0.05)
    raise RuntimeError("the fake platforms did not start within 10 seconds")
