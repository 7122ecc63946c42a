"""Calls that need no server: the real kubectl answers them, once for each input where the caller keeps one process."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import shutil
import subprocess

from answer import Answer

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent.parent.parent / ".cache/tools/bin"


@functools.lru_cache(maxsize=1)
def real() -> str:
    """The real kubectl's path."""
    path = os.pathsep.join(
        folder for folder in [*os.environ["PATH"].split(os.pathsep), str(TOOLS)] if pathlib.Path(folder).resolve() != HERE)
    found = shutil.which("kubectl", path=path)
    if found is None:
        raise SystemExit("verify-test needs kubectl: .ci/fetch-tools kubectl")
    return found


def kubectl(arguments: list[str], input: str = "") -> Answer:
    """The real one's answer."""
    return _kubectl(tuple(arguments), input)


@functools.lru_cache(maxsize=None)
def _kubectl(arguments: tuple[str, ...], input: str) -> Answer:
    done = subprocess.run([real(), *arguments], input=input, capture_output=True, encoding="utf-8", check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


@functools.lru_cache(maxsize=None)
def _rendered(folder: str) -> str:
    """A kustomization's objects as JSON."""
    text = kubectl(["kustomize", folder])
    assert text.status == 0, text.error
    return kubectl(["label", "--local", "-f", "-", "none-", "-o", "json"], text.output).output


def rendered(folder: str) -> list[dict]:
    """The objects of a kustomization; the caller may change them."""
    found = []
    decoder = json.JSONDecoder()
    text = _rendered(folder).strip()
    while text:
        document, end = decoder.raw_decode(text)
        found += document.get("items", [document])
        text = text[end:].strip()
    return found
