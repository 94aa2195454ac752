"""A certificate for a classroom: browsers keep a learner's work only on https or on this machine itself.

The certificate is made once and signed by an authority of its own, whose key is thrown away at once. Browsers
warn until that authority (build/server/authority.pem) is installed, or the warning accepted, on each machine.
"""

from __future__ import annotations

import socket
from pathlib import Path

from grading import files


def local_certificate(folder: Path, names: list[str]) -> tuple[Path, Path]:
    """Return (certificate, key) for these host names and addresses, made in `folder` on first use.

    A certificate made for other names is replaced: a machine may have moved to another network.
    """
    certificate, key, made_for = folder / "certificate.pem", folder / "certificate.key", folder / "certificate.names"
    wanted = "\n".join(sorted(names))
    if certificate.exists() and key.exists() and made_for.exists() and made_for.read_text() == wanted:
        return certificate, key
    import trustme

    authority = trustme.CA(organization_name="The course server on this network")
    issued = authority.issue_cert(*names, common_name=names[0])
    folder.mkdir(parents=True, exist_ok=True)
    files.write(key, issued.private_key_pem.bytes(), mode=0o600)
    files.write(certificate, b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    files.write(folder / "authority.pem", authority.cert_pem.bytes())
    files.write(made_for, wanted)
    return certificate, key


def names_of_this_machine(address: str) -> list[str]:
    """The names and addresses this machine is reached by: the one it listens on, its own name, loopback."""
    names = ["localhost", "127.0.0.1", socket.gethostname()]
    if address not in ("0.0.0.0", "::", ""):
        return list(dict.fromkeys([address, *names]))
    return list(dict.fromkeys([*_own_addresses(), *names]))


def _own_addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return sorted({item[4][0] for item in found})
