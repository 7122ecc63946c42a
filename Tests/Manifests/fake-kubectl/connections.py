"""Connections of ratings' pods, and the lines that Envoy and nginx write when they close."""

from __future__ import annotations

import string
from datetime import datetime, timedelta

from cluster import Cluster, Connection

# Proxies by the labels of their pods and the container; as in bookinfo/egress/expectations.json.
GATEWAYS = {
    "egress-gateway": ("istio", "egressgateway", "istio-proxy"),
    "egress-gateway-with-sni-proxy": ("istio", "egressgateway-with-sni-proxy", "istio-proxy"),
    "sni-proxy": ("istio", "egressgateway-with-sni-proxy", "sni-proxy"),
    "mongo-egress": ("gateway.networking.k8s.io/gateway-name", "mongo-egress", "istio-proxy"),
}


def gateway_pod(cluster: Cluster, proxy: str) -> dict | None:
    """A gateway's first pod."""
    key, value, _ = GATEWAYS[proxy]
    return next((pod for pod in cluster.pods.values() if pod["metadata"]["labels"].get(key) == value), None)


def open_way(cluster: Cluster, pod: dict) -> None:
    """What ratings does as it starts."""
    name, address = pod["metadata"]["name"], pod["status"]["podIP"]
    begin = datetime.fromisoformat(pod["status"]["startTime"].replace("Z", "+00:00")) + timedelta(milliseconds=2345)
    cluster.connections.append(Connection(name, address, begin, cluster.way.lines))
    if cluster.way.closes:
        close(cluster, name, seconds=0.003)


def close(cluster: Cluster, pod: str, seconds: float | None = None) -> None:
    """Closes a pod's connections; each then has its lines."""
    for connection in [one for one in cluster.connections if one.pod == pod]:
        cluster.connections.remove(connection)
        lasted = (cluster.now - connection.begin).total_seconds() if seconds is None else seconds
        end = connection.begin + timedelta(seconds=lasted)
        for proxy, line in connection.lines:
            where = pod if proxy == "sidecar" else ""
            address = "10.244.1.139"
            if not where:
                gateway = gateway_pod(cluster, proxy)
                if gateway is None:
                    continue
                where, address = gateway["metadata"]["name"], gateway["status"]["podIP"]
            container = GATEWAYS[proxy][2] if proxy in GATEWAYS else "istio-proxy"
            # nginx writes the second that has begun, never the next one.
            cluster.write(where, container, string.Template(line).safe_substitute(
                begin=milliseconds(connection.begin), duration=round(lasted * 1000), pod=connection.address, gateway=address,
                nginx_end=end.strftime("%d/%b/%Y:%H:%M:%S +0000"), seconds=f"{lasted:.3f}"))


def milliseconds(time: datetime) -> str:
    """As Envoy's %START_TIME%."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"
