"""As much of MongoDB's wire protocol (OP_MSG, BSON) as it takes to prepare a database: Python's standard library has neither."""

import socket
import struct


def bson(document):
    """A document of dictionaries, lists, strings, booleans and small integers."""
    body = b"".join(_element(str(key), value) for key, value in document.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _element(key, value):
    name = key.encode() + b"\0"
    if isinstance(value, bool):
        return b"\x08" + name + bytes([value])
    if isinstance(value, int):
        return b"\x10" + name + struct.pack("<i", value)
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return b"\x02" + name + struct.pack("<i", len(text)) + text
    if isinstance(value, list):
        return b"\x04" + name + bson(dict(enumerate(value)))
    return b"\x03" + name + bson(value)


def run_command(port, database, command):
    """Runs a command on a server without TLS and authentication. Raises RuntimeError where the reply does not say `ok: 1`."""
    payload = struct.pack("<i", 0) + b"\0" + bson({**command, "$db": database})
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(struct.pack("<iiii", len(payload) + 16, 1, 0, 2013) + payload)
        with connection.makefile("rb") as reader:
            (length,) = struct.unpack("<i", reader.read(4))
            reply = reader.read(length - 4)
    if b"\x01ok\0" + struct.pack("<d", 1) not in reply:
        raise RuntimeError(f"{next(iter(command))}: {reply!r}")
