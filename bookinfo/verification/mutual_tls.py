"""The proof of mutual TLS: the listener that the gateway really has, as its Envoy tells it.

Log lines can't tell: a gateway that passes the service's TLS through writes the same.
"""

from __future__ import annotations

import json
from typing import Iterator

from . import kubectl
from .expectations import Proxy
from .pods import Pod

# Envoy's administration, GET /config_dump, https://www.envoyproxy.io/docs/envoy/latest/operations/admin.
QUERY = "config_dump?resource=dynamic_listeners"


def listeners(pod: Pod, proxy: Proxy) -> list[dict]:
    """The active listeners of a pod's Envoy.

    Raises:
        kubectl.KubectlError: pilot-agent can't be run, or Envoy does not answer.
    """
    text = kubectl.run("-n", pod.namespace, "exec", pod.name, "-c", proxy.container, "--", "pilot-agent", "request", "GET", QUERY)
    try:
        configs = json.loads(text).get("configs", [])
    except ValueError as error:
        raise kubectl.KubectlError(f"Envoy's configuration can't be read: {error}") from error
    # Without a filter Envoy wraps them once more.
    configs = [inner for one in configs for inner in one.get("dynamic_listeners", [one])]
    return [one["active_state"]["listener"] for one in configs if "listener" in one.get("active_state", {})]


def matches(pattern: str, name: str) -> bool:
    """Whether a filter chain's server name takes an SNI."""
    return name.endswith(pattern[1:]) and name != pattern[1:] if pattern.startswith("*") else name == pattern


def chains(found: list[dict], port: int, sni: str) -> Iterator[tuple[str, dict]]:
    """The filter chains that take a connection with this SNI on this port, with their listeners' names."""
    for listener in found:
        if listener.get("address", {}).get("socket_address", {}).get("port_value") != port:
            continue
        for chain in listener.get("filter_chains", []):
            names = chain.get("filter_chain_match", {}).get("server_names", [])
            if not names or any(matches(name, sni) for name in names):
                yield listener.get("name", "?"), chain


def shortfall(found: list[dict], port: int, sni: str) -> str | None:
    """What is missing for mutual TLS with the mesh's certificates; `None` where nothing is."""
    taking = list(chains(found, port, sni))
    if not taking:
        there = sorted(
            str(one["address"]["socket_address"].get("port_value"))
            for one in found if "socket_address" in one.get("address", {}))
        return f"no listener on port {port} takes the SNI {sni}; there are listeners on {', '.join(there) or 'no port'}"
    for listener, chain in taking:
        context = chain.get("transport_socket", {}).get("typed_config", {})
        if "common_tls_context" not in context:
            return f"the listener {listener} does not end TLS under the SNI {sni}: it passes through what comes"
        if context.get("require_client_certificate") is not True:
            return f"the listener {listener} asks for no client certificate under the SNI {sni}"
        validation = context["common_tls_context"].get("combined_validation_context", {})
        if validation.get("validation_context_sds_secret_config", {}).get("name") != "ROOTCA":
            return f"the listener {listener} does not check client certificates against the mesh's CA under the SNI {sni}"
    return None
