"""The steps of bookinfo/database/run against a real database: what they do, and that each can be repeated."""

import unittest

from fixture import COMMAND_LINES, TestCase, database, failed

TWO = [{"rating": 1}, {"rating": 1}]
READS = 'bookinfo reads [{"rating":1},{"rating":1}]\n'
CREATED = "created the user bookinfo in test\n"
UPDATED = "updated the user bookinfo in test\n"
INSERTED = "inserted two ratings of 1 into test.ratings\n"


def headings(*steps: str) -> str:
    return "".join(f"== {step}\n" for step in steps)


class Steps(TestCase):
    """In the order of their names: each test leaves user and collection as it found them."""

    @classmethod
    def setUpClass(cls):
        cls.database = database()

    def test_1_the_readmes_order_and_again(self):
        order = ["create-user", "create-ratings", "verify"]
        self.expect(self.steps(*order), 0, f"{CREATED}{INSERTED}{READS}bookinfo can only read\n", headings(*order))
        self.assertEqual(self.database.documents(), TWO)
        self.assertEqual(self.database.roles(), [{"role": "read", "db": "test"}])
        again = "test.ratings holds 2 documents already, left as they are\n"
        self.expect(self.steps(*order), 0, f"{UPDATED}{again}{READS}bookinfo can only read\n", headings(*order))
        self.assertEqual(self.database.documents(), TWO)

    def test_2_verify_wants_two_numbers(self):
        self.addCleanup(self.database.hold, "[{ rating: 1 }, { rating: 1 }]")
        number = "expected a number as each rating, and document"
        for documents, reads, said in [
            ("[{ foo: 1 }, { foo: 2 }]", "[{},{}]", f"{number} 1 holds no rating"),
            ("[{ rating: 1 }, { rating: '5' }]", '[{"rating":1},{"rating":"5"}]', f'{number} 2 holds the rating "5"'),
            ("[{ rating: null }, { rating: 1 }]", '[{"rating":null},{"rating":1}]', f"{number} 1 holds the rating null"),
            ("[{ rating: 1 }]", '[{"rating":1}]', "expected two ratings, found 1"),
            ("[]", "[]", "expected two ratings, found 0"),
        ]:
            with self.subTest(documents):
                self.database.hold(documents)
                self.expect(self.steps("verify"), 1, f"bookinfo reads {reads}\n", failed("verify", said))

    def test_3_a_64_bit_integer_is_a_number(self):
        self.addCleanup(self.database.hold, "[{ rating: 1 }, { rating: 1 }]")
        # BSON knows it by its size: what does not fit into 53 bits comes as an integer of 64.
        self.database.hold("[{ rating: 4 }, { rating: 2 ** 40 }]")
        self.database.shell("db.runCommand({ update: 'ratings', updates: [{ q: {}, u: [{ $set: { rating: { $toLong: '$rating' }"
                            " } }], multi: true }] })")
        self.expect(self.steps("verify"), 0, 'bookinfo reads [{"rating":4},{"rating":1099511627776}]\nbookinfo can only read\n',
                    headings("verify"))

    def test_4_an_account_that_may_write_leaves_nothing(self):
        self.addCleanup(self.database.shell, "db.runCommand({ updateUser: 'bookinfo', roles: ['read'] })")
        self.database.shell("db.runCommand({ updateUser: 'bookinfo', roles: ['readWrite'] })")
        said = ("bookinfo may insert, update, remove, createCollection, dropCollection in test or beyond: run create-user again")
        for _ in range(2):
            self.expect(self.steps("verify"), 1, READS, failed("verify", said))
        self.assertEqual(self.database.documents(), TWO)
        self.expect(self.steps("create-user", "verify"), 0, f"{UPDATED}{READS}bookinfo can only read\n",
                    headings("create-user", "verify"))

    def test_5_create_ratings_completes_a_first_try(self):
        self.addCleanup(self.database.hold, "[{ rating: 1 }, { rating: 1 }]")
        self.database.hold("[{ rating: 1 }]")
        self.expect(self.steps("create-ratings"), 0, "inserted the second rating of 1 into test.ratings\n",
                    headings("create-ratings"))
        self.assertEqual(self.database.documents(), TWO)
        self.database.hold("[{ rating: 5 }]")
        self.expect(self.steps("create-ratings"), 1, "", failed(
            "create-ratings", "test.ratings holds one document, and not { rating: 1 }: remove it, or add a second rating"))
        self.assertEqual(self.database.documents(), [{"rating": 5}])

    def test_6_a_collection_that_keeps_one(self):
        self.addCleanup(self.database.hold, "[{ rating: 1 }, { rating: 1 }]")
        self.database.shell("db.getCollection('ratings').drop();"
                            "db.runCommand({ create: 'ratings', capped: true, size: 4096, max: 1 })")
        self.expect(self.steps("create-ratings"), 1, "", failed(
            "create-ratings", "test.ratings keeps 1 of two documents: is it capped?"))

    def test_7_another_password(self):
        self.expect(self.steps("create-user", BOOKINFO_PASSWORD="  other  "), 0, UPDATED, headings("create-user"))
        self.expect(self.steps("verify"), 1, "", failed(
            "verify", "cannot connect to localhost as bookinfo: Authentication failed."))
        self.expect(self.steps("verify", BOOKINFO_PASSWORD="  other  "), 0, f"{READS}bookinfo can only read\n",
                    headings("verify"))

    def test_8_clean_up_and_again(self):
        self.expect(self.steps("clean-up"), 0, "dropped the user bookinfo from test\ndropped test.ratings\n", headings("clean-up"))
        self.assertEqual((self.database.documents(), self.database.roles()), ([], None))
        self.expect(self.steps("clean-up"), 0, "no user bookinfo in test\nno collection test.ratings\n", headings("clean-up"))

    def test_9_no_password_on_a_command_line(self):
        self.assertNoSecret("\n".join(line for line in COMMAND_LINES.read_text().splitlines() if "--nodb" in line))


if __name__ == "__main__":
    unittest.main()
