"""Every configuration in the right state passes, with its whole output."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import partial
from typing import Iterator

import cluster
import connections
import rollouts

from . import scenario
from .case import Case, passes, whole


def cases() -> Iterator[Case]:
    """All of them."""
    for name in scenario.NAMES:
        yield whole(f"{name} in the right state", f"right/{name}", 0, partial(scenario.right, name), name)
        yield passes(f"{name} with `labels: {{}}` and sorted keys", partial(sorted_keys, name), name)
        yield passes(f"{name} without a new pod", partial(closed_once, name), name, "--no-restart")
        for seconds in (30, -120):
            where = "ahead" if seconds > 0 else "behind"
            yield passes(
                f"{name} while the caller's clock is {abs(seconds)} s {where}", partial(caller_is_off, name, seconds), name)
        if scenario.GATEWAY_OF.get(name) == "egress-gateway":
            yield passes(f"{name} through the demo profile's gateway", partial(demo_gateway, name), name)
            yield passes(f"{name} where the Service names its port", partial(named_port, name), name)


def sorted_keys(name: str) -> cluster.Cluster:
    """As kubectl writes objects back that it has read: keys sorted, and labels where there are none."""
    made = scenario.right(name)
    for live in made.live(scenario.rendered(name)):
        live["metadata"].setdefault("labels", {})
        live["spec" if "spec" in live else "data"] = dict(sorted(live.get("spec", live.get("data", {})).items()))
        if live["kind"] == "ServiceAccount":
            del live["data"]
    return made


def caller_is_off(name: str, seconds: float) -> cluster.Cluster:
    """The cluster's clock differs from this machine's by so much."""
    return scenario.right(name, (datetime.now(timezone.utc) - cluster.BEGIN).total_seconds() - seconds)


def closed_once(name: str) -> cluster.Cluster:
    """ratings-v2's connections have been closed already, since the process in its container was."""
    made = scenario.right(name)
    pod = made.select("default", rollouts.SELECTOR)[0]
    connections.close(made, pod["metadata"]["name"])
    connections.open_way(made, pod)
    return made


def demo_gateway(name: str) -> cluster.Cluster:
    """Istio's demo profile's: 443 is 8443 in the pod."""
    made = scenario.right(name)
    scenario.demo_gateway(made)
    if name != "tcp-gateway":
        made.way = scenario.way(name, 8443)
    return made


def named_port(name: str) -> cluster.Cluster:
    """The Service's targets are names, which the pod's ports have."""
    made = demo_gateway(name)
    service = made.find("Service", "istio-egressgateway", "istio-system")
    pod = made.select("istio-system", "istio=egressgateway")[0]
    assert service is not None
    pod["spec"]["containers"][0]["ports"] = [
        {"name": port["name"], "containerPort": port["targetPort"]} for port in service["spec"]["ports"]]
    for port in service["spec"]["ports"]:
        port["targetPort"] = port["name"]
    return made
