"""Clusters for the cases: each configuration in the right state, and ways to break it."""

from __future__ import annotations

import json
import pathlib

import api_server
import connections
import facts
import offline
from cluster import Cluster, Way

BOOKINFO = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "bookinfo"
EGRESS = BOOKINFO / "egress"
ENTRIES = {entry["name"]: entry for entry in json.loads((EGRESS / "expectations.json").read_text())["configurations"]}
NAMES = list(ENTRIES)

BLOCKED_BODY = '{"error":"could not connect to ratings database"}'
GATEWAY_OF = {
    name: proxy for name, entry in ENTRIES.items()
    for proxy in ("egress-gateway", "egress-gateway-with-sni-proxy", "mongo-egress") if proxy in entry["path"]
}
# Name and namespace of the Services in front of the gateways.
SERVICE_OF = {
    "egress-gateway": ("istio-egressgateway", "istio-system"),
    "egress-gateway-with-sni-proxy": ("istio-egressgateway-with-sni-proxy", "istio-system"),
    "mongo-egress": ("mongo-egress-istio", "default"),
}
MUTUAL_TLS_ONLY = [name for name, entry in ENTRIES.items() if (entry["mutualTLS"] or {}).get("only")]
OTHER_REFUSED = "status 0 bytes "


def folder(name: str) -> str:
    """As verify names it to kubectl."""
    return str(EGRESS / name)


def rendered(name: str) -> list[dict]:
    """A configuration's objects."""
    return offline.rendered(folder(name))


def base(clock: float = 0) -> Cluster:
    """Bookinfo with reviews-v3 and ratings-v2, and the egress gateway, for ten minutes already."""
    cluster = Cluster()
    cluster.clock = clock
    for name in ("ratings-v2", "reviews-v3"):
        image = f"docker.io/istio/examples-bookinfo-{name}:1.20.3"
        cluster.apply([{
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
            "spec": {"template": {"spec": {"containers": [{"name": name.partition("-")[0], "image": image}]}}},
        }], -600)
    cluster.apply([{
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "istio-egressgateway", "namespace": "istio-system"},
        "spec": {"ports": [{"name": "tls", "port": 443}, {"name": "tcp-mongo", "port": 7777}]},
    }], -600)
    cluster.apply(rendered("blocked"), -590)
    cluster.start("reviews", "10.244.1.148", seconds=-600, suffix="kx6kc")
    cluster.start("egress-gateway", "10.244.1.139", seconds=-600, suffix="hck7p")
    return cluster


def new_pod(name: str) -> str:
    """The name of ratings' next pod: those before it are counted."""
    others = GATEWAY_OF.get(name) in ("mongo-egress", "egress-gateway-with-sni-proxy")
    return f"ratings-v2-5bd8cd7679-pod{4 if others else 3}"


def way(name: str, port: int = 0) -> Way:
    """How ratings' connections go under a configuration."""
    lines = facts.lines(name, {"port": str(port or (7777 if name == "tcp-gateway" else 443))})
    if name == "blocked":
        return Way(lines, 500, BLOCKED_BODY, "blocked", True)
    return Way(lines)


def right(name: str, clock: float = 0) -> Cluster:
    """A configuration, applied five minutes ago, and all as it should be; ratings-v2's pod is of then."""
    cluster = base(clock)
    apply(cluster, name)
    cluster.way = way(name)
    old = cluster.start("ratings", "10.244.1.155", seconds=-290, suffix="vk6dj")
    connections.open_way(cluster, old)
    return cluster


def apply(cluster: Cluster, name: str) -> None:
    """Applies it, five minutes ago; istiod writes its status later than the pods of this test begin."""
    cluster.apply(rendered(name), -300)
    for live in cluster.live(rendered(name)):
        api_server.controller_status(live, cluster.stamp(3600))
    proxy = GATEWAY_OF.get(name)
    if proxy:
        cluster.listeners[proxy] = facts.listeners(name)
    if proxy == "mongo-egress":
        cluster.apply([{
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "mongo-egress-istio", "namespace": "default"},
            "spec": {"ports": [{"name": "status-port", "port": 15021}, {"name": "tls", "port": 443}]},
        }], -300)
        pod = cluster.start("egress-gateway", "10.244.1.140", seconds=-300, suffix="api")
        become(cluster, pod, "mongo-egress-istio-7d9c", "default", {"gateway.networking.k8s.io/gateway-name": "mongo-egress"})
    if proxy == "egress-gateway-with-sni-proxy":
        pod = cluster.start("egress-gateway", "10.244.1.141", seconds=-300, suffix="sni")
        become(
            cluster, pod, "istio-egressgateway-with-sni-proxy-5f6b", "istio-system",
            {"istio": "egressgateway-with-sni-proxy"})
    if name in MUTUAL_TLS_ONLY:
        cluster.identity = (OTHER_REFUSED, policy_line(name))


def become(cluster: Cluster, pod: dict, name: str, namespace: str, labels: dict[str, str]) -> None:
    """Another gateway's pod: the same image, other names."""
    del cluster.pods[pod["metadata"]["name"]]
    pod["metadata"].update(name=name, namespace=namespace, labels=labels)
    pod["spec"]["serviceAccountName"] = name.rpartition("-")[0]
    cluster.pods[name] = pod


def fields(name: str, policy: str = "none") -> dict[str, str]:
    """What the lines of faults are filled with."""
    proofs = ENTRIES[name]["proofs"]
    values = {"host": "mongo.example.com", "port": "27017", "namespace": "default", "wildcard": "*.example.com",
              "member": "mongodb1.example.com"}

    def fill(text: str) -> str:
        for key, value in values.items():
            text = text.replace("{" + key + "}", value)
        return text

    proxy = GATEWAY_OF.get(name, "")
    last = next((one for one in reversed(proofs) if one["proxy"] == (proxy or "sidecar")), proofs[-1])
    return {
        "sni": fill(proofs[0].get("sni", "-")), "gateway_cluster": fill(proofs[0].get("cluster", "-")), "gateway_proxy": proxy,
        "database_cluster": fill(last["cluster"]), "gateway_sni": fill(last.get("sni", "-")), "policy": policy,
        "port": "7777" if name == "tcp-gateway" else "443",
    }


def fault(name: str, which: str, policy: str = "none") -> Way:
    """Connections that fail as a line in fixtures/lines/faults tells."""
    check = "closed-behind-gateway" if which in ("policy", "refused-behind-gateway", "refused-behind-nginx") else "blocked"
    return Way(facts.lines(f"faults/{which}", fields(name, policy)), 500, BLOCKED_BODY, check, True)


def policy_line(name: str) -> str:
    """The gateway's line of a connection that its policy refuses."""
    policy = "none" if name.startswith("gateway-api") else "ns[istio-system]-policy[mongo-only-from-ratings-v2]-rule[0]"
    proxy, line = fault(name, "policy", policy=policy).lines[1]
    return f"{proxy}: {line}"


def demo_gateway(cluster: Cluster) -> None:
    """The egress gateway of Istio's demo profile: port 443 of its Service is 8443 in its pods."""
    service = cluster.find("Service", "istio-egressgateway", "istio-system")
    assert service is not None
    service["spec"]["ports"] = [
        {"name": "http2", "port": 80, "protocol": "TCP", "targetPort": 8080},
        {"name": "https", "port": 443, "protocol": "TCP", "targetPort": 8443},
        {"name": "tcp-mongo", "port": 7777, "protocol": "TCP", "targetPort": 7777},
    ]
    for listener in cluster.listeners.get("egress-gateway", []):
        place = listener.get("address", {}).get("socket_address", {})
        if place.get("port_value") == 443:
            place["port_value"], listener["name"] = 8443, "0.0.0.0_8443"
