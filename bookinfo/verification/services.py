"""The port that a gateway's pods listen on, as their Service says: 443 of Istio's demo profile is 8443 in the pod."""

from __future__ import annotations

import re

from . import kubectl
from .expectations import Configuration, Proof
from .pods import Pod


class NoSuchPort(Exception):
    """The Service or its port is not there; the text says which."""


def service_of(configuration: Configuration, proof: Proof) -> tuple[str, str] | None:
    """Namespace and name of the Service by which other proxies reach the one of this proof, `None` where none does."""
    for other in configuration.proofs:
        match = re.fullmatch(r"outbound\|(\d+)\|[^|]*\|([^.]+)\.([^.]+)\.svc\..*", other.cluster)
        if match and int(match[1]) == proof.listener_port and other.proxy != proof.proxy:
            return match[3], match[2]
    return None


def port_in_pod(configuration: Configuration, proof: Proof, pods: list[Pod]) -> int | None:
    """The port that the connections of a proof come to.

    Args:
        pods: the gateway's, which know the numbers of ports with names.

    Returns:
        `None` where the proof does not tell of a port.

    Raises:
        NoSuchPort: the Service lacks it.
        kubectl.KubectlError: the cluster does not answer.
    """
    if proof.listener_port is None:
        return None
    place = service_of(configuration, proof)
    if place is None:
        return proof.listener_port
    namespace, name = place
    service = kubectl.get("service", name, "-n", namespace, "--ignore-not-found")
    if service is None:
        raise NoSuchPort(f"there is no Service {name} in {namespace}")
    ports = service["spec"].get("ports", [])
    for port in ports:
        if port["port"] == proof.listener_port:
            target = port.get("targetPort", port["port"])
            if isinstance(target, int):
                return target
            for pod in pods:
                for container in pod.containers.values():
                    if target in container.ports:
                        return container.ports[target]
            raise NoSuchPort(f"no pod behind the Service {name} in {namespace} has a port named {target}")
    there = ", ".join(str(port["port"]) for port in ports)
    raise NoSuchPort(f"the Service {name} in {namespace} has no port {proof.listener_port}; it has {there or 'none'}")
