"""What a call of kubectl ends with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Answer:
    """Exit status and both outputs."""

    status: int = 0
    output: str = ""
    error: str = ""


def refuse(arguments: list[str]) -> Answer:
    """A call that the stand-in does not know: the test has to."""
    return Answer(64, "", f"fake kubectl: unexpected call: {' '.join(arguments)}\n")
