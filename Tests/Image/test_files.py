"""What is in the image's root, and what is not. The variable ROOT names it, and OBJECTS the folder of its binary's objects."""

import json
import os
import pathlib
import stat
import subprocess
import unittest

ROOT = pathlib.Path(os.environ["ROOT"])
BINARY = ROOT / "opt/ratings/ratings"
MEGABYTES = 35


def files():
    return [path for path in ROOT.rglob("*") if path.is_file() and not path.is_symlink()]


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *arguments], check=True, capture_output=True, text=True).stdout


class Files(unittest.TestCase):
    def test_is_small(self):
        size = sum(path.stat().st_size for path in files())
        self.assertLessEqual(size, MEGABYTES * 1_000_000)

    def test_runs_nothing_but_the_service(self):
        """Programs, by their mode; libraries and the loader lie in folders of libraries."""
        programs = [str(path.relative_to(ROOT)) for path in files() if path.stat().st_mode & 0o111]
        self.assertEqual([path for path in programs if not path.startswith("usr/lib/x86_64-linux-gnu/")], ["opt/ratings/ratings"])
        for name in ["sh", "bash", "dash", "perl", "apt-get", "dpkg", "busybox", "openssl", "ldconfig"]:
            found = [path for path in ROOT.rglob(name) if not path.is_dir() and path.parent.name != "status.d"]
            self.assertEqual(found, [], name)

    def test_has_no_dangling_link(self):
        for path in ROOT.rglob("*"):
            if path.is_symlink():
                target = os.readlink(path)
                target = ROOT / target[1:] if target.startswith("/") else path.parent / target
                self.assertTrue(target.exists() or target.is_symlink(), f"{path} leads to {target}")

    def test_nothing_is_writable_but_tmp(self):
        for path in ROOT.rglob("*"):
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and path != ROOT / "tmp":
                self.assertEqual(mode & 0o6022, 0, path)

    def test_has_one_user(self):
        self.assertEqual((ROOT / "etc/passwd").read_text(), "ratings:x:1000:1000:ratings:/nonexistent:/nonexistent\n")
        self.assertEqual((ROOT / "etc/group").read_text(), "ratings:x:1000:\n")

    def test_tells_what_it_is_made_of(self):
        packages = {path.name for path in (ROOT / "var/lib/dpkg/status.d").iterdir()}
        # What must be there by name; what else there is, both lists have.
        self.assertLessEqual({"libc6", "libssl3t64", "libmongoc-1.0-0t64", "libuv1t64", "ca-certificates"}, packages)
        bill = json.loads((ROOT / "usr/share/doc/ratings/sbom.cdx.json").read_text())
        self.assertEqual(bill["specVersion"], "1.5")
        self.assertEqual({component["name"] for component in bill["components"]}, packages | {"swiftlang"})
        for package in packages:
            fields = dict(
                line.split(": ", 1)
                for line in (ROOT / "var/lib/dpkg/status.d" / package).read_text().splitlines()
                if ": " in line and not line.startswith(" ")
            )
            self.assertEqual(fields["Package"], package)
            [component] = [component for component in bill["components"] if component["name"] == package]
            self.assertEqual(fields["Version"], component["version"])
            self.assertTrue((ROOT / "usr/share/doc" / package / "copyright").exists(), package)

    def test_binary_is_hardened(self):
        headers = readelf("--file-header", "--program-headers", "--dynamic", str(BINARY))
        self.assertIn("Type:                              DYN", headers)
        self.assertRegex(headers, r"GNU_RELRO\s")
        self.assertIn("BIND_NOW", headers)
        self.assertRegex(headers, r"GNU_STACK .* RW ")


class Objects(unittest.TestCase):
    """What the binary was linked from."""

    def test_shims_check_their_stack(self):
        """In the binary the symbol is always there: the runtime is linked in. So look at the objects that have taken in the C of
        our shims: CResolv's struct on the stack, CMongoC's iterators. None has it with -disable-stack-protector."""
        for name in ["Network.build/ServiceRecords", "MongoClient.build/BSONValues"]:
            symbols = readelf("--symbols", os.path.join(os.environ["OBJECTS"], f"{name}.swift.o"))
            self.assertRegex(symbols, r"UND __stack_chk_fail", name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
