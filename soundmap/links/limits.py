"""Limits of a download: size, time, and which addresses it may connect to."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from soundmap.errors import BadLink

USER_AGENT = "SoundMap (finds free music that sounds alike)"
MIB = 1024 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: IPv4 in the last 32 bits
_ISATAP = 0x00005EFE  # RFC 5214: these bits, one more of which may be set, then IPv4
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # the relays of 6to4, deprecated
        "168.63.129.16/32",  # a cloud's own services
        "3fff::/20",  # documentation, RFC 9637
    )
)
_LOWEST_FREE_PORT = 1_024
_WEB_PORTS = (80, 443)
_HIGHEST_PORT = 65_535
_PRIVATE_HOST = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[\w-]+(?:\.[\w-]+)*))(?::(?P<port>[0-9]{1,5}))?"
)

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """At most ``max_mb`` MiB within ``seconds``, and ``redirects`` redirects.

    ``media_seconds`` is the longest sound accepted from a page that states its length.
    ``private_hosts`` are hosts of one's own network that may be reached nevertheless, as
    ``private_host`` reads them; ``allowed`` lists private addresses, as ``address:port``: for tests
    on loopback.
    """

    max_mb: float = 25.0
    seconds: float = 60.0
    media_seconds: float = 20 * 60.0
    redirects: int = 5
    private_hosts: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def max_bytes(self) -> int:
        """``max_mb`` in bytes."""
        return round(self.max_mb * MIB)

    def may_connect(self, address: str, port: int, host: str = "") -> bool:
        """Whether an address is public, at a port of a web server or from 1024 on, or listed in
        ``allowed``.  It need not be public if a link names its ``host`` as ``private_hosts`` does.
        """
        named = f"[{host}]" if ":" in host else host.casefold()
        if f"{named}:{port}" in self.private_hosts or f"{address}:{port}" in self.allowed:
            return True
        web = port in _WEB_PORTS or port >= _LOWEST_FREE_PORT
        return web and (named in self.private_hosts or is_public(address))

    def check_size(self, n_bytes: int) -> None:
        """Raises BadLink ``too_large`` for more than ``max_bytes``."""
        if n_bytes > self.max_bytes:
            raise BadLink("too_large", most_mb=self.max_mb)


def private_host(text: str) -> str:
    """A host as ``Limits.private_hosts`` lists it, from ``host`` or ``host:port``.

    The host is a name or an address, exactly as links name it; without a port it is one of a web
    server's, or from 1024 on.  Raises ValueError for anything else, such as a network or a link.
    """
    found = _PRIVATE_HOST.fullmatch(text.strip())
    if not found or not 0 < int(found["port"] or 1) <= _HIGHEST_PORT:
        raise ValueError(f"no host: {text}")
    port = f":{int(found['port'])}" if found["port"] else ""
    if found["ipv6"]:
        return f"[{ipaddress.IPv6Address(found['ipv6'])}]{port}"
    return found["name"].encode("idna").decode().casefold() + port


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; IPv4 inside IPv6 is checked as IPv4.

    Loopback, private, link-local (including the metadata services of clouds), shared, multicast,
    reserved, documentation and unspecified addresses do not (IANA special-purpose registries,
    RFC 6890).  Of IPv6 only global unicast, 2000::/3, does (RFC 4291).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if (inner := _inner(ip)) is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_UNICAST:
            return False
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, 6to4, Teredo, NAT64 or ISATAP; else None."""
    low = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _NAT64 or int(ip) >> 32 & 0xFDFFFFFF == _ISATAP:
        return low
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


async def look_up(host: str, port: int) -> Sequence[str]:
    """Addresses of a host from the system's resolver.  Raises OSError."""
    import asyncio

    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except ValueError as error:  # a name that cannot be: an empty label, or one of 300 letters
        raise OSError(errno.EINVAL, "no such name") from error
    return [str(info[4][0]) for info in found]
