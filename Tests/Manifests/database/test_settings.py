"""What bookinfo/database/run refuses."""

import unittest

from fixture import RUN, Running, TestCase, settings


class Settings(TestCase):
    """What `run` refuses before it asks for a password or starts anything."""

    def refused(self, said: str, *words: str, **changes: str) -> None:
        environment = {name: value for name, value in settings(**changes).items() if value is not None}
        self.expect(Running(RUN, *words, environment=environment), 1, "", f"database/run: {said}\n")

    def test_hosts_that_are_none(self):
        url = "MONGODB_HOST is a URL, and the host name alone is wanted; mongodb+srv does not work here, name the members"
        self.refused(url, "verify", MONGODB_HOST="mongodb://localhost")
        self.refused(url, "verify", MONGODB_HOST="mongodb+srv://localhost")
        self.refused("MONGODB_HOST holds more than host names, and ports of theirs", "verify", MONGODB_HOST="localhost/")
        self.refused("set MONGODB_HOST to the database's host name", "verify", MONGODB_HOST=None)

    def test_other_settings(self):
        self.refused("MONGODB_TLS is 'no'; set it to true or false", "verify", MONGODB_TLS="no")
        self.refused("set BOOKINFO_PASSWORD", "verify", BOOKINFO_PASSWORD=None)
        self.refused("no step 'drop'; there are create-user, create-ratings, verify, clean-up", "verify", "drop")
        self.refused("name one step or more: create-user, create-ratings, verify, clean-up")


if __name__ == "__main__":
    unittest.main()
