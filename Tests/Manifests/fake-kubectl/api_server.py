"""What the API server makes of an object that is applied: metadata, defaults, and a controller's status."""

from __future__ import annotations

import copy
import json
from typing import Any

MANAGER = "kubectl-client-side-apply"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def applied(document: dict, time: str, number: int) -> dict:
    """The stored object.

    Args:
        document: as rendered.
        time: of the server's clock, RFC 3339.
        number: of the change, for resourceVersion and uid.
    """
    live = copy.deepcopy(document)
    metadata = live["metadata"]
    metadata.setdefault("namespace", "default")
    if not metadata.get("labels"):
        metadata.pop("labels", None)
    last = copy.deepcopy(live)
    last["metadata"].setdefault("annotations", {})
    metadata.setdefault("annotations", {})[LAST_APPLIED] = json.dumps(last, sort_keys=True, separators=(",", ":")) + "\n"
    metadata.update(
        creationTimestamp=time, generation=1, resourceVersion=str(12000 + number),
        uid=f"00000000-0000-4000-8000-{number:012}",
        managedFields=[{
            "apiVersion": document["apiVersion"], "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}, "manager": MANAGER,
            "operation": "Update", "time": time,
        }])
    DEFAULTS.get(document["kind"] if "gateway.networking" in document["apiVersion"] else document["apiVersion"] + document["kind"],
                 lambda spec: None)(live.get("spec", {}))
    if document["kind"] == "ServiceEntry":
        allocate(live, number)
    return live


def changed(live: dict, time: str) -> None:
    """Somebody changed a stored object by `kubectl edit`."""
    live["metadata"]["generation"] += 1
    live["metadata"]["managedFields"].append({
        "apiVersion": live["apiVersion"], "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}, "manager": "kubectl-edit",
        "operation": "Update", "time": time,
    })


def controller_status(live: dict, time: str) -> None:
    """istiod writes a status, later than the object was applied."""
    live.setdefault("status", {}).setdefault("conditions", [{"type": "Reconciled", "status": "True"}])
    live["metadata"]["managedFields"].append({
        "apiVersion": live["apiVersion"], "fieldsType": "FieldsV1", "fieldsV1": {"f:status": {}}, "manager": "pilot-discovery",
        "operation": "Update", "subresource": "status", "time": time,
    })


def allocate(live: dict, number: int) -> None:
    """istiod gives hosts without addresses some of its own."""
    if not live["spec"].get("addresses"):
        live["status"] = {"addresses": [
            {"host": host, "value": value} for host in live["spec"]["hosts"] for value in (f"240.240.0.{number}", f"2001:2::{number}")
        ]}


def gateway(spec: dict) -> None:
    """gateway.networking.k8s.io/v1, Gateway."""
    for listener in spec["listeners"]:
        listener.setdefault("allowedRoutes", {"namespaces": {"from": "Same"}})


def route(spec: dict) -> None:
    """gateway.networking.k8s.io/v1, TLSRoute."""
    for parent in spec["parentRefs"]:
        fill(parent, group="gateway.networking.k8s.io", kind="Gateway")
    for rule in spec["rules"]:
        for backend in rule["backendRefs"]:
            fill(backend, group="", kind="Service", weight=1)


def service(spec: dict) -> None:
    """Kubernetes' Service."""
    fill(
        spec, clusterIP="10.96.139.249", clusterIPs=["10.96.139.249"], internalTrafficPolicy="Cluster", ipFamilies=["IPv4"],
        ipFamilyPolicy="SingleStack", sessionAffinity="None", type="ClusterIP")
    for port in spec["ports"]:
        fill(port, protocol="TCP", targetPort=port["port"])


def deployment(spec: dict) -> None:
    """Kubernetes' Deployment."""
    fill(
        spec, progressDeadlineSeconds=600, replicas=1, revisionHistoryLimit=10,
        strategy={"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"})
    pod = spec["template"]["spec"]
    fill(
        pod, dnsPolicy="ClusterFirst", restartPolicy="Always", schedulerName="default-scheduler", securityContext={},
        terminationGracePeriodSeconds=30)
    for container in pod["containers"]:
        fill(container, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File", imagePullPolicy="Always")
        for port in container.get("ports", []):
            fill(port, protocol="TCP")
    for volume in pod.get("volumes", []):
        if "configMap" in volume:
            fill(volume["configMap"], defaultMode=420)


def fill(place: dict, **defaults: Any) -> None:
    """Sets what is not set."""
    for key, value in defaults.items():
        place.setdefault(key, value)


DEFAULTS = {"Gateway": gateway, "TLSRoute": route, "v1Service": service, "apps/v1Deployment": deployment}
