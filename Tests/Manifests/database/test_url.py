"""bookinfo/platform/mongodb-url: the URL for each configuration, and one line where there is none."""

import os
import pathlib
import shutil
import subprocess
import unittest

from fixture import BOOKINFO, BOOKINFO_PASSWORD, WORK, Running, TestCase
from terminal import converse

USER = "mongodb://bookinfo:book%3Ainfo%40%2F%3F%23%25%202"
ONE = "@mongo.example.com:27017/test?authSource=test"
MEMBERS = "@mongodb1.example.com:27017,mongodb2.example.com:27017,mongodb3.example.com:27017/test?authSource=test"
PROMPT = "password of the user bookinfo: "
NO_UTF8 = "mongodb-url: the password is no UTF-8, and MongoDB takes no other\n"


def copy(line: str, replacement: str) -> pathlib.Path:
    """mongodb-url in a copy of bookinfo with another line in the parameters."""
    target = WORK / "bookinfo"
    shutil.rmtree(target, ignore_errors=True)
    for folder in ("platform", "egress", "verification"):
        shutil.copytree(BOOKINFO / folder, target / folder)
    file = target / "egress/parameters/database.yaml"
    text = file.read_text()
    assert text.count(line) == 1, line
    file.write_text(text.replace(line, replacement))
    return target / "platform/mongodb-url"


class URL(TestCase):
    def made(self, url: str, *words: str, program=BOOKINFO / "platform/mongodb-url", **changes: str) -> None:
        self.assertEqual(self.run_it(program, words, changes), (0, url, ""))

    def refused(self, line: str, *words: str, program=BOOKINFO / "platform/mongodb-url", **changes: str) -> None:
        self.assertEqual(self.run_it(program, words, changes), (1, "", f"mongodb-url: {line}\n"))

    def run_it(self, program, words, changes) -> tuple:
        environment = {**os.environ, "BOOKINFO_PASSWORD": BOOKINFO_PASSWORD, **changes}
        return Running(program, *words, environment=environment).result()

    def test_configurations(self):
        self.made(f"{USER}{ONE}&tls=true")
        self.made(f"{USER}{ONE}", "tls-origination")
        self.made(f"{USER}@mongodb:27017/test?authSource=test", "in-cluster-mongodb")
        self.made(f"{USER}{ONE}&tls=true&tlsCAFile=/etc/ratings-mongodb-ca/ca.crt", "tls-gateway", MONGODB_OWN_CA="true")
        self.made(f"{USER}{ONE}&tls=true&tlsCAFile=/etc/ratings-mongodb-ca/ca.crt", MONGODB_OWN_CA="1")
        self.made(f"{USER}{ONE}&tls=true", MONGODB_OWN_CA="false")
        self.made(f"{USER}{ONE}", "tcp-gateway", MONGODB_TLS="false")
        self.made(f"{USER}{ONE}&tls=true", "tcp-gateway", MONGODB_TLS="true")
        self.made(f"{USER}{ONE}", "tls-origination", MONGODB_TLS="false")
        self.made(f"{USER}{MEMBERS}&tls=true&replicaSet=rs%200", "replica-set", MONGODB_REPLICA_SET="rs 0")

    def test_refusals(self):
        self.refused("MONGODB_OWN_CA is 'yes'; set it to true or false", MONGODB_OWN_CA="yes")
        self.refused("MONGODB_TLS is false, and tls-gateway finds the database by the SNI of TLS", "tls-gateway", MONGODB_TLS="false")
        self.refused(
            "MONGODB_TLS is true, and tls-origination has no TLS between the service and its sidecar", "tls-origination",
            MONGODB_TLS="true")
        status, output, errors = self.run_it(BOOKINFO / "platform/mongodb-url", ["nope"], {})
        self.assertEqual((status, output, errors.count("\n")), (1, "", 1))
        self.assertTrue(errors.startswith("mongodb-url: name one configuration or none; there are: blocked, tcp,"), errors)

    def test_yaml_with_quotes(self):
        self.made(f"{USER}@db.example.com:27017/test?authSource=test&tls=true",
                  program=copy("host: mongo.example.com", 'host: "db.example.com"    # with quotes'))
        self.made(f"{USER}{ONE.replace('27017', '27018')}&tls=true", program=copy("port: 27017", 'port: "27018"'))
        self.made(f"{USER}{MEMBERS.replace('mongodb2', 'db2')}&tls=true", "replica-set",
                  program=copy("- mongodb2.example.com", "- 'db2.example.com'"))

    def test_yaml_that_is_none(self):
        program = copy("port: 27017", "port: none")
        file = program.parent.parent / "egress/parameters/database.yaml"
        self.refused(f"{file}: port 'none' is no port (1 to 65535)", program=program)
        program = copy("  host: mongo.example.com\n", "")
        self.refused(f"{file}: host names no host", program=program)
        program = copy("  host: mongo.example.com", "  host: [")
        status, output, errors = self.run_it(program, [], {})
        self.assertEqual((status, output, errors.count("\n")), (1, "", 1), errors)
        self.assertTrue(errors.startswith(f"mongodb-url: {file}: "), errors)
        file.write_bytes(b"host: \xff\n")
        self.refused(f"{file}: it is no UTF-8", program=program)

    def test_without_a_terminal(self):
        self.refused("there is no terminal to ask for the password: set BOOKINFO_PASSWORD", BOOKINFO_PASSWORD="")

    def test_a_password_that_is_no_utf8(self):
        self.assertEqual(self.run_it(BOOKINFO / "platform/mongodb-url", [], {"BOOKINFO_PASSWORD": os.fsdecode(b"\xff")}), (1, "", NO_UTF8))

    def test_what_is_typed(self):
        for keys, status, said in [
            (b"  ab  \n", 0, f"\nmongodb://bookinfo:%20%20ab%20%20{ONE}&tls=true"),
            (b"\n", 1, "\nmongodb-url: the password must not be empty\n"),
            (b"\x04", 1, "\nmongodb-url: no password was typed\n"),
            (b"\x03", 1, "\nmongodb-url: stopped\n"),
            (b"half\x03", 1, "\nmongodb-url: stopped\n"),
            (b"\xff\n", 1, f"\n{NO_UTF8}"),
        ]:
            with self.subTest(keys):
                environment = {**os.environ, "LC_ALL": "C.UTF-8"}
                self.assertEqual(converse([BOOKINFO / "platform/mongodb-url"], environment, PROMPT.encode(), keys), (status, PROMPT + said))

    def test_a_failure_makes_no_secret(self):
        """The documented command, with what follows it as it is, and kubectl's apply left out."""
        for arguments, status, made in [("nope", 1, ""), ("", 0, "kind: Secret")]:
            script = self.documented().replace("mongodb-url [CONFIGURATION]", f"mongodb-url {arguments}").replace("| kubectl apply -f -", "")
            environment = {**os.environ, "BOOKINFO_PASSWORD": "secret"}
            done = subprocess.run(["bash", "-c", script.replace("unset url", "")], cwd=BOOKINFO.parent, env=environment,
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, made in done.stdout and bool(done.stdout)), (status, bool(made)), done.stderr)

    def documented(self) -> str:
        """The command in mongodb-url's own help."""
        _, output, _ = self.run_it(BOOKINFO / "platform/mongodb-url", ["--help"], {})
        return output[output.index("    url=$("):output.index("The variable comes first")]

    def test_help(self):
        for word in ("--help", "-h"):
            status, output, errors = self.run_it(BOOKINFO / "platform/mongodb-url", [word], {})
            self.assertEqual((status, errors), (0, ""))
            self.assertTrue(output.startswith("Prints the MONGO_DB_URL that ratings-v2 needs"), output)


if __name__ == "__main__":
    unittest.main()
