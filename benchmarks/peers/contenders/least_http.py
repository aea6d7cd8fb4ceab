"""The least that Python can do for the same answers and the same evidence: no tool, one connection of the standard library.

It knows no second try, no redirect, no pause and no other host: nobody would send it to a platform. It shows how much of what
a tool costs is the request, the reading and the evidence alone.
"""

import http.client
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import places
import reading
from evidence import Evidence, Exchange


class Connection(http.client.HTTPSConnection):
    """Speaks to this machine, whatever the host name."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, context=context)
        self._trust = context

    def connect(self) -> None:
        """Connect, and check the certificate by the platform's name."""
        self.sock = self._trust.wrap_socket(socket.create_connection(("127.0.0.1", self.port)), server_hostname=self.host)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def main() -> None:
    """Visit every target, one after another."""
    told = places.task()
    evidence, read = Evidence(Path(told["out"])), reading.PAGES[told["kind"]]
    trust, open_ = ssl.create_default_context(cafile=told["ca"]), dict[str, Connection]()
    for one in told["targets"]:
        parts = urlsplit(one["url"])
        connection = open_.setdefault(parts.hostname, Connection(parts.hostname, told["port"], trust))
        connection.request("GET", parts._replace(scheme="", netloc="").geturl(), headers={"Host": parts.hostname})
        with connection.getresponse() as answer:
            exchange = Exchange(url=one["url"], status=answer.status, headers=answer.getheaders(), body=answer.read())
        evidence.keep(one["account_id"], [exchange], read(exchange.body))
    evidence.close()


if __name__ == "__main__":
    main()
