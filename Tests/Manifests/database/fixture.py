"""What the tests share: the servers, and the scripts run against them."""

from __future__ import annotations

import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import servers
from servers import ADMIN_PASSWORD, BOOKINFO_PASSWORD, HERE, REPOSITORY

BOOKINFO = REPOSITORY / "bookinfo"
RUN = BOOKINFO / "database/run"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="database-test."))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)

COMMAND_LINES = WORK / "command-lines"
SECRETS = [ADMIN_PASSWORD, BOOKINFO_PASSWORD, "adm%3Ain", "book%3Ainfo"]

os.environ["PATH"] = f"{HERE}:{os.environ['PATH']}:{REPOSITORY / '.cache/tools/bin'}"
os.environ["MONGOSH_COMMAND_LINES"] = str(COMMAND_LINES)
for name in [name for name in os.environ if name.startswith(("MONGODB_", "MONGO_", "BOOKINFO_"))]:
    del os.environ[name]


@functools.lru_cache(maxsize=None)
def database() -> servers.Server:
    """An external database, TLS required; started once for all tests."""
    server = servers.tls_server(WORK / "tls")
    atexit.register(server.stop)
    return server


def settings(**changes: str | None) -> dict[str, str]:
    """The environment that `run` needs for the external database; `None` takes a setting away."""
    server = database()
    given = {
        "MONGODB_HOST": "localhost", "MONGODB_PORT": str(server.port), "MONGODB_CA_FILE": str(server.folder / "ca.crt"),
        "MONGO_ADMIN_PASSWORD": ADMIN_PASSWORD, "BOOKINFO_PASSWORD": BOOKINFO_PASSWORD, **changes,
    }
    return {**os.environ, **{name: value for name, value in given.items() if value is not None}}


class Running:
    """A command that runs already, so that others can run beside it."""

    def __init__(self, *words: object, environment: dict, folder: pathlib.Path | None = None) -> None:
        self.words = words
        self.process = subprocess.Popen(
            [str(word) for word in words], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)

    def result(self) -> tuple[int, str, str]:
        """Status, standard output, standard error."""
        output, errors = self.process.communicate(timeout=100)
        return self.process.returncode, output, errors


class TestCase(unittest.TestCase):
    """With whole differences, and with an eye on passwords."""

    maxDiff = None

    def expect(self, running: Running, status: int, output: str, errors: str) -> None:
        """Compares all that a command printed."""
        got = running.result()
        self.assertEqual(got, (status, output, errors), running.words)
        self.assertNoSecret("".join(got[1:]))

    def assertNoSecret(self, text: str) -> None:
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    def steps(self, *names: str, **changes: str | None) -> Running:
        """`run` with these steps, started."""
        return Running(RUN, *names, environment=settings(**changes))


def failed(step: str, line: str) -> str:
    """What `run` writes to standard error where a step fails with an error of the scripts' own."""
    return f"== {step}\nError: {line}\ndatabase/run: {step} failed; the line above says why\n"
