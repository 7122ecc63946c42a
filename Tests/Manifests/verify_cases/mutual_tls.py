"""Mutual TLS at the gateway is proved by its listener, not by its Gateway."""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterator

import cluster

from . import scenario
from .case import Case, check, fails
from .others import MUTUAL


def cases() -> Iterator[Case]:
    """All of them."""
    for name in MUTUAL:
        yield from mutual_tls(name)


def mutual_tls(name: str) -> Iterator[Case]:
    """The gateway's Envoy has something else than its Gateway says, or nothing yet."""
    proxy = scenario.GATEWAY_OF[name]
    sni = "my-mongo.tcp.svc" if name == "tcp-gateway-mtls" else "mongo.example.com"
    end = f"under the SNI {sni}"

    def make(change: Callable[[list[dict]], None]) -> cluster.Cluster:
        made = scenario.right(name)
        change(made.listeners[proxy])
        return made

    def fail(title: str, make: Callable[[], cluster.Cluster], problem: str) -> Case:
        cause = f"no mutual TLS at {proxy}: {problem}"
        return fails(
            f"{name}: {title}", make, name, reason=cause,
            checks=[check("mutual TLS", f"{proxy} asks clients for a certificate of the mesh on port 443", problem, cause)])

    def context(listeners: list[dict]) -> dict:
        return listeners[0]["filter_chains"][0]["transport_socket"]["typed_config"]

    yield fail(
        "passes TLS through", partial(make, lambda found: found[0]["filter_chains"][0].pop("transport_socket")),
        f"the listener 0.0.0.0_443 does not end TLS {end}: it passes through what comes")
    yield fail(
        "asks for no certificate", partial(make, lambda found: context(found).pop("require_client_certificate")),
        f"the listener 0.0.0.0_443 asks for no client certificate {end}")
    yield fail(
        "another CA for clients", partial(make, lambda found: context(found)["common_tls_context"][
            "combined_validation_context"]["validation_context_sds_secret_config"].update(name="kubernetes://other")),
        f"the listener 0.0.0.0_443 does not check client certificates against the mesh's CA {end}")
    yield fail(
        "no listener", partial(make, lambda found: found.clear()),
        f"no listener on port 443 takes the SNI {sni}; there are listeners on no port")
    yield fail(
        "another SNI", partial(make, lambda found: found[0]["filter_chains"][0].update(
            filter_chain_match={"server_names": ["other.example.org"]})),
        f"no listener on port 443 takes the SNI {sni}; there are listeners on 443")
