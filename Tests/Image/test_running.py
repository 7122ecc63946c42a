"""The service in the image's root, as the Deployment runs it. The variables ROOT, DOCKERFILE, MONGOD and CRASH name what it needs."""

import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest

from container import HUP, QUIT, TERM, Container, get, get_when_up, image_environment
from database import DEPTH, Database, free_port
from plain import PlainServer

ROOT = os.environ["ROOT"]
RATINGS = (200, '{"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}')
# What main promises: REQUEST_TIMEOUT_MS and 0.8 s, rounded up.
SHUTDOWN_SECONDS = 3.0


class Running(unittest.TestCase):
    maxDiff = None
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        os.chmod(cls.folder, 0o711)
        cls.database = Database(os.environ["MONGOD"], cls.folder)
        cls.mounted = pathlib.Path(cls.folder) / "mounted"
        cls.mounted.mkdir(mode=0o755)
        for name in ["ca.pem", "client.pem"]:
            shutil.copy(pathlib.Path(cls.folder) / name, cls.mounted / name)
        shutil.copy(os.environ["CRASH"], cls.mounted / "crash.so")

    @classmethod
    def tearDownClass(cls):
        cls.database.close()
        shutil.rmtree(cls.folder)

    def start(self, *arguments, url=None, stack=0, mounted=None, **variables):
        environment = image_environment(os.environ["DOCKERFILE"])
        environment |= {"MONGO_DB_URL": url or self.database.scram} | variables
        container = Container(ROOT, str(mounted or self.mounted), environment, arguments, stack)
        self.addCleanup(container.close)
        return container

    def serve(self, **options):
        port = free_port()
        container = self.start(str(port), **options)
        self.assertIsNotNone(container.pid, "the service did not start")
        return container, port

    def answers(self, expected=RATINGS, **options):
        container, port = self.serve(**options)
        get_when_up(port, "/health", container)
        # The first connection may take longer than a request where the machine is busy.
        answer = None
        for _ in range(10):
            answer = get(port, "/ratings/0")
            if answer == expected:
                break
            time.sleep(0.5)
        self.assertEqual(answer, expected)
        return container, port

    def test_answers_with_tls_and_scram_as_the_deployments_user(self):
        container, _ = self.answers()
        self.assertEqual(container.status("NSpid")[-1], "1")
        self.assertEqual(container.status("Uid"), ["1000"] * 4)
        self.assertEqual(container.status("Gid"), ["1000"] * 4)
        self.assertEqual(container.status("Groups"), [])
        for field in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]:
            self.assertEqual(container.status(field), ["0" * 16], field)
        self.assertEqual(container.status("NoNewPrivs"), ["1"])

    def test_answers_with_x509(self):
        self.answers(url=self.database.x509)

    def test_looks_around_without_a_shell(self):
        for url in [self.database.scram, self.database.x509]:
            container = self.start("check", "--json", url=url)
            self.assertEqual(container.wait(30), 0)
            report = json.loads(container.output())
            self.assertEqual([layer["status"] for layer in report["layers"]], ["passed"] * 7, report)

    def test_reads_the_systems_authorities(self):
        """With the throw-away one among them, and with those that the image comes with, which do not know it."""
        mounted = pathlib.Path(self.folder) / "authorities"
        mounted.mkdir(mode=0o755)
        bundle = pathlib.Path(ROOT) / "etc/ssl/certs/ca-certificates.crt"
        own = (self.mounted / "ca.pem").read_text()
        (mounted / bundle.name).write_text(bundle.read_text() + own)
        url = self.database.by_system_authorities
        container = self.start("check", url=url, mounted=mounted)
        self.assertEqual(container.wait(30), 0, container.output())
        container = self.start("check", url=url)
        self.assertEqual(container.wait(30), 1)
        self.assertIn("✗ TLS", container.output())

    def test_speaks_plain(self):
        server = PlainServer()
        self.addCleanup(server.close)
        self.answers(url=f"mongodb://some%40one:secret@localhost:{server.port}/test?authMechanism=PLAIN")
        self.assertEqual(set(server.secrets), {b"\0some@one\0secret"})

    def test_has_no_gssapi(self):
        url = f"mongodb://someone%40EXAMPLE.COM@localhost:{self.database.port}/?authMechanism=GSSAPI&tls=true&tlsCAFile=/mnt/ca.pem"
        container = self.start("check", url=url)
        self.assertEqual(container.wait(30), 1)
        self.assertIn("✗ authentication", container.output())

    def test_terminates_from_its_first_statement_on(self):
        for milliseconds in [0, 1, 3, 5, 10, 20]:
            container, _ = self.serve()
            deadline = time.monotonic() + 10
            while not container.blocks(TERM) and time.monotonic() < deadline:
                pass
            time.sleep(milliseconds / 1000)
            container.send(TERM)
            self.assertEqual(container.wait(SHUTDOWN_SECONDS), 0, f"{milliseconds} ms after the first statement")

    def test_ignores_hangup_and_quit(self):
        container, port = self.answers()
        for number in [HUP, QUIT]:
            container.send(number)
        time.sleep(0.5)
        self.assertEqual(get(port, "/ratings/0"), RATINGS)
        container.send(TERM)
        self.assertEqual(container.wait(SHUTDOWN_SECONDS), 0)

    def test_makes_no_children(self):
        container, port = self.answers()
        for _ in range(20):
            get(port, "/ratings/0")
        self.database.process.send_signal(19)
        get(port, "/ratings/0")
        time.sleep(3)
        self.database.process.send_signal(18)
        for task in pathlib.Path(f"/proc/{container.pid}/task").iterdir():
            self.assertEqual((task / "children").read_text(), "")

    def test_a_crash_ends_it_at_once(self):
        # As the first process a default action of abort() does not end it: glibc ends it by a fault then.
        for crash, status in [("segv", 139), ("abort", 139), ("trap", 132)]:
            container, _ = self.serve(LD_PRELOAD="/mnt/crash.so", CRASH=crash)
            begin = time.monotonic()
            self.assertEqual(container.wait(10), status, crash)
            # The crash comes half a second after the start.
            self.assertLess(time.monotonic() - begin, 1.5, crash)
            output = container.output()
            self.assertNotIn("backtrace", output.lower())
            self.assertNotIn("Press space", output)
        self.assertEqual(list(pathlib.Path(ROOT).rglob("core*")), [])

    def test_small_stacks_are_enough(self):
        self.answers(stack=128 << 10)
        self.answers(stack=128 << 10, url=self.database.x509)
        container = self.start("check", stack=128 << 10)
        self.assertEqual(container.wait(30), 0)

    def test_small_stacks_take_a_deep_document(self):
        value = '{"a":' * DEPTH + "5" + "}" * DEPTH
        with self.database.deep_document():
            self.answers((200, '{"id":0,"ratings":{"Reviewer1":%s,"Reviewer2":4}}' % value), stack=128 << 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
