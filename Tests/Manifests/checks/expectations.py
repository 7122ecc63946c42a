"""egress/expectations.json says of every configuration what it renders, in names that exist."""

import json
import re

from .tree import Tree, of_kind
from .workloads import POD_OWNERS, labels_of, selects

# Clusters that istiod itself makes.
BUILT_IN = {"BlackHoleCluster", "PassthroughCluster"}


def check(tree: Tree):
    known = json.loads((tree.root / "egress/expectations.json").read_text())
    names = [configuration["name"] for configuration in known["configurations"]]
    if sorted(names) != sorted(tree.configurations()):
        yield f"expectations: {sorted(set(names) ^ set(tree.configurations()))} stands on one side only"
        return
    values = tree.parameters()
    for configuration in known["configurations"]:
        name = configuration["name"]
        folder = f"egress/{name}"
        documents = tree.resolved(folder)
        everything = documents + tree.surroundings(folder)
        clusters = clusters_of(tree, documents, everything)
        owners = of_kind(everything, *POD_OWNERS)
        ends = set(configuration["path"]) - {"reviews", "ratings", "database"}
        proofs = configuration["proofs"]
        if ends != {proof["proxy"] for proof in proofs}:
            yield f"expectations: {name}: the path names {sorted(ends)}, the proofs do not"
        for proof in proofs + configuration["absent"]:
            for key in re.findall(r"\{(\w+)\}", json.dumps(proof)):
                if key not in values and key != "member":
                    yield f"expectations: {name}: no parameter {key}"
            proxy = known["proxies"][proof["proxy"]]
            labels = dict(pair.split("=") for pair in proxy["selector"].split(","))
            if not any(selects(labels, labels_of(owner)) for owner in owners):
                yield f"expectations: {name}: {proof['proxy']} selects no pods"
        for proof in proofs:
            for member in values["members"] if proof.get("each") == "member" else [None]:
                cluster = fill(proof.get("cluster", ""), values, member)
                if cluster and cluster not in clusters | BUILT_IN:
                    yield f"expectations: {name}: nothing makes the cluster {cluster}"
                sni = fill(proof.get("sni", "-"), values, member)
                if sni != "-" and not any(matches(pattern, sni) for pattern in server_names(documents)):
                    yield f"expectations: {name}: nothing matches the SNI {sni}"
            port = proof.get("listenerPort")
            servers = [server for one in of_kind(documents, "Gateway") for server in one["spec"]["servers"]]
            if port and port not in {server["port"]["number"] for server in servers}:
                yield f"expectations: {name}: no Gateway has port {port}"
        mutual = configuration["mutualTLS"] is not None
        if mutual:
            sni = fill(configuration["mutualTLS"]["sni"], values, None)
            if not any(matches(pattern, sni) for pattern in server_names(documents)):
                yield f"expectations: {name}: nothing matches the SNI {sni}"
            for end in ("client", "server"):
                if "identity" not in known["proxies"].get(configuration["mutualTLS"][end], {}):
                    yield f"expectations: {name}: no identity of mutualTLS.{end}"
        modes = {
            server.get("tls", {}).get("mode") for one in of_kind(documents, "Gateway") for server in one["spec"]["servers"]
        }
        if mutual != ("ISTIO_MUTUAL" in modes):
            yield f"expectations: {name}: mutualTLS and the Gateway contradict each other"
        if mutual and bool(configuration["mutualTLS"].get("only")) != bool(of_kind(documents, "AuthorizationPolicy")):
            yield f"expectations: {name}: mutualTLS.only and the AuthorizationPolicy contradict each other"


def fill(text: str, values: dict, member: str | None) -> str:
    known = {**values, "member": member}
    return re.sub(r"\{(\w+)\}", lambda match: str(known.get(match[1], match[0])), text)


def matches(pattern: str, name: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


def server_names(documents: list[dict]) -> set[str]:
    names = {host for one in of_kind(documents, "Gateway") for server in one["spec"]["servers"] for host in server["hosts"]}
    for entry in of_kind(documents, "ServiceEntry"):
        if any(port["protocol"] == "TLS" for port in entry["spec"]["ports"]):
            names |= set(entry["spec"]["hosts"])
    return names


def clusters_of(tree: Tree, documents: list[dict], everything: list[dict]) -> set[str]:
    """Names of the Envoy clusters that istiod and the EnvoyFilters make, as far as they concern egress."""
    ports = {}
    for entry in of_kind(documents, "ServiceEntry"):
        for host in entry["spec"]["hosts"]:
            ports[host] = {port["number"] for port in entry["spec"]["ports"]}
    for service in of_kind(everything, "Service"):
        host = f"{service['metadata']['name']}.{tree.namespace(service)}.svc.cluster.local"
        ports[host] = {port["port"] for port in service["spec"]["ports"]}
    clusters = {f"outbound|{port}||{host}" for host, numbers in ports.items() for port in numbers}
    for rule in of_kind(documents, "DestinationRule"):
        host = rule["spec"]["host"]
        for subset in rule["spec"].get("subsets", []):
            clusters |= {f"outbound|{port}|{subset['name']}|{host}" for port in ports.get(host, ())}
    for envoy_filter in of_kind(documents, "EnvoyFilter"):
        for patch in envoy_filter["spec"]["configPatches"]:
            if patch["applyTo"] == "CLUSTER":
                clusters.add(patch["patch"]["value"]["name"])
    return clusters
