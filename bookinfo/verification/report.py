"""What was looked at and what was seen: for a person line by line, for a program as JSON; and progress in between."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any


class Untried(Exception):
    """It could not be tried; the text says why. Exit status 2."""


class Timer:
    """A bound on waiting, by the caller's monotonic clock; no time of the cluster is compared with it."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.begin = time.monotonic()

    @property
    def passed(self) -> float:
        return time.monotonic() - self.begin

    @property
    def is_over(self) -> bool:
        return self.passed >= self.seconds

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.passed)


class Progress:
    """Tells on standard error what is waited for, every ten seconds again."""

    def __init__(self) -> None:
        self.what = ""
        self.told = 0.0

    def say(self, text: str) -> None:
        """Something begins."""
        self.what, self.told = text, time.monotonic()
        print(text, file=sys.stderr, flush=True)

    def tick(self, timer: Timer, seen: str = "") -> None:
        """Still waiting; tells so where it was last told ten seconds ago."""
        if time.monotonic() - self.told >= 10:
            self.told = time.monotonic()
            detail = f": {seen}" if seen else ""
            print(f"    still {self.what}, {timer.passed:.0f} of {timer.seconds:.0f} s{detail}", file=sys.stderr, flush=True)

    def pause(self, timer: Timer, seconds: float, seen: str = "") -> None:
        """The same, and sleeps, no longer than the timer has left."""
        self.tick(timer, seen)
        time.sleep(min(seconds, timer.left))


@dataclass
class Check:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    expected: str = ""
    seen: str = ""
    # Lines of logs, or of kubectl.
    lines: list[str] = field(default_factory=list)
    cause: str = ""
    advice: str = ""


@dataclass
class Report:
    """The checks of one configuration, in order."""

    configuration: str
    # Whether they are printed as they come.
    is_printed: bool
    checks: list[Check] = field(default_factory=list)
    ratings_check: str = ""
    # Why it could not be tried.
    untried: str = ""

    def add(self, check: Check) -> None:
        self.checks.append(check)
        if self.is_printed:
            print(*text_of(check), sep="\n", flush=True)

    def ok(self, name: str, seen: str, lines: list[str] | None = None) -> None:
        """Something is as expected."""
        self.add(Check(name, True, seen=seen, lines=lines or []))

    def fail(
        self, name: str, expected: str, seen: str, lines: list[str] | None = None, cause: str = "", advice: str = ""
    ) -> None:
        """Something is not."""
        self.add(Check(name, False, expected, seen, lines or [], cause, advice))

    @property
    def failures(self) -> list[Check]:
        return [check for check in self.checks if not check.is_ok]

    @property
    def status(self) -> int:
        """The exit status: 0 when all is as expected, 1 when it is not, 2 when it could not be tried."""
        return 2 if self.untried else 1 if self.failures else 0

    @property
    def verdict(self) -> str:
        return ("pass", "FAIL", "untried")[self.status]

    @property
    def reason(self) -> str:
        """In one line, empty where it passes."""
        if self.untried:
            return self.untried.splitlines()[0]
        if not self.failures:
            return ""
        first = next((check for check in self.failures if check.cause), self.failures[0])
        return first.cause or f"{first.name}: {first.seen}"

    def last_line(self) -> str:
        """The verdict, for a person."""
        return f"{self.verdict} {self.configuration}" + (f": {self.reason}" if self.reason else "")

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "configuration": self.configuration, "verdict": self.verdict.lower(), "reason": self.reason or None,
            "checks": [
                {
                    "check": check.name, "ok": check.is_ok, "expected": check.expected or None, "seen": check.seen,
                    "lines": check.lines, "cause": check.cause or None, "advice": check.advice or None,
                }
                for check in self.checks
            ],
            "ratingsCheck": self.ratings_check or None,
        }

    def finish(self) -> None:
        """Prints what comes last."""
        if not self.is_printed:
            return
        if self.ratings_check:
            print("what ratings sees from its pod (ratings check):")
            print(*("     " + line for line in self.ratings_check.splitlines()), sep="\n")
        if self.untried:
            print(f"verify: {self.untried}", file=sys.stderr)
        print(self.last_line(), flush=True)


def text_of(check: Check) -> list[str]:
    """A check's lines on a terminal."""
    if check.is_ok:
        return [f"ok   {check.name}: {check.seen}", *("     " + line for line in check.lines)]
    rows = [
        f"FAIL {check.name}", f"     expected: {check.expected}", f"     seen:     {check.seen}",
        *("       " + line for line in check.lines),
    ]
    rows += [f"     cause:    {check.cause}"] if check.cause else []
    return rows + ([f"     advice:   {check.advice}"] if check.advice else [])


def count(number: int, thing: str) -> str:
    """`1 object`, `2 objects`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
