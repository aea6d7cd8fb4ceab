"""What may be opened: https only, the named hosts only, public addresses only (DESIGN §9).

Every hop and every name resolution passes here.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from tracker.capture.ports import HostMap


class Refused(Exception):
    """不允许打开的地址: the message is a Chinese clause for the exchange that is made of it."""


class Guard:
    """One adapter's (or feed's) gate. `host_map` (tests only) replaces name resolution altogether."""

    def __init__(self, hosts: frozenset[str], host_map: HostMap | None = None) -> None:
        self.hosts = hosts
        self.host_map = host_map

    def admits(self, url: str) -> bool:
        """Whether this address may be opened, as far as its text tells: https, port 443, a listed host, no bare IP address."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").rstrip(".")
        return parts.scheme == "https" and port in (None, 443) and not parts.username and host in self.hosts and not _is_ip(host)

    def check(self, url: str) -> None:
        """Raises Refused when `admits` says no."""
        if not self.admits(url):
            raise Refused(f"拒绝打开不在允许清单内的地址:{urlsplit(url).hostname or url[:60]}")

    async def check_public(self, url: str) -> None:
        """Raises Refused when the host resolves to anything but public addresses; an unknown host passes (and fails later)."""
        host = urlsplit(url).hostname or ""
        if self.host_map is None:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
            except OSError:
                return
            check_addresses(host, [str(entry[4][0]) for entry in found])


class PublicResolver(AbstractResolver):
    """aiohttp's resolver behind the gate: the connection goes to the addresses checked here, so nothing can change in between."""

    def __init__(self, host_map: HostMap | None = None, inner: AbstractResolver | None = None) -> None:
        self._host_map = host_map
        self._inner = inner or ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Addresses of a host. Raises Refused when one of them is not public."""
        if self._host_map:
            return [
                ResolveResult(hostname=host, host="127.0.0.1", port=self._host_map.port, family=socket.AF_INET, proto=0, flags=0)
            ]
        found = await self._inner.resolve(host, port, family)
        check_addresses(host, [entry["host"] for entry in found])
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def check_addresses(host: str, addresses: list[str]) -> None:
    """Raises Refused when any of the addresses is private, loopback, link-local, multicast or otherwise not public."""
    for text in addresses:
        if not is_public(text):
            raise Refused(f"拒绝连接:{host}解析到内网或本机地址{text}")


def is_public(text: str) -> bool:
    """Whether an IP address is public; an IPv4 address embedded in IPv6 (mapped, 6to4, NAT64) counts as itself."""
    address = ip_address(text.partition("%")[0])
    inner = _embedded(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address.packed[:12] == bytes.fromhex("0064ff9b0000000000000000"):
        return IPv4Address(address.packed[12:])
    return address.ipv4_mapped or address.sixtofour


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
