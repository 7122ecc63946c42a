"""Pods as the API server tells of them: addresses, beginnings, and what keeps them from being ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from . import access_log, kubectl
from .expectations import Proxy


@dataclass(frozen=True)
class Container:
    """A container of a pod; a native sidecar stands among the init containers."""

    name: str
    image: str
    is_ready: bool
    # Why it is not, in Kubernetes' words.
    problem: str
    ports: dict[str, int]


@dataclass(frozen=True)
class Pod:
    """A pod at one moment."""

    name: str
    namespace: str
    labels: dict[str, str]
    service_account: str
    addresses: frozenset[str]
    # By the clock of its node, cut to the second: no connection of it is older.
    began: datetime | None
    is_ready: bool
    is_ending: bool
    phase: str
    containers: dict[str, Container]

    def problem(self) -> str:
        """What keeps it from being ready, for a person."""
        waiting = [f"{one.name}: {one.problem}" for one in self.containers.values() if one.problem]
        return f"pod {self.name} is not ready ({'; '.join(waiting) or self.phase})"


def select(namespace: str, selector: str) -> list[Pod]:
    """The pods with these labels that are not on their way out, in order of name.

    Raises:
        kubectl.KubectlError: the cluster does not answer.
    """
    answer = kubectl.get("pods", "-n", namespace, "-l", selector)
    found = [from_json(item) for item in kubectl.items(answer)]
    return sorted((pod for pod in found if not pod.is_ending), key=lambda pod: pod.name)


def of(proxy: Proxy) -> list[Pod]:
    """A proxy's pods."""
    return select(proxy.namespace, proxy.selector)


def from_json(item: dict) -> Pod:
    """From the API server's JSON."""
    status = item.get("status", {})
    spec = item["spec"]
    states = {
        state["name"]: state for state in status.get("initContainerStatuses", []) + status.get("containerStatuses", [])
    }
    containers = {}
    for one in spec.get("initContainers", []) + spec["containers"]:
        # A plain init container is done before the pod is of interest.
        if one in spec.get("initContainers", []) and one.get("restartPolicy") != "Always":
            continue
        state = states.get(one["name"], {})
        containers[one["name"]] = Container(
            one["name"], one["image"], state.get("ready", False), "" if state.get("ready") else problem_of(state),
            {port["name"]: port["containerPort"] for port in one.get("ports", []) if "name" in port})
    began = status.get("startTime") or item["metadata"].get("creationTimestamp")
    addresses = {entry["ip"] for entry in status.get("podIPs", [])} | {status.get("podIP", "")}
    return Pod(
        name=item["metadata"]["name"], namespace=item["metadata"]["namespace"], labels=item["metadata"].get("labels", {}),
        service_account=spec.get("serviceAccountName", "default"), addresses=frozenset(filter(None, addresses)),
        began=access_log.time(began) if began else None,
        is_ready=any(one["type"] == "Ready" and one["status"] == "True" for one in status.get("conditions", [])),
        is_ending="deletionTimestamp" in item["metadata"], phase=status.get("phase", "Unknown"), containers=containers,
    )


def problem_of(state: dict) -> str:
    """Why a container is not ready."""
    for kind in ("waiting", "terminated"):
        if kind in state.get("state", {}):
            detail = state["state"][kind]
            return ": ".join(filter(None, (detail.get("reason", kind), detail.get("message", ""))))
    return "runs, and its readiness probe fails" if "running" in state.get("state", {}) else "not started"
