"""Every configuration with a gateway fails for the reason that there is at the gateway."""

from __future__ import annotations

from functools import partial
from typing import Iterator

import cluster
import connections

from . import scenario
from .case import Case, check, fails
from .ways import fault


def cases() -> Iterator[Case]:
    """All of them."""
    for name in scenario.GATEWAY_OF:
        yield from gateway(name)


def gateway(name: str) -> Iterator[Case]:
    """The gateway is not there, or does not take the connection."""
    proxy = scenario.GATEWAY_OF[name]
    service, namespace = scenario.SERVICE_OF[proxy]
    fields = scenario.fields(name)
    yield fault(
        "the Service lacked the port when istiod looked", name, scenario.fault(name, "no-cluster"),
        "sidecar knows no cluster for the way: the gateway's Service lacks the port, or its DestinationRule the subset",
        "kubectl -n istio-system get services; compare with the VirtualService's destination")
    yield fault(
        "no endpoint", name, scenario.fault(name, "no-endpoint"),
        f"sidecar has no ready endpoint for {fields['gateway_cluster']}", f"kubectl -n {namespace} get pods")
    for policy, which in (
        ("none", "a policy, since no rule of it allows the connection,"),
        ("ns[istio-system]-policy[deny-all]-rule[0]", "the policy deny-all"),
    ):
        yield fault(
            f"refused by {which}", name, scenario.fault(name, "policy", policy=policy),
            f"{which} refuses the connection at {proxy}",
            "kubectl get authorizationpolicies -A; compare its identities with ratings-v2's service account")
    yield gateway_down(name, proxy)
    yield gateway_not_ready(name, proxy)
    yield from no_port(name, proxy, service, namespace)


def gateway_down(name: str, proxy: str) -> Case:
    """Scaled to 0."""
    key, value, _ = connections.GATEWAYS[proxy]
    place = "default" if proxy == "mongo-egress" else "istio-system"

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        pod = cluster_pod(made, proxy)
        del made.pods[pod["metadata"]["name"]]
        return made

    cause = f"no pod of {proxy} is ready"
    return fails(
        f"{name}: gateway down", make, name, reason=cause,
        checks=[check(proxy, "a ready pod", f"no pod with {key}={value} in {place}", cause,
                      f"kubectl -n {place} get pods -l {key}={value}; bookinfo/README.md, The egress gateway")])


def gateway_not_ready(name: str, proxy: str) -> Case:
    """Its pod is there, and its Envoy is not ready."""
    key, value, _ = connections.GATEWAYS[proxy]
    place = "default" if proxy == "mongo-egress" else "istio-system"

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        status = cluster_pod(made, proxy)["status"]
        status["containerStatuses"][0]["ready"] = False
        next(one for one in status["conditions"] if one["type"] == "Ready")["status"] = "False"
        return made

    pod = {"egress-gateway": "istio-egressgateway-d75449c8c-hck7p", "mongo-egress": "mongo-egress-istio-7d9c",
           "egress-gateway-with-sni-proxy": "istio-egressgateway-with-sni-proxy-5f6b"}[proxy]
    cause = f"no pod of {proxy} is ready"
    return fails(
        f"{name}: gateway not ready", make, name, reason=cause,
        checks=[check(proxy, "a ready pod",
                      f"pod {pod} is not ready (istio-proxy: runs, and its readiness probe fails)", cause,
                      f"kubectl -n {place} get pods -l {key}={value}; bookinfo/README.md, The egress gateway")])


def no_port(name: str, proxy: str, service: str, namespace: str) -> Iterator[Case]:
    """Its Service has not got the port, or is not there, or names a port that no pod has."""
    port = 7777 if name == "tcp-gateway" else 443
    advice = "bookinfo/README.md, The egress gateway: which ports its Service needs"
    configured = proxy == "egress-gateway-with-sni-proxy"

    def make(change: str) -> cluster.Cluster:
        made = scenario.right(name)
        live = made.find("Service", service, namespace)
        assert live is not None
        if change == "gone":
            made.objects.remove(live)
        elif change == "port":
            live["spec"]["ports"] = [{"name": "http2", "port": 80, "targetPort": 8080}]
        else:
            live["spec"]["ports"] = [{"name": "tls", "port": port, "targetPort": "nothing"}]
        return made

    # The SNI proxy's Service is part of its configuration: there a change is seen before.
    if configured:
        return
    for change, seen in (
        ("gone", f"there is no Service {service} in {namespace}"),
        ("port", f"the Service {service} in {namespace} has no port {port}; it has 80"),
        ("name", f"no pod behind the Service {service} in {namespace} has a port named nothing"),
    ):
        yield fails(
            f"{name}: no port {port} in the gateway's Service ({change})", partial(make, change), name, reason=seen,
            checks=[check(proxy, f"a Service with the port {port}", seen, seen, advice)])


def cluster_pod(made: cluster.Cluster, proxy: str) -> dict:
    pod = connections.gateway_pod(made, proxy)
    assert pod is not None
    return pod
