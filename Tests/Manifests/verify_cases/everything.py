"""All cases of verify-test."""

from __future__ import annotations

from typing import Iterator

from . import all_of_them, applied, command_line, gateways, mutual_tls, others, own_pods, programs, right, ways
from .case import Case


def cases() -> Iterator[Case]:
    """In the order of their files."""
    for module in (programs, right, ways, gateways, applied, own_pods, others, mutual_tls, all_of_them, command_line):
        yield from module.cases()
