"""Unpacks an image that an engine has pushed to a folder (`dir:`, a manifest beside its blobs): into ROOT the files of all layers,
into CONFIGURATION what an engine reads of it, in lines that can be compared.

Usage: unpack.py FOLDER ROOT CONFIGURATION    (as root, since files keep their owners)
"""

import json
import pathlib
import subprocess
import sys


def main(folder, root, configuration):
    def blob(description):
        return folder / description["digest"].removeprefix("sha256:")

    manifest = json.loads((folder / "manifest.json").read_text())
    root.mkdir()
    for layer in manifest["layers"]:
        subprocess.run(["tar", "-C", root, "-xpf", blob(layer)], check=True)
    text = json.dumps(json.loads(blob(manifest["config"]).read_text()), indent=1, sort_keys=True)
    configuration.write_text(text + "\n")


main(*map(pathlib.Path, sys.argv[1:]))
