"""bookinfo/verify as a program, with the stand-in found on the PATH; the cluster's clock differs from this machine's."""

from __future__ import annotations

import os
import pathlib
import pickle
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from typing import Callable, Iterator

import cluster
import facts

from . import all_of_them, scenario
from .case import Case

FAKE = pathlib.Path(__file__).resolve().parent.parent / "fake-kubectl"
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d/\w{3}/\d{4}:[\d:]+ \+0000")


def cases() -> Iterator[Case]:
    """All of them."""
    for name, seconds in (("blocked", 30), ("tls-gateway-mtls", -120), ("tls-wildcard-sni-proxy", 30)):
        yield program(
            f"{name} as a program, the caller's clock {abs(seconds)} s {'ahead' if seconds > 0 else 'behind'}", f"right/{name}", 0,
            lambda name=name, seconds=seconds: scenario.right(name, clock(seconds)), name)
    yield program(
        "no access logs, as a program", "own-pods/no-access-logs", 1, without_logs, "tls-gateway", "--timeout", "1")
    yield from without_kubectl()
    yield wrong_parameters()
    yield interrupted()


def clock(seconds: float) -> float:
    """Of a cluster, when the caller's is so many seconds ahead."""
    return round((datetime.now(timezone.utc) - cluster.BEGIN).total_seconds()) - seconds


def without_logs() -> cluster.Cluster:
    made = scenario.right("tls-gateway")
    made.has_access_logs = False
    made.logs.clear()
    return made


def environment(folder: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{FAKE}{os.pathsep}{os.environ['PATH']}", "FAKE_CLUSTER": f"{folder}/cluster", "COLUMNS": "80"}


def program(title: str, file: str, status: int, make: Callable[[], cluster.Cluster], *words: str) -> Case:
    """Compares the whole output but for times; what is still waited for depends on the machine."""

    def plain(text: str) -> str:
        rows = [row for row in text.splitlines() if not row.startswith("    still ")]
        return TIME.sub("TIME", "\n".join(rows))

    def see() -> dict:
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "cluster").write_bytes(pickle.dumps(make()))
            done = subprocess.run(
                [scenario.BOOKINFO / "verify", *words], env=environment(folder), capture_output=True, encoding="utf-8", check=False)
        return {"status": done.returncode, "text": plain(done.stdout + "--- on standard error\n" + done.stderr)}

    return Case(title, {"status": status, "text": plain(facts.text(f"verify/{file}.txt"))}, see)


def without_kubectl() -> Iterator[Case]:
    """One line, whatever was asked for."""
    missing = "kubectl is missing: https://kubernetes.io/docs/tasks/tools"
    for word, output in (("tls", f"untried tls: {missing}\n"), ("--all", "")):

        def see(word: str = word) -> dict:
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    [sys.executable, scenario.BOOKINFO / "verify", word], env={"PATH": folder}, capture_output=True,
                    encoding="utf-8", check=False)
            return {"status": done.returncode, "output": done.stdout, "error": done.stderr}

        yield Case(f"{word} without kubectl", {"status": 2, "output": output, "error": f"verify: {missing}\n"}, see)


def wrong_parameters() -> Case:
    """They are checked before anything is asked of the cluster."""

    def see() -> dict:
        with tempfile.TemporaryDirectory() as folder:
            bookinfo = pathlib.Path(folder, "bookinfo")
            shutil.copytree(scenario.BOOKINFO, bookinfo)
            file = bookinfo / "egress/parameters/database.yaml"
            file.write_text(file.read_text().replace("host: mongo.example.com", "host: Mongo.example.com"))
            state = pathlib.Path(folder, "cluster")
            state.write_bytes(pickle.dumps(scenario.right("tls")))
            done = subprocess.run(
                [bookinfo / "verify", "tls"], env=environment(folder), capture_output=True, encoding="utf-8", check=False)
            made = pickle.loads(state.read_bytes())
        return {"status": done.returncode, "output": done.stdout, "error": done.stderr,
                "calls": [call[0] for call in made.calls]}

    said = "egress/parameters/database.yaml can't be meant:"
    return Case("wrong parameters", {
        "status": 2, "output": f"untried tls: {said}\n", "calls": ["label"],
        "error": f"verify: {said}\n    host: 'Mongo.example.com' has capital letters; Envoy compares names in lower case; for "
        "example host: mongo.example.com\n"}, see)


def interrupted() -> Case:
    """Ctrl-C under --all: what is applied is deleted."""

    def see() -> dict:
        made = all_of_them.everything()
        del made.pods["istio-egressgateway-d75449c8c-hck7p"]
        with tempfile.TemporaryDirectory() as folder:
            state = pathlib.Path(folder, "cluster")
            state.write_bytes(pickle.dumps(made))
            # Who runs the tests in the background of a script has the signal ignored.
            child = subprocess.Popen(
                [scenario.BOOKINFO / "verify", "--all"], env=environment(folder), stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, encoding="utf-8", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            assert child.stderr is not None
            rows = []
            for row in child.stderr:
                rows.append(row)
                if row.startswith("waiting for a ready pod"):
                    child.send_signal(signal.SIGINT)
            status = child.wait()
            kept = pickle.loads(state.read_bytes()).objects
        return {"status": status, "last": rows[-2:], "left": [live["kind"] for live in kept if "istio.io" in live["apiVersion"]]}

    return Case("--all interrupted", {
        "status": 130, "last": ["deleting tcp-gateway\n", "verify: interrupted\n"], "left": ["Sidecar"]}, see)
