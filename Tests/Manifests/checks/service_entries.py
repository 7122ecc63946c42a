"""ServiceEntries: what they open, for whom, and that connections to a database survive idleness."""

from .registry import covers
from .tree import name_of


def check_service_entry(entry):
    where, spec = name_of(entry), entry["spec"]
    wildcard = any(host.startswith("*") for host in spec["hosts"])
    if wildcard and spec.get("resolution") not in ("NONE", "DYNAMIC_DNS"):
        yield f"{where}: a wildcard can't be resolved"
    if spec.get("location") != "MESH_EXTERNAL":
        yield f"{where}: must be MESH_EXTERNAL"
    if "*" in spec.get("exportTo", ["*"]):
        yield f"{where}: opens egress for every namespace"
    if spec.get("resolution") == "STATIC" and spec.get("addresses"):
        ends = {end["address"] for end in spec["endpoints"]}
        if {address.partition("/")[0] for address in spec["addresses"]} != ends:
            yield f"{where}: addresses and endpoints differ"
    if spec.get("resolution") == "STATIC" and not spec.get("addresses") and len(spec.get("exportTo", [])) != 1:
        yield f"{where}: without addresses it is a listener for every address on its ports, in each sidecar that sees it"
    for port in spec["ports"]:
        if port["protocol"] not in ("TCP", "TLS"):
            yield f"{where}: protocol {port['protocol']}: MongoDB is TCP or TLS to Envoy"


def check_keepalive(entry, rules):
    """The connections to a database are kept alive; not those within a pod, nor where the proxy behind does it."""
    where, spec = name_of(entry), entry["spec"]
    if spec["resolution"] == "NONE":
        return
    if {end["address"] for end in spec.get("endpoints", [])} == {"127.0.0.1"}:
        return
    for host in spec["hosts"]:
        policies = [rule["spec"].get("trafficPolicy", {}) for rule in rules if covers(rule["spec"]["host"], host)]
        policies += [setting for policy in policies for setting in policy.get("portLevelSettings", [])]
        if not any("tcpKeepalive" in policy.get("connectionPool", {}).get("tcp", {}) for policy in policies):
            yield f"{where}: no DestinationRule keeps idle connections to {host} alive"
