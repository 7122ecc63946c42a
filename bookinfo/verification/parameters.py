"""The database's values in egress/parameters/database.yaml: read, and checked before istiod sees them.

istiod takes nearly every text, and then carries nothing, or more than was meant.
"""

from __future__ import annotations

import pathlib
from typing import Iterator

from . import kubectl
from .fields import CHECKS, EXAMPLE_MEMBERS, EXAMPLES
from .host_names import Problem

FILE = pathlib.Path(__file__).resolve().parent.parent / "egress/parameters/database.yaml"


class ParametersError(Exception):
    """The file can't be read as parameters at all; the text says why."""


def read(path: pathlib.Path = FILE) -> dict:
    """The values as kubectl reads them.

    Raises:
        ParametersError: the file is missing, is no YAML, or holds something else.
    """
    try:
        documents = kubectl.read_yaml(path)
    except OSError as error:
        raise ParametersError(f"{path}: {error.strerror}") from error
    except kubectl.Missing as error:
        raise ParametersError(str(error)) from error
    except kubectl.KubectlError as error:
        raise ParametersError(f"{path}: {error}") from error
    if len(documents) != 1 or documents[0].get("kind") != "EgressParameters":
        raise ParametersError(f"{path}: it must hold one EgressParameters and nothing else")
    spec = documents[0].get("spec")
    if not isinstance(spec, dict):
        raise ParametersError(f"{path}: it has no spec")
    return spec


def problems(spec: dict, configuration: str | None = None) -> list[Problem]:
    """What is wrong with the values.

    Args:
        spec: as `read` gives it.
        configuration: the one that is to be used; `None` for what holds in all of them.
    """
    found: list[Problem] = []
    for field, check in CHECKS.items():
        if spec.get(field) is None:
            found.append(Problem(field, None, "is missing", EXAMPLES[field]))
        else:
            found += check(field, spec[field])
    found += [Problem(field, spec[field], "is no parameter", ", ".join(CHECKS)) for field in spec if field not in CHECKS]
    if not found and configuration:
        found += of_configuration(spec, configuration)
    return found


def of_configuration(spec: dict, configuration: str) -> Iterator[Problem]:
    """What fits no more once the configuration is known; the values are right each by itself."""
    members = spec["members"]
    if configuration == "replica-set":
        if not members:
            yield Problem("members", members, "names no member of the replica set", "members: [mongodb1.example.com]")
        for index, member in enumerate(members):
            if not member.endswith(spec["wildcard"][1:]):
                yield Problem(
                    f"members[{index}]", member,
                    f"is outside of the wildcard {spec['wildcard']}, by which idle connections are kept alive",
                    f'wildcard: "*.{member.partition(".")[2]}"')
    if configuration == "tls-origination" and members not in ([], EXAMPLE_MEMBERS):
        yield Problem(
            "members", members,
            f"names a replica set, and tls-origination opens the host {spec['host']} alone: the driver goes on to the names "
            "that the set reports, and several ServiceEntries with TCP on one port would take each other's connections",
            "members: [] where the database is one server; else the configuration replica-set")
    if configuration.startswith("tls-wildcard") and not spec["host"].endswith(spec["wildcard"][1:]):
        yield Problem(
            "wildcard", spec["wildcard"], f"does not hold the host {spec['host']}",
            f'wildcard: "*.{spec["host"].partition(".")[2]}"')
