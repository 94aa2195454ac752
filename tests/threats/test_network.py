"""Code that talks to anybody: it can't."""

import contextlib
import socket
import threading

import pytest

case = pytest.mark.case


CONNECTIONS = [
    "socket.create_connection(('127.0.0.1', 80), 1)",
    "socket.create_connection(('192.0.2.1', 443), 1)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "socket.socket(socket.AF_INET6)",
    "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "socket.socket(socket.AF_VSOCK)",
    "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)",
    "socket.getaddrinfo('example.org', 80)",
    "socket.create_server(('127.0.0.1', 0))",
    "socket.create_server(('', 0))",
    "socket.socket(socket.AF_UNIX).connect('/run/dbus/system_bus_socket')",
    "socket.socket(socket.AF_UNIX).connect('\\0abstract')",
    "__import__('urllib.request').request.urlopen('http://127.0.0.1:8000/')",
    "__import__('pandas').read_csv('http://127.0.0.1:8000/x.csv')",
]
EACH = """
import socket
x = []
for source in {sources!r}:
    try:
        eval(source)
        x.append(source)
    except OSError:  # which all errors of the network are
        pass
"""


@case("TCP, UDP, DNS, IPv6, raw, netlink, vsock, a server of its own, local and abstract sockets", "blocked")
def test_no_connection_is_made(attack):
    assert attack(EACH.format(sources=CONNECTIONS)).cells["attack"].values == {"x": []}


@pytest.mark.parametrize("family", ["inet", "unix", "abstract"])
@case("a server on localhost, or a local socket, that waits for it", "nobody comes")
def test_a_server_that_waits_sees_nobody(attack, tmp_path, family):
    address = {"inet": ("127.0.0.1", 0), "unix": str(tmp_path / "s"), "abstract": "\0course-threat"}[family]
    server = socket.socket(socket.AF_INET if family == "inet" else socket.AF_UNIX)
    server.bind(address)
    server.listen()
    server.settimeout(0.5)
    came = []

    def wait():
        with contextlib.suppress(OSError):
            came.append(server.accept())

    waiting = threading.Thread(target=wait)
    waiting.start()
    name = server.getsockname()
    attack(f"import socket\ns = socket.socket({int(server.family)})\ns.connect({name!r})")
    waiting.join()
    server.close()
    assert came == []


@case("two ends of its own (socketpair), as asyncio needs", "work")
def test_its_own_pair_works(attack):
    source = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 7\nx = await f()"
    assert attack(source).cells["attack"].values == {"x": 7}
