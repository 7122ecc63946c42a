"""How bookinfo/database/run is called: folders, shells, hosts, and what is typed."""

import unittest

from fixture import BOOKINFO_PASSWORD, RUN, WORK, Running, TestCase, database, settings
from terminal import converse

VERIFIED = 'bookinfo reads [{"rating":1},{"rating":1}]\nbookinfo can only read\n'


class Run(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = database()
        cls.server.hold("[{ rating: 1 }, { rating: 1 }]")
        cls.account("createUser", BOOKINFO_PASSWORD)

    @classmethod
    def tearDownClass(cls):
        cls.server.shell("db.runCommand({ dropUser: 'bookinfo' }); db.getCollection('ratings').drop()")

    @classmethod
    def account(cls, command: str, password: str) -> None:
        cls.server.shell(f"db.runCommand({{ {command}: 'bookinfo', pwd: {password!r}, roles: ['read'] }})")

    def verified(self, *words: object, folder=None, **changes: str) -> None:
        self.expect(Running(*words, environment=settings(**changes), folder=folder), 0, VERIFIED, "== verify\n")

    def test_through_symbolic_links(self):
        links = WORK / "links"
        links.mkdir()
        (links / "absolute").symlink_to(RUN)
        (links / "relative").symlink_to("absolute")
        self.verified(links / "relative", "verify")

    def test_with_cdpath(self):
        self.verified("bookinfo/database/run", "verify", folder=RUN.parent.parent.parent, CDPATH=".")

    def test_with_sh(self):
        self.verified("sh", RUN, "verify")

    def test_settings_of_the_first_container_do_no_harm(self):
        self.verified(RUN, "verify", MONGODB_LOCAL="true")

    def test_ipv6(self):
        port = str(self.server.port)
        self.verified(RUN, "verify", MONGODB_HOST="::1")
        self.verified(RUN, "verify", MONGODB_HOST="[::1]")
        self.verified(RUN, "verify", MONGODB_HOST=f"[::1]:{port}", MONGODB_PORT="1")

    def test_help(self):
        for word in ("--help", "-h"):
            status, output, errors = Running(RUN, word, environment=settings(MONGODB_HOST=None)).result()
            self.assertEqual((status, errors), (0, ""))
            self.assertEqual(output.splitlines()[0], "Runs the steps against the external database with mongosh: "
                             "database/run STEP...")
            self.assertEqual(output.splitlines()[-1], "  BOOKINFO_PASSWORD       asked for where a step needs it and it is not set")

    def test_a_password_keeps_its_blanks(self):
        self.account("updateUser", "  ab  ")
        self.addCleanup(self.account, "updateUser", BOOKINFO_PASSWORD)
        status, seen = self.type("  ab  \n")
        self.assertEqual((status, seen), (0, f"password of the user bookinfo: \n== verify\n{VERIFIED}"))

    def test_nothing_typed(self):
        self.assertEqual(self.type("\x04"), (1, "password of the user bookinfo: \n"
                                                 "database/run: no password was typed for BOOKINFO_PASSWORD\n"))
        self.assertEqual(self.type("\n"), (1, "password of the user bookinfo: \ndatabase/run: BOOKINFO_PASSWORD must not be empty\n"))

    def type(self, keys: str) -> tuple:
        return converse([RUN, "verify"], settings(BOOKINFO_PASSWORD=None), b"bookinfo: ", keys.encode())


if __name__ == "__main__":
    unittest.main()
