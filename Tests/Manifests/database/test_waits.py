"""What bookinfo/database/run says where a connection fails. A driver waits its ten seconds, so all of them wait at once, and
beside the other tests: they begin when this file is read.
"""

import unittest

import servers
from fixture import RUN, WORK, Running, TestCase, database, failed, settings

SIGNER = "self-signed certificate in certificate chain"
OTHER = WORK / "other"


def begin() -> dict:
    """Starts them all."""
    OTHER.mkdir()
    servers.certificate(OTHER, "other")
    plan = {
        "no CA": {"MONGODB_CA_FILE": None},
        "wrong CA": {"MONGODB_CA_FILE": str(OTHER / "other.crt")},
        "no such file": {"MONGODB_CA_FILE": "/nowhere/ca.crt"},
        # Loopback as well, and not in the certificate.
        "wrong name": {"MONGODB_HOST": "127.0.0.2"},
        "wrong set": {"MONGODB_REPLICA_SET": "rs1"},
        "wrong password": {"BOOKINFO_PASSWORD": "wrong"},
        "message with URL": {"MONGOSH_CONNECT_ERROR": "no way to {url}"},
        "message with a short password's URL": {"MONGOSH_CONNECT_ERROR": "no way to {url}", "BOOKINFO_PASSWORD": "a"},
    }
    return {name: Running(RUN, "verify", environment=settings(**changes)) for name, changes in plan.items()}


RUNNING = begin()


class Failures(TestCase):
    def says(self, name: str, line: str, host: str = "localhost") -> None:
        self.expect(RUNNING.pop(name), 1, "", failed("verify", f"cannot connect to {host} as bookinfo: {line}"))

    def test_certificates(self):
        self.says("no CA", f"{SIGNER}; for a CA of one's own, MONGODB_CA_FILE names its certificate")
        self.says("wrong CA", f"{SIGNER}; MONGODB_CA_FILE={OTHER}/other.crt does not hold the certificate of the CA that "
                  "signed the server's")
        self.says("no such file", "ENOENT: no such file or directory, open '/nowhere/ca.crt'")
        self.says("wrong name", "Hostname/IP does not match certificate's altnames: IP: 127.0.0.2 is not in the cert's list: "
                  "127.0.0.1, ::1; the certificate is for other names than MONGODB_HOST", "127.0.0.2")

    def test_another_set(self):
        self.says("wrong set", "Server selection timed out after 10000 ms; no primary of a replica set named rs1 answered: look "
                  "at MONGODB_REPLICA_SET")

    def test_passwords(self):
        self.says("wrong password", "Authentication failed.")
        options = f"authSource=test&serverSelectionTimeoutMS=10000&tls=true&tlsCAFile={str(database().folder).replace('/', '%2F')}"
        place = f"mongodb://bookinfo:***@localhost:{database().port}/test?{options}%2Fca.crt"
        self.says("message with URL", f"no way to {place}")
        self.says("message with a short password's URL", f"no way to {place}")


if __name__ == "__main__":
    unittest.main()
