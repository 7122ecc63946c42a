"""Runs every check and prints what they find."""

import pathlib
import shutil
import subprocess
import sys

from . import cleanup, envoy_filters, expectations, parameters, repository, routes, schemas, workloads
from .tree import RenderError, Tree, render

YAMLLINT = "{extends: default, rules: {line-length: {max: 140}, document-start: disable, comments: {min-spaces-from-content: 1}}}"


def problems(tree: Tree):
    """Every problem of a bookinfo folder."""
    broken = False
    for folder in tree.kustomizations():
        try:
            if tree.text(folder) != render(tree.root / folder):
                yield f"{folder}: renders differently the second time"
        except RenderError as error:
            broken = True
            yield f"{folder}: {error}"
    if broken:
        return
    for folder in tree.kustomizations():
        documents = tree.documents(folder)
        for module in (workloads, routes, envoy_filters):
            yield from (f"{folder}: {problem}" for problem in module.check(tree, folder))
        yield from (f"{folder}: {problem}" for problem in schemas.check(documents))
        yield from (f"{folder}: {problem}" for problem in parameters.check_integers(documents))
    yield from cleanup.check(tree)
    yield from expectations.check(tree)
    yield from parameters.check(tree)
    yield from parameters.check_values(tree)
    yield from repository.check(tree)


def run(repository_root: pathlib.Path) -> int:
    tree = Tree(repository_root / "bookinfo")
    found = list(problems(tree))
    found += tools(repository_root)
    for problem in found:
        print(problem)
    documents = sum(len(tree.documents(folder)) for folder in tree.kustomizations()) if not found else 0
    print(
        f"lint: {len(found)} problems"
        if found
        else f"lint: {len(tree.kustomizations())} kustomizations, {documents} documents, no problem"
    )
    return 1 if found else 0


def tools(repository_root: pathlib.Path) -> list[str]:
    """yamllint on YAML, shellcheck on shell."""
    folders = [repository_root / "bookinfo", repository_root / "Tests/Manifests"]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    yaml_files = [path for path in files if path.suffix in (".yaml", ".yml")]
    configuration = next(iter(sorted(repository_root.glob(".yamllint*"))), None)
    settings = ["-c", str(configuration)] if configuration else ["-d", YAMLLINT]
    scripts = [path for path in files if path.read_bytes()[:40].startswith((b"#!/usr/bin/env bash", b"#!/bin/sh"))]
    commands = [["yamllint", "-s", *settings, *map(str, yaml_files)], ["shellcheck", *map(str, scripts)]]
    found = []
    for command in commands:
        if shutil.which(command[0]) is None:
            sys.exit(f"lint: {command[0]} is missing; run .ci/install-packages lint")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            found.append(f"{command[0]}:\n{(done.stdout + done.stderr).strip()}")
    return found
