"""bookinfo/database/prepare.sh, the in-cluster MongoDB's init container: with a real mongod, and dash or what sh is.

The image itself, the kubelet and the volume's rights are tried on a real cluster only.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import servers
from fixture import ADMIN_PASSWORD, BOOKINFO, BOOKINFO_PASSWORD, RUN, WORK, Running, TestCase

MADE = "inserted two ratings of 1 into test.ratings\n"
KEPT = "test.ratings holds 2 documents already, left as they are\n"
WAY_OUT = ("prepare: failed; the line above says why. Correct it (a password: the Secret mongodb-passwords), then kubectl delete pod "
           "mongodb-v1-0: the next start tries again\n")


class Prepare(TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=WORK))
        (self.folder / "data").mkdir()
        self.port = servers.free_port()
        # Where the image has it, mongod is on the PATH.
        (self.folder / "bin").mkdir()
        (self.folder / "bin/mongod").symlink_to(servers.mongod_binary())
        # What the ConfigMap brings, and nothing else.
        (self.folder / "scripts").mkdir()
        component = (BOOKINFO / "database/kustomization.yaml").read_text()
        for name in re.findall(r"^      - (\S+)$", component, re.M):
            shutil.copy(BOOKINFO / "database" / name, self.folder / "scripts" / name)

    def prepare(self, status: int, output: str, errors: str, **changes: str) -> None:
        environment = {
            **os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "MONGOD_DATA": str(self.folder / "data"),
            "MONGOD_PORT": str(self.port), "MONGO_ADMIN_PASSWORD": ADMIN_PASSWORD, "BOOKINFO_PASSWORD": BOOKINFO_PASSWORD,
            # What Kubernetes sets for the Service mongodb.
            "MONGODB_PORT": "tcp://192.0.2.1:27017", **changes,
        }
        self.expect(Running("sh", self.folder / "scripts/prepare.sh", environment=environment), status, output, errors)

    def verify(self, password: str) -> tuple:
        """Reads from the server as the pod then starts it, with authentication."""
        process = subprocess.Popen(
            [servers.mongod_binary(), "--auth", "--dbpath", self.folder / "data", "--port", str(self.port), "--nounixsocket"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            servers.wait_for_port(self.port, process)
            environment = {**os.environ, "MONGODB_HOST": "127.0.0.1", "MONGODB_PORT": str(self.port), "MONGODB_TLS": "false",
                           "BOOKINFO_PASSWORD": password}
            return Running(RUN, "verify", environment=environment).result()
        finally:
            process.terminate()
            process.wait()

    def test_a_failed_start_is_made_good(self):
        self.prepare(1, "created the user admin in admin\n", f"Error: set BOOKINFO_PASSWORD\n{WAY_OUT}",
                     BOOKINFO_PASSWORD="")
        self.prepare(1, "updated the user admin in admin\n",
                     "MongoServerError: Error preflighting normalization: U_STRINGPREP_PROHIBITED_ERROR\n"
                     f"{WAY_OUT}", BOOKINFO_PASSWORD="a\x07b")
        self.prepare(0, f"updated the user admin in admin\ncreated the user bookinfo in test\n{MADE}", "")
        self.prepare(0, f"updated the user admin in admin\nupdated the user bookinfo in test\n{KEPT}", "", BOOKINFO_PASSWORD="new")
        self.assertEqual(self.verify("new"), (
            0, 'bookinfo reads [{"rating":1},{"rating":1}]\nbookinfo can only read\n', "== verify\n"))

    def test_mongod_does_not_start(self):
        (self.folder / "data").rmdir()
        environment = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "MONGOD_PORT": str(self.port),
                       "MONGOD_DATA": str(self.folder / "data")}
        status, output, errors = Running("sh", self.folder / "scripts/prepare.sh", environment=environment).result()
        self.assertEqual((status, output), (1, ""))
        lines = errors.splitlines()
        self.assertEqual(lines[0], f"prepare: mongod does not start on {self.folder / 'data'}; what its log says of it:")
        self.assertIn("NonExistentPath", errors)

    def tearDown(self):
        shutil.rmtree(self.folder)


if __name__ == "__main__":
    unittest.main()
