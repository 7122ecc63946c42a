"""Whether the cluster holds a configuration as it is rendered now.

Names alone don't say which configuration is applied: tls-gateway and tls-gateway-mtls have the same.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Iterator

from . import access_log, kubectl
from .expectations import Configuration

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def name_of(document: dict) -> str:
    """Kind and name, for a person."""
    return f"{document['kind']}/{document['metadata']['name']}"


def is_same(rendered: dict, live: dict) -> bool:
    """Whether both are one object. A rendered one without a namespace lies in kubectl's current one."""
    namespace = rendered["metadata"].get("namespace", live["metadata"].get("namespace"))
    return (
        group_of(rendered) == group_of(live) and name_of(rendered) == name_of(live)
        and namespace == live["metadata"].get("namespace")
    )


def group_of(document: dict) -> str:
    """The API group, empty for Kubernetes' core."""
    return document["apiVersion"].rpartition("/")[0]


class Applied:
    """A configuration's objects, rendered and in the cluster.

    Raises:
        kubectl.KubectlError: it can't be rendered, or the cluster does not know its kinds.
    """

    def __init__(self, configuration: Configuration):
        self.rendered = kubectl.render(configuration.folder)
        answer = kubectl.get("-k", str(configuration.folder), "--ignore-not-found", "--show-managed-fields")
        self.live = kubectl.items(answer)

    @property
    def is_there(self) -> bool:
        """Whether at least one object is in the cluster."""
        return bool(self.live)

    @property
    def changed(self) -> datetime | None:
        """When the objects were last changed, by the API server's clock; a controller's status is no change."""
        times = []
        for document in self.live:
            metadata = document["metadata"]
            fields = [one for one in metadata.get("managedFields", []) if not one.get("subresource")]
            times += [one["time"] for one in fields if "time" in one] + [metadata.get("creationTimestamp")]
        return max(map(access_log.time, filter(None, times)), default=None)

    def differences(self) -> list[str]:
        """One sentence per difference."""
        found = []
        for document in self.rendered:
            live = next((one for one in self.live if is_same(document, one)), None)
            if live is None:
                found.append(f"{name_of(document)} is not in the cluster")
            else:
                found += [f"{name_of(document)}: {difference}" for difference in compare(document, live)]
        return found


def compare(rendered: dict, live: dict) -> Iterator[str]:
    """The differences of one object that mean something.

    Istio's kinds have no defaults: what is more in the cluster is a difference. The API server fills in Kubernetes' own
    and the Gateway API's kinds: there, what is more is a difference if it was applied, which the annotation of the last
    apply tells.
    """
    for name in ("labels", "annotations"):
        expected = rendered["metadata"].get(name) or {}
        yield from walk(f"metadata.{name}", expected, live["metadata"].get(name) or {}, more=False)
    more = group_of(rendered).endswith(".istio.io")
    yield from walk("", content(rendered), content(live), more=more)
    if not more:
        last = live["metadata"].get("annotations", {}).get(LAST_APPLIED)
        if last:
            yield from walk("", content(rendered), content(json.loads(last)), more=True, only_more=True)


def content(document: dict) -> dict:
    """An object without what the server writes, and without what has been compared."""
    return {key: value for key, value in document.items() if key not in ("apiVersion", "kind", "metadata", "status")}


def is_empty(value: Any) -> bool:
    """Whether it says nothing: `labels: {}`, which `kubectl label` adds, is as good as no labels."""
    return value is None or value == {} or value == [] or value == ""


def walk(path: str, expected: Any, seen: Any, *, more: bool, only_more: bool = False) -> Iterator[str]:
    """Compares two values; the order of keys says nothing, the order of lists does.

    Args:
        more: whether keys that only `seen` has are differences.
        only_more: whether nothing else is.
    """
    if is_empty(expected) and is_empty(seen):
        return
    if isinstance(expected, dict) and isinstance(seen, dict):
        for key in sorted(expected.keys() | seen.keys()):
            here = f"{path}.{key}" if path else key
            if key in expected:
                if key in seen or not only_more:
                    yield from walk(here, expected[key], seen.get(key), more=more, only_more=only_more)
            elif more and not is_empty(seen[key]):
                yield f"{here} is {brief(seen[key])} in the cluster, and not in the configuration"
    elif isinstance(expected, list) and isinstance(seen, list):
        for index, (one, other) in enumerate(zip(expected, seen)):
            yield from walk(f"{path}[{index}]", one, other, more=more, only_more=only_more)
        # Servers add keys, not elements.
        if not only_more:
            for index in range(len(expected), len(seen)):
                yield f"{path}[{index}] is {brief(seen[index])} in the cluster, and not in the configuration"
            for index in range(len(seen), len(expected)):
                yield f"{path}[{index}] is missing in the cluster, expected {brief(expected[index])}"
    elif not only_more and expected != seen:
        state = "is missing in the cluster" if is_empty(seen) else f"is {brief(seen)} in the cluster"
        yield f"{path} {state}, expected {brief(expected)}"


def brief(value: Any) -> str:
    """A value in one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= 120 else text[:117] + "..."
