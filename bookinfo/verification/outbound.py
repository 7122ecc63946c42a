"""Where a sidecar sends what no configuration names: into the black hole under REGISTRY_ONLY, out under ALLOW_ANY.

Lines of connections can't tell, since ratings' own go where the configuration says in both cases.
"""

from __future__ import annotations

from . import mutual_tls
from .expectations import Proxy
from .pods import Pod

# istiod's listener for what is redirected into the sidecar and has no listener of its own.
LISTENER = "virtualOutbound"
BLACK_HOLE = "BlackHoleCluster"


def beyond(pod: Pod, proxy: Proxy) -> str:
    """The cluster that a pod's Envoy sends such connections to, or in words that there is none.

    Raises:
        kubectl.KubectlError: Envoy's listeners can't be read.
    """
    found = next((one for one in mutual_tls.listeners(pod, proxy) if one.get("name") == LISTENER), None)
    if found is None:
        return f"no listener {LISTENER}"
    # The chain for connections to the listener's own port stands before the one for all others.
    chains = [chain for chain in found.get("filter_chains", []) if "destination_port" not in chain.get("filter_chain_match", {})]
    clusters = [
        filter.get("typed_config", {}).get("cluster", "") for chain in chains for filter in chain.get("filters", [])
        if filter["name"] == "envoy.filters.network.tcp_proxy"
    ]
    return clusters[0] if clusters else "no cluster"
