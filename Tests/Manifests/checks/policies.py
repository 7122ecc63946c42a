"""AuthorizationPolicies and Telemetry: whom they select, whom they name, and what else they would refuse."""

from . import gateway_api
from .tree import name_of, of_kind
from .workloads import labels_of, selects


def check_policy(tree, policy, everything, gateways, owners):
    where, spec = name_of(policy), policy["spec"]
    targets = [one["name"] for one in spec.get("targetRefs", []) if one["kind"] == "Gateway"]
    selector = {gateway_api.NAME_LABEL: targets[0]} if targets else spec.get("selector", {}).get("matchLabels", {})
    if not any(selects(selector, labels_of(owner)) and tree.namespace(owner) == tree.namespace(policy) for owner in owners):
        yield f"{where}: selects no pods in {tree.namespace(policy)}"
    accounts = {
        f"{tree.namespace(one)}/{one['metadata']['name']}"
        for one in of_kind(everything, "ServiceAccount")
    }
    servers = [server for gateway in gateways.values() for server in gateway["spec"]["servers"]]
    for rule in spec["rules"]:
        for source in (one["source"] for one in rule.get("from", [])):
            if "principals" in source or "notPrincipals" in source:
                yield f"{where}: a principal begins with the trust domain, which differs between meshes"
            for account in source.get("serviceAccounts", []) + source.get("notServiceAccounts", []):
                if account not in accounts:
                    yield f"{where}: no ServiceAccount {account}"
        names = {name for one in rule.get("when", []) if one["key"] == "connection.sni" for name in one["values"]}
        if not names:
            yield f"{where}: without connection.sni it concerns everything else that leaves through the gateway"
        for name in names:
            if not any(name in server["hosts"] for server in servers):
                yield f"{where}: no Gateway serves {name}"
        if "to" in rule:
            yield f"{where}: a policy sees the target port, which differs between installations"
    if spec.get("action") != "DENY" and not targets:
        yield f"{where}: ALLOW refuses everything else that leaves through the gateway"


def check_telemetry(tree, telemetry, owners):
    """A selector that finds no pods is an error to `istioctl analyze` (IST0101)."""
    selector = telemetry["spec"].get("selector", {}).get("matchLabels", {})
    chosen = {tree.namespace(owner) for owner in owners if selects(selector, labels_of(owner))}
    if selector and tree.namespace(telemetry) not in chosen:
        yield f"{name_of(telemetry)}: selects no pods in {tree.namespace(telemetry)}"
