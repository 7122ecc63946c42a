"""mongod, started for a test on free ports of loopback, and what it needs."""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent.parent

ADMIN_PASSWORD = "adm:in@/?#% 1"
BOOKINFO_PASSWORD = "book:info@/?#% 2"


def mongod_binary() -> str:
    """mongod: named by MONGOD, on the PATH, or downloaded by `.ci/fetch-tools mongod`."""
    found = os.environ.get("MONGOD") or shutil.which("mongod") or str(REPOSITORY / ".cache/tools/bin/mongod")
    if not os.access(found, os.X_OK):
        raise SystemExit("database-test: mongod is missing; run .ci/fetch-tools mongod")
    return found


def free_port() -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def certificate(folder: pathlib.Path, authority: str) -> None:
    """Makes a CA, `authority`.crt, and a server's certificate for loopback by it, `authority`-server.pem."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", f"{authority}.key", "-out", f"{authority}.crt", "-subj", f"/CN={authority}")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-CAcreateserial",
            "-extfile", "names", "-out", "server.crt")
    joined = (folder / "server.key").read_text() + (folder / "server.crt").read_text()
    (folder / f"{authority}-server.pem").write_text(joined)


class Server:
    """A mongod with an administrator."""

    def __init__(self, folder: pathlib.Path, *options: str, tls: str = "") -> None:
        self.folder, self.port = folder, free_port()
        (folder / "data").mkdir(parents=True)
        self.tls = f"tls=true&tlsCAFile={tls}&" if tls else ""
        self.running: subprocess.Popen | None = None
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [mongod_binary(), "--dbpath", str(folder / "data"), "--bind_ip", "127.0.0.1,127.0.0.2,::1", "--ipv6",
                 "--port", str(self.port), "--nounixsocket", "--quiet", "--auth", "--wiredTigerCacheSizeGB", "0.25", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        wait_for_port(self.port, self.process)

    def command(self, credentials: str, *words: str) -> list:
        """A stand-in's command line for the database test of this server."""
        return [HERE / "mongosh", f"mongodb://{credentials}localhost:{self.port}/test?{self.tls}authSource=admin", *words]

    def shell(self, script: str) -> str:
        """What a script of one line prints that is run on the database test as the administrator, who has role root."""
        if self.running is None:
            self.running = subprocess.Popen(
                self.command("admin:adm%3Ain%40%2F%3F%23%25%201@", "--lines"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.running.stdin.write(f"{script}\n")
        self.running.stdin.flush()
        printed = []
        while (line := self.running.stdout.readline()) != "\n":
            if not line:
                raise AssertionError(f"the shell ended at {script}")
            printed.append(line)
        return "".join(printed)

    def without_users(self, script: str) -> str:
        """The same before there is a user: a client on the same machine may do a little (localhost exception)."""
        done = subprocess.run(self.command("", "--eval", script), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{script}: {done.stderr}")
        return done.stdout

    def make_administrator(self) -> None:
        """Makes the first user."""
        account = {"user": "admin", "pwd": ADMIN_PASSWORD, "roles": ["root"]}
        self.without_users(f'db.getSiblingDB("admin").createUser({json.dumps(account)})')

    def hold(self, documents: str) -> None:
        """Replaces what the collection holds by these, in JavaScript."""
        self.shell("const c = db.getCollection('ratings');"
                   "if (db.getCollectionNames().includes('ratings')) c.drop();"
                   f"const documents = {documents}; if (documents.length > 0) c.insertMany(documents);")

    def documents(self) -> list:
        """What the collection holds, without the ids."""
        return json.loads(self.shell("print(JSON.stringify(db.getCollection('ratings').find({}, { _id: 0 }).limit(9).toArray()))"))

    def roles(self, user: str = "bookinfo", database: str = "test") -> list | None:
        """A user's roles; `None` where there is no such user."""
        found = self.shell(f"print(JSON.stringify(db.getSiblingDB('{database}').getUser('{user}')))")
        return json.loads(found)["roles"] if found.strip() != "null" else None

    def stop(self) -> None:
        """Ends it."""
        if self.running is not None:
            self.running.communicate()
        self.process.kill()
        self.process.wait()


def wait_for_port(port: int, process: subprocess.Popen) -> None:
    """Waits until something accepts connections on loopback."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"mongod does not listen on {port}")


def tls_server(folder: pathlib.Path) -> Server:
    """TLS required, authentication on, a CA of its own: what the README calls an external database."""
    folder.mkdir()
    certificate(folder, "ca")
    server = Server(folder, "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", str(folder / "ca-server.pem"),
                    "--tlsCAFile", str(folder / "ca.crt"), "--tlsAllowConnectionsWithoutCertificates", tls=str(folder / "ca.crt"))
    server.make_administrator()
    return server


def replica_set(folder: pathlib.Path) -> Server:
    """A replica set `rs0` of one member, without TLS."""
    folder.mkdir()
    key = folder / "key"
    key.write_text(secrets.token_hex(32))
    key.chmod(0o600)
    server = Server(folder, "--replSet", "rs0", "--keyFile", str(key))
    members = [{"_id": 0, "host": f"localhost:{server.port}"}]
    server.without_users("db.getSiblingDB('admin').runCommand("
                         f"{json.dumps({'replSetInitiate': {'_id': 'rs0', 'members': members}})});"
                         "while (!db.hello().isWritablePrimary); undefined")
    server.make_administrator()
    return server
