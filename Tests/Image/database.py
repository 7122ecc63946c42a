"""A real mongod with TLS, a user of SCRAM, one of X.509, and the article's two documents and a deep one."""

import contextlib
import os
import pathlib
import secrets
import socket
import subprocess
import time

from wire import run_command

DEPTH = 150


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Database:
    """`folder` is for its files; `mongod` is the program. To be closed."""

    def __init__(self, mongod, folder):
        self.mongod, self.folder, self.port = mongod, pathlib.Path(folder), free_port()
        self.password = secrets.token_hex(12)
        self.process = None
        (self.folder / "data").mkdir()
        self._make_certificates()
        # Users and documents before authentication is on.
        self._start([])
        role = {"role": "read", "db": "test"}
        self._run("admin", {"createUser": "bookinfo", "pwd": self.password, "roles": [role]})
        self._run("$external", {"createUser": "CN=client,O=ratings image", "roles": [role]})
        self._serve({"rating": 1}, {"rating": 1})

    def _serve(self, *documents):
        """Restarts it with these documents, and then with TLS and authentication."""
        if not self.process:
            self._start([])
        self._run("test", {"delete": "ratings", "deletes": [{"q": {}, "limit": 0}]})
        self._run("test", {"insert": "ratings", "documents": list(documents)})
        self.close()
        self._start(
            [
                "--auth", "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", str(self.folder / "server.pem"),
                "--tlsCAFile", str(self.folder / "ca.pem"), "--tlsAllowConnectionsWithoutCertificates",
            ]
        )  # fmt: skip

    def _run(self, database, command):
        run_command(self.port, database, command)

    def _make_certificates(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

        new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        openssl(*new, "-subj", "/O=ratings image CA/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
        signed = [*new, "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"]
        for name, subject, more in [
            ("server", "/O=ratings server/CN=server", ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]),
            ("client", "/O=ratings image/CN=client", []),
        ]:
            openssl(*signed, *more, "-subj", subject, "-keyout", f"{name}.key", "-out", f"{name}.crt")
            text = (self.folder / f"{name}.crt").read_text() + (self.folder / f"{name}.key").read_text()
            (self.folder / f"{name}.pem").write_text(text)
            # The service runs as user 1000.
            os.chmod(self.folder / f"{name}.pem", 0o644)

    def _start(self, options):
        log = self.folder / "mongod.log"
        self.process = subprocess.Popen(
            [self.mongod, "--dbpath", str(self.folder / "data"), "--port", str(self.port), "--bind_ip", "127.0.0.1",
             "--logpath", str(log), "--nounixsocket", *options],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"mongod ended with status {self.process.returncode}: {log.read_text()[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("mongod does not listen after 60 s")

    @contextlib.contextmanager
    def deep_document(self):
        """With a rating that is nested nearly as deep as mongod stores."""
        value = 5
        for _ in range(DEPTH):
            value = {"a": value}
        self.close()
        self._serve({"rating": value}, {"rating": 4})
        yield
        self.close()
        self._serve({"rating": 1}, {"rating": 1})

    @property
    def scram(self):
        """A connection string as seen from inside the image, where the CA lies in /mnt."""
        return f"mongodb://bookinfo:{self.password}@localhost:{self.port}/test?authSource=admin&tls=true&tlsCAFile=/mnt/ca.pem"

    @property
    def by_system_authorities(self):
        """As `scram`, with the authorities that the image has."""
        return self.scram.replace("&tlsCAFile=/mnt/ca.pem", "")

    @property
    def x509(self):
        return (
            f"mongodb://localhost:{self.port}/test?authMechanism=MONGODB-X509&authSource=$external&tls=true"
            "&tlsCAFile=/mnt/ca.pem&tlsCertificateKeyFile=/mnt/client.pem"
        )

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None
