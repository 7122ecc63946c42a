"""What an engine reads of the image that was built. The variables CONFIGURATION and BASE name its configuration, unpacked, and
the base image's name."""

import json
import os
import pathlib
import subprocess
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


class Configuration(unittest.TestCase):
    maxDiff = None

    def test_is_what_the_deployment_and_a_registry_expect(self):
        configuration = json.loads(pathlib.Path(os.environ["CONFIGURATION"]).read_text())["config"]
        # Buildah's own.
        configuration["Labels"].pop("io.buildah.version", None)
        revision = subprocess.run(
            ["git", "-C", REPOSITORY, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
        ).stdout.strip()
        label = "org.opencontainers.image."
        source = configuration["Labels"].pop(label + "source")
        self.assertRegex(source, r"^(unknown|https://[^@]+)$")
        self.assertIn(configuration["Labels"].pop(label + "revision"), [revision, revision + "-modified"])
        self.assertEqual(
            configuration,
            {
                "User": "1000:1000",
                "Env": ["PATH=/opt/ratings", "MONGOC_DISABLE_SHM=1", "SWIFT_BACKTRACE=enable=no"],
                "Cmd": ["/opt/ratings/ratings", "9080"],
                "ExposedPorts": {"9080/tcp": {}},
                "Labels": {
                    label + "title": "ratings",
                    label + "description": "Bookinfo's ratings v2: ratings from a MongoDB database",
                    label + "licenses": "Apache-2.0",
                    label + "version": "v2-1.0.0",
                    label + "base.name": os.environ["BASE"],
                },
            },
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
