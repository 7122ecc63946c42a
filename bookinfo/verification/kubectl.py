"""kubectl, run as a child: its answers as text or JSON, its complaints as an exception."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from typing import Any, Sequence


class KubectlError(Exception):
    """kubectl ended with another status than 0; the text is what it said on standard error."""


class Missing(KubectlError):
    """kubectl is not there."""


def run(*arguments: str, input: str | None = None) -> str:
    """Runs kubectl.

    Args:
        arguments: as on a command line.
        input: for its standard input.

    Returns:
        Its standard output. Standard error is dropped: pilot-agent writes notes there that are no errors.

    Raises:
        KubectlError: it ended with another status than 0.
        Missing: it is not there.
    """
    done = ended(*arguments, input=input)
    if done.returncode != 0:
        raise KubectlError(complaint(done.stderr) or done.stdout.strip() or f"kubectl ended with status {done.returncode}")
    return done.stdout


def complaint(errors: str) -> str:
    """What kubectl says of its failure, without the lines of its own log (`E1128 20:02:13.123456 1234 memcache.go:265]`)."""
    lines = [line for line in errors.strip().splitlines() if not re.match(r"[EFIW]\d{4} \d\d:", line)]
    return "\n".join(lines).strip() or errors.strip()


def ended(*arguments: str, input: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Runs kubectl, and leaves its status to the caller.

    Raises:
        Missing: it is not there.
    """
    try:
        return subprocess.run(
            ["kubectl", *arguments],
            input=input, stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )
    except FileNotFoundError:
        raise Missing("kubectl is missing: https://kubernetes.io/docs/tasks/tools") from None


def get(*arguments: str) -> Any:
    """`kubectl get … -o json`, parsed; `None` where it prints nothing (`--ignore-not-found`).

    Raises:
        KubectlError: as `run`.
    """
    text = run("get", *arguments, "-o", "json")
    return json.loads(text) if text.strip() else None


def items(answer: Any) -> list[dict]:
    """The objects of an answer, which is `None`, one object, or a list of kind List."""
    if answer is None:
        return []
    return answer["items"] if "items" in answer else [answer]


def parse_yaml(text: str) -> list[dict]:
    """The documents of a YAML text as kubectl itself reads them, without a server.

    `kubectl label --local` changes nothing but `labels: {}`, which it adds where there are none; it is taken out again.

    Raises:
        KubectlError: no YAML, or no Kubernetes object.
    """
    if not text.strip():
        return []
    printed = run("label", "--local", "-f", "-", "none-", "-o", "json", input=text)
    documents: list[dict] = []
    decoder = json.JSONDecoder()
    position = 0
    while printed[position:].strip():
        position += len(printed[position:]) - len(printed[position:].lstrip())
        document, position = decoder.raw_decode(printed, position)
        documents += items(document)
    for document in documents:
        if document.get("metadata", {}).get("labels") == {}:
            del document["metadata"]["labels"]
    return documents


def read_yaml(path: pathlib.Path) -> list[dict]:
    """The same of a file.

    Raises:
        KubectlError: as `parse_yaml`.
        OSError: the file can't be read.
    """
    return parse_yaml(path.read_text(encoding="utf-8"))


def render(folder: pathlib.Path) -> list[dict]:
    """What `kubectl apply -k` would apply, in JSON's terms.

    Raises:
        KubectlError: kustomize refuses the folder.
    """
    return parse_yaml(run("kustomize", str(folder)))


def follow(arguments: Sequence[str]) -> "subprocess.Popen[str]":
    """`kubectl logs --follow …` as a child that runs on; the caller reads its standard output and ends it."""
    return subprocess.Popen(
        ["kubectl", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8", errors="replace",
    )
