"""That nobody else gets through: mutual TLS at the gateway, and connections of others."""

from __future__ import annotations

from . import kubectl, mutual_tls
from .others import Others
from .state import State


def prove_mutual_tls(state: State) -> None:
    """The gateway's listener asks clients for certificates of the mesh."""
    mutual = state.configuration.mutual_tls
    if mutual is None:
        return
    proxy = state.configuration.proxies[mutual.server]
    proof = next(one for one in state.configuration.proofs if one.proxy == mutual.server and one.listener_port)
    port = state.ports[proof] or 0
    for pod in state.gateways[mutual.server]:
        try:
            problem = mutual_tls.shortfall(mutual_tls.listeners(pod, proxy), port, mutual.sni)
        except kubectl.KubectlError as error:
            problem = f"Envoy's listeners can't be read in pod {pod.name}: {error}"
        if problem:
            state.report.fail(
                "mutual TLS", f"{mutual.server} asks clients for a certificate of the mesh on port {port}", problem,
                cause=f"no mutual TLS at {mutual.server}: {problem}")
        else:
            state.report.ok(
                "mutual TLS", f"{pod.name} asks clients for a certificate of the mesh on port {port} under the SNI {mutual.sni}")


def try_others(state: State) -> None:
    """Others than ratings-v2, where the configuration says that they are refused."""
    mutual = state.configuration.mutual_tls
    others = Others(
        state.configuration, state.values, state.gateways, state.report, state.progress, state.options.timeout)
    if (mutual and mutual.only) or (state.options.negative and not state.configuration.is_open):
        others.other_identity()
    if state.options.negative:
        others.without_sidecar()
