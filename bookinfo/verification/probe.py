"""A connection as ratings would make it, from another pod: the first bytes of TLS or of MongoDB's protocol, and what comes back.

The container needs bash, head, od and timeout: Bookinfo's reviews has them.
"""

from __future__ import annotations

import re
import ssl
import struct
from dataclasses import dataclass

# Arguments: host, port, bytes as printf writes them. 7: no connection, 124: silence (timeout's status).
SCRIPT = r"""bytes=$(timeout 6 bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 7; printf "$2" >&3; head -c 5 <&3' "$1" "$2" "$3" 2>/dev/null |
    od -An -tx1; exit "${PIPESTATUS[0]}")
echo "status $? bytes $bytes"
"""


@dataclass(frozen=True)
class Outcome:
    """What came back."""

    status: int
    bytes: str

    @property
    def answered(self) -> bool:
        """Whether somebody answered: the database, or a gateway that asks for a certificate."""
        return bool(self.bytes)

    def __str__(self) -> str:
        if self.answered:
            return f"an answer came back ({self.bytes})"
        return {7: "no connection", 124: "silence"}.get(self.status, "closed without an answer")


def parse(text: str) -> Outcome | None:
    """The line that the script prints; `None` where it is none."""
    match = re.search(r"^status (\d+) bytes *([0-9a-f ]*)$", text, re.M)
    return Outcome(int(match[1]), match[2].strip()) if match else None


def greeting(host: str, tls: bool) -> str:
    """What the service would say first, for printf."""
    data = client_hello(host) if tls else hello()
    return "".join(f"\\{byte:03o}" for byte in data)


def client_hello(host: str) -> bytes:
    """A ClientHello with this SNI (RFC 8446, section 4.1.2)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    outgoing = ssl.MemoryBIO()
    connection = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=host)
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def hello() -> bytes:
    """MongoDB's command hello as OP_MSG (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol)."""
    elements = b"\x10hello\x00" + struct.pack("<i", 1) + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00"
    document = struct.pack("<i", len(elements) + 5) + elements + b"\x00"
    body = struct.pack("<I", 0) + b"\x00" + document
    return struct.pack("<iiii", len(body) + 16, 1, 0, 2013) + body
