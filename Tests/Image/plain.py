"""A server that takes PLAIN, which mongod does in MongoDB's Enterprise edition only: as much of one as a reading needs."""

import base64
import socketserver
import struct
import threading

from wire import bson

HELLO = {"ismaster": True, "isWritablePrimary": True, "helloOk": True, "maxBsonObjectSize": 16 << 20,
         "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000, "minWireVersion": 0, "maxWireVersion": 17,
         "logicalSessionTimeoutMinutes": 30, "connectionId": 1, "readOnly": False, "ok": 1}  # fmt: skip
RATINGS = {"cursor": {"firstBatch": [{"rating": 1}, {"rating": 1}], "id": 0, "ns": "test.ratings"}, "ok": 1}


class PlainServer:
    """Knows a command by its name in the message. `secrets` holds what was sent for authentication. To be closed."""

    def __init__(self):
        secrets = self.secrets = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while len(header := self.rfile.read(16)) == 16:
                    length, number, _, opcode = struct.unpack("<iiii", header)
                    body = self.rfile.read(length - 16)
                    reply = HELLO
                    if b"saslStart\0" in body:
                        # A string in base64.
                        begin = body.index(b"\x02payload\0") + 9
                        (size,) = struct.unpack_from("<i", body, begin)
                        secrets.append(base64.b64decode(body[begin + 4 : begin + 3 + size]))
                        reply = {"conversationId": 1, "done": True, "payload": "", "ok": 1}
                    elif b"\x02find\0" in body:
                        reply = RATINGS
                    self.wfile.write(answer(number, opcode, bson(reply)))

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def answer(number, opcode, document):
    """To an OP_MSG in kind; to an OP_QUERY, by which drivers say hello at first, an OP_REPLY."""
    payload = struct.pack("<iB", 0, 0) if opcode == 2013 else struct.pack("<iqii", 8, 0, 0, 1)
    return struct.pack("<iiii", 16 + len(payload) + len(document), 1, number, 2013 if opcode == 2013 else 1) + payload + document
