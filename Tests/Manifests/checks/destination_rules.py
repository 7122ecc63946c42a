"""DestinationRules: their hosts, and the TLS that has to fit the other end."""

from . import gateway_api
from .registry import covers
from .tree import name_of, of_kind
from .workloads import labels_of, selects


def check_destination_rule(tree, rule, registry, gateways, own, owners):
    where, spec = name_of(rule), rule["spec"]
    known = [host for host in registry.hosts if covers(spec["host"], host)]
    problems = [registry.problem(host, min(registry.hosts[host][0]), tree.namespace(rule)) for host in known]
    if not known:
        yield f"{where}: no host {spec['host']}"
    elif all(problems):
        yield f"{where}: {problems[0]}"
    forwards = any(one["metadata"]["name"] == "forward-downstream-sni" for one in of_kind(own, "EnvoyFilter"))
    policies = [spec.get("trafficPolicy", {})] + [one.get("trafficPolicy", {}) for one in spec.get("subsets", [])]
    for setting in (setting for policy in policies for setting in policy.get("portLevelSettings", [])):
        port, tls = setting["port"]["number"], setting.get("tls", {})
        if port not in registry.hosts.get(spec["host"], ({port}, None))[0]:
            yield f"{where}: host {spec['host']} has no port {port}"
        for gateway in gateways.values():
            for server in gateway["spec"]["servers"]:
                if server["port"]["number"] != port or not gateway_host(gateway, spec["host"]):
                    continue
                mutual = server.get("tls", {}).get("mode") == "ISTIO_MUTUAL"
                if mutual != (tls.get("mode") == "ISTIO_MUTUAL") or (not mutual and tls.get("mode") != "DISABLE"):
                    yield f"{where}: TLS mode {tls.get('mode')} does not fit {name_of(gateway)}'s port {port}"
                if mutual and not forwards and tls.get("sni") not in server["hosts"]:
                    yield f"{where}: SNI {tls.get('sni')} is no host of {name_of(gateway)}"
                if mutual and forwards and "sni" in tls:
                    yield f"{where}: sets an SNI that the EnvoyFilter forward-downstream-sni overrides"
        authority = tls.get("credentialName")
        if authority and authority != f"configmap://{tree.namespace(rule)}/ratings-mongodb-ca":
            yield f"{where}: no command of the README makes {authority}"
        if tls.get("mode") == "SIMPLE" and (not authority or not tls.get("subjectAltNames")):
            yield f"{where}: TLS without credentialName or subjectAltNames checks too little"
        if authority and "workloadSelector" not in spec:
            yield f"{where}: every sidecar of the namespace would fetch {authority}"
    selector = spec.get("workloadSelector", {}).get("matchLabels")
    if selector is not None and not any(
        selects(selector, labels_of(owner)) and tree.namespace(owner) == tree.namespace(rule) for owner in owners
    ):
        yield f"{where}: selects no pods in {tree.namespace(rule)}"


def gateway_host(gateway: dict, host: str) -> bool:
    """Whether the host is the Service of the pods that the Gateway selects, by Istio's convention for their names."""
    selector = gateway["spec"]["selector"]
    if gateway_api.NAME_LABEL in selector:
        return host.startswith(f"{selector[gateway_api.NAME_LABEL]}-istio.")
    return host.startswith(f"istio-{selector['istio']}.")
