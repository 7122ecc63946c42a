"""What was recorded of a real cluster, in Tests/Manifests/fixtures."""

from __future__ import annotations

import copy
import functools
import json
import pathlib
import string
from typing import Any

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"


@functools.lru_cache(maxsize=None)
def text(name: str) -> str:
    """A file's text."""
    return (FIXTURES / name).read_text(encoding="utf-8")


def pod(name: str) -> dict:
    """A pod as the API server told of it; the caller may change it."""
    return copy.deepcopy(_parsed("pods.json")[name])


def listeners(name: str) -> list[dict]:
    """Listeners as istiod made them; the caller may change them."""
    path = FIXTURES / f"listeners/{name}.json"
    return copy.deepcopy(_parsed(f"listeners/{name}.json")) if path.exists() else []


@functools.lru_cache(maxsize=None)
def _parsed(name: str) -> Any:
    return json.loads(text(name))


def lines(name: str, fields: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Proxies and their lines for one connection. What changes from connection to connection stays as `${…}`."""
    rows = string.Template(text(f"lines/{name}")).safe_substitute(fields or {}).splitlines()
    return [(proxy, line) for proxy, _, line in (row.partition(": ") for row in rows)]
