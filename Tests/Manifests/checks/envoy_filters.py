"""EnvoyFilters: that they hit what istiod builds from the other documents, and that their parts fit together."""

from .tree import Tree, identity, name_of, of_kind, walk
from .workloads import POD_OWNERS, labels_of, selects


def check(tree: Tree, folder: str):
    own = tree.resolved(folder)
    everything = own + [other for other in tree.surroundings(folder) if identity(other) not in map(identity, own)]
    owners = of_kind(everything, *POD_OWNERS)
    servers = [server for gateway in of_kind(own, "Gateway") for server in gateway["spec"]["servers"]]
    istiod = set()
    for entry in of_kind(own, "ServiceEntry"):
        for host in entry["spec"]["hosts"]:
            istiod |= {f"outbound|{port['number']}||{host}" for port in entry["spec"]["ports"]}
    caches = {
        f"{host}_dfp_dns_cache"
        for entry in of_kind(own, "ServiceEntry")
        if entry["spec"].get("resolution") == "DYNAMIC_DNS"
        for host in entry["spec"]["hosts"]
    }
    sidecars = {
        (match.get("port"), name)
        for service in of_kind(own, "VirtualService")
        for route in service["spec"].get("tls", [])
        for match in route["match"]
        if "mesh" in match.get("gateways", ["mesh"])
        for name in match["sniHosts"]
    }

    for envoy_filter in of_kind(own, "EnvoyFilter"):
        where, spec = name_of(envoy_filter), envoy_filter["spec"]
        selector = spec.get("workloadSelector", {}).get("labels", {})
        chosen = [owner for owner in owners if selects(selector, labels_of(owner))]
        if not any(tree.namespace(owner) == tree.namespace(envoy_filter) for owner in chosen):
            yield f"{where}: selects no pods in {tree.namespace(envoy_filter)}"
        if "priority" not in spec:
            yield f"{where}: no priority, so what other filters have changed before is open (IST0151)"
        patches = spec["configPatches"]
        added = {
            kind: {patch["patch"]["value"]["name"] for patch in patches if patch["applyTo"] == kind}
            for kind in ("CLUSTER", "LISTENER")
        }
        for patch in patches:
            match, value = patch["match"], patch["patch"].get("value", {})
            listener = match.get("listener")
            if listener:
                port, name = listener.get("portNumber"), listener.get("filterChain", {}).get("sni")
                if match["context"] == "SIDECAR_OUTBOUND" and (port, name) not in sidecars:
                    yield f"{where}: no VirtualService makes a filter chain for {name} on the sidecar's port {port}"
                if match["context"] == "GATEWAY" and not any(
                    name in server["hosts"] for server in servers
                ):
                    yield f"{where}: no Gateway serves {name}"
                if match["context"] == "GATEWAY" and port is not None:
                    yield f"{where}: the port of a gateway's listener differs between installations"
            for path, node in walk(value):
                if path and path[-1] == "cluster" and node not in added["CLUSTER"] | istiod:
                    yield f"{where}: no cluster {node}"
                if path and path[-1] == "dns_cache_config" and node["name"] not in caches:
                    yield f"{where}: no ServiceEntry makes the cache {node['name']}"
                if path and path[-1] == "server_listener_name" and node not in added["LISTENER"]:
                    yield f"{where}: no listener {node}"
        yield from check_verification(where, patches)


def check_verification(where, patches):
    """A verifier compares the same filter state that the gateway's filter chain wrote, and shares it upstream."""
    written, shared, read = set(), set(), set()
    for patch in patches:
        for path, node in walk(patch["patch"].get("value", {})):
            if isinstance(node, dict) and "object_key" in node:
                written.add(node["object_key"])
                if node.get("shared_with_upstream", "NONE") != "NONE":
                    shared.add(node["object_key"])
                    if node.get("factory_key") != "envoy.hashable_string":
                        yield f"{where}: {node['object_key']} is no part of the connection pool's key"
            if path and path[-1] == "string_value":
                read.add(node)
    for key in read - shared:
        yield f"{where}: compares the filter state {key}, which nothing {'shares' if key in written else 'writes'}"
