"""Runs bookinfo/verify in this process: its kubectl is the stand-in, and time passes only as far as it waits.

So nothing depends on how fast a machine is, and outputs are the same each time. programs.py runs some cases as programs.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import threading
from dataclasses import dataclass
from typing import Any, Iterator

import commands
import pod_commands
from answer import Answer
from cluster import Cluster
from verification import command, kubectl, report, rollout


@dataclass(frozen=True)
class Ended:
    """What a run of verify ended with."""

    status: int
    output: str
    error: str


class Time:
    """Stands for the module time: a clock that only sleeping moves."""

    def __init__(self, cluster: Cluster):
        self.cluster = cluster
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.cluster.clock += seconds


class Child:
    """Stands for a process that runs on."""

    def __init__(self, rows: Iterator[str], found: Answer | None, time: Time, seconds: float):
        self.stdout = rows
        self.found = found
        self.time = time
        self.end = time.passed + seconds
        self.stopped = threading.Event()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.found is not None and self.time.passed >= self.end:
            self.returncode = self.found.status
        return self.returncode

    def terminate(self) -> None:
        self.returncode = -15

    def wait(self) -> int:
        return self.returncode or 0


class Processes:
    """Stands for the module subprocess, whose only program is kubectl."""

    DEVNULL, PIPE = subprocess.DEVNULL, subprocess.PIPE

    def __init__(self, cluster: Cluster, time: Time, patience: float):
        self.cluster = cluster
        self.time = time
        self.patience = patience

    def run(self, arguments: list[str], **options: Any) -> "subprocess.CompletedProcess[str]":
        assert arguments[0] == "kubectl"
        found = commands.answer(self.cluster, arguments[1:], options.get("input") or "")
        return subprocess.CompletedProcess(arguments, found.status, found.output, found.error)

    def Popen(self, arguments: list[str], **_: Any) -> Child:
        assert arguments[0] == "kubectl"
        if "--follow" in arguments:
            return Child(pod_commands.follow(self.cluster, commands.parse(arguments[1:], "")), None, self.time, 0)
        found = commands.answer(self.cluster, arguments[1:])
        rows = found.output.splitlines(True)
        return Child(iter(rows[:-1] if self.patience else rows), found, self.time, self.patience)


def run(cluster: Cluster, *words: str, patience: float = 0) -> Ended:
    """One run.

    Args:
        patience: seconds that `kubectl rollout status` takes by the caller's clock.
    """
    time = Time(cluster)
    processes = Processes(cluster, time, patience)
    output, error = io.StringIO(), io.StringIO()
    kept = [(module, name, getattr(module, name)) for module, name in (
        (kubectl, "subprocess"), (report, "time"), (rollout, "time"))]
    kubectl.subprocess, report.time, rollout.time = processes, time, time  # type: ignore[assignment]
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            try:
                status = command.main(list(words))
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else 1
    finally:
        for module, name, value in kept:
            setattr(module, name, value)
    return Ended(status, output.getvalue(), error.getvalue())
