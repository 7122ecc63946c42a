"""One case: what is to be seen, and how to see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Callable

import facts
from cluster import Cluster

from . import in_process, scenario


@dataclass(frozen=True)
class Case:
    """`see` gives what `expected` says where verify is right."""

    title: str
    expected: Any
    see: Callable[[], Any]
    # Where the whole output stands that is expected.
    file: str = ""


def whole(title: str, name: str, status: int, make: Callable[[], Cluster], *words: str, patience: float = 0) -> Case:
    """Compares all that verify writes with fixtures/verify/NAME.txt, and its exit status."""

    def see() -> Any:
        ended = in_process.run(make(), *words, patience=patience)
        text = ended.output + "--- on standard error\n" + ended.error
        return {"status": ended.status, "text": text.replace(str(scenario.BOOKINFO), "bookinfo")}

    file = f"verify/{name}.txt"
    return Case(title, {"status": status, "text": facts.text(file) if (facts.FIXTURES / file).exists() else ""}, see, file)


def passes(title: str, make: Callable[[], Cluster], *words: str) -> Case:
    """Compares exit status, verdict, and that no check failed."""
    return Case(title, {"status": 0, "verdict": "pass", "reason": None, "failures": []}, lambda: failures(make(), *words))


def fails(title: str, make: Callable[[], Cluster], *words: str, checks: list[dict], reason: str) -> Case:
    """Compares every check that failed, without the lines of logs, and the reason given last."""
    expected = {"status": 1, "verdict": "fail", "reason": reason, "failures": checks}
    return Case(title, expected, lambda: failures(make(), *words))


def untried(title: str, make: Callable[[], Cluster], *words: str, reason: str) -> Case:
    """Compares why it could not be tried."""
    return Case(title, {"status": 2, "verdict": "untried", "reason": reason, "failures": []}, lambda: failures(make(), *words))


def check(name: str, expected: str, seen: str, cause: str | None = None, advice: str | None = None) -> dict:
    """A check that failed."""
    return {"check": name, "ok": False, "expected": expected, "seen": seen, "cause": cause, "advice": advice}


def failures(cluster: Cluster, *words: str) -> dict:
    """What `--json` says of the checks that failed."""
    ended = in_process.run(cluster, *words, "--json")
    document = json.loads(ended.output)
    failed = [{key: value for key, value in one.items() if key != "lines"} for one in document["checks"] if not one["ok"]]
    return {"status": ended.status, "verdict": document["verdict"], "reason": document["reason"], "failures": failed}
