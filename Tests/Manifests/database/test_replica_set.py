"""A replica set: steps that write need its primary, and say how to get there."""

import unittest

import servers
from fixture import WORK, TestCase, failed


class ReplicaSet(TestCase):
    def test_a_secondary_on_its_own(self):
        server = servers.replica_set(WORK / "set")
        self.addCleanup(server.stop)
        plain = {"MONGODB_TLS": "false", "MONGODB_CA_FILE": None, "MONGODB_PORT": str(server.port)}
        named = {**plain, "MONGODB_REPLICA_SET": "rs0"}
        self.expect(self.steps("create-ratings", **named), 0, "inserted two ratings of 1 into test.ratings\n", "== create-ratings\n")
        # A set of one that must not vote for itself for a while.
        server.shell("db.getSiblingDB('admin').runCommand({ replSetStepDown: 60, force: true })")
        self.expect(self.steps("create-user", **plain), 1, "", failed(
            "create-user", "localhost is a secondary of the replica set rs0: set MONGODB_REPLICA_SET=rs0"))


if __name__ == "__main__":
    unittest.main()
