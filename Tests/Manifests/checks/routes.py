"""Istio's references to one another: hosts, ports, subsets, gateways, identities, and the two ends of each TLS."""

from .tree import BOOKINFO_SERVICES, ISTIO_SYSTEM, Tree, identity, name_of, of_kind
from .workloads import POD_OWNERS, labels_of, selects


class Registry:
    """Hosts that a proxy may be routed to, as istiod would know them."""

    def __init__(self, tree: Tree, documents: list[dict]):
        self.tree = tree
        namespace = tree.parameters()["namespace"]
        # host → (ports, the namespaces that see it; None for all)
        self.hosts: dict[str, tuple[set, set | None]] = {}
        for service, ports in BOOKINFO_SERVICES.items():
            self.hosts[service] = self.hosts[f"{service}.{namespace}.svc.cluster.local"] = (ports, None)
        for service in of_kind(documents, "Service"):
            host = f"{service['metadata']['name']}.{tree.namespace(service)}.svc.cluster.local"
            self.hosts[host] = ({port["port"] for port in service["spec"]["ports"]}, None)
        for entry in of_kind(documents, "ServiceEntry"):
            visible = visibility(tree, entry)
            for host in entry["spec"]["hosts"]:
                self.hosts[host] = ({port["number"] for port in entry["spec"]["ports"]}, visible)

    def problem(self, host: str, port: int | None, namespace: str) -> str | None:
        """Why a proxy in the namespace can't be sent to host and port."""
        if host not in self.hosts:
            return f"no host {host}"
        ports, visible = self.hosts[host]
        if visible is not None and namespace not in visible:
            return f"host {host} is not exported to {namespace}"
        if port is None:
            return f"names no port of {host}" if len(ports) != 1 else None
        return None if port in ports else f"host {host} has no port {port}"


def visibility(tree: Tree, document: dict) -> set | None:
    """The namespaces that exportTo names; None for all."""
    names = document["spec"].get("exportTo")
    if not names or "*" in names:
        return None
    return {tree.namespace(document) if name == "." else name for name in names}


def check(tree: Tree, folder: str):
    own = tree.documents(folder)
    everything = own + [other for other in tree.surroundings(folder) if identity(other) not in map(identity, own)]
    registry = Registry(tree, everything)
    gateways = {(tree.namespace(one), one["metadata"]["name"]): one for one in of_kind(own, "Gateway")}
    rules = of_kind(everything, "DestinationRule")
    owners = of_kind(everything, *POD_OWNERS)

    used = set()
    for service in of_kind(own, "VirtualService"):
        yield from check_virtual_service(tree, service, registry, gateways, rules, used)
    for key, gateway in gateways.items():
        yield from check_gateway(tree, key, gateway, everything, owners, used)
    for rule in of_kind(own, "DestinationRule"):
        yield from check_destination_rule(tree, rule, registry, gateways, own, owners)
    for policy in of_kind(own, "AuthorizationPolicy"):
        yield from check_policy(tree, policy, everything, gateways, owners)
    for entry in of_kind(own, "ServiceEntry"):
        yield from check_service_entry(entry)


def check_virtual_service(tree, service, registry, gateways, rules, used):
    where, namespace = name_of(service), tree.namespace(service)
    spec = service["spec"]
    bound = spec.get("gateways", ["mesh"])
    for name in bound:
        if name != "mesh" and (namespace, name) not in gateways:
            yield f"{where}: no Gateway {name} in {namespace}"
    if "mesh" in bound:
        for host in spec["hosts"]:
            if host not in registry.hosts:
                yield f"{where}: no host {host} for the sidecars to know"
    visible = visibility(tree, service)
    for protocol in ("http", "tls", "tcp"):
        for route in spec.get(protocol, []):
            for match in route.get("match", [{}]):
                for name in match.get("gateways", bound):
                    if name not in bound:
                        yield f"{where}: a match names {name}, which is not among its gateways"
                    gateway = gateways.get((namespace, name))
                    hop = namespace if gateway is None else ISTIO_SYSTEM
                    if visible is not None and hop not in visible:
                        yield f"{where}: not exported to {hop}"
                    if gateway is not None:
                        used.add((namespace, name))
                        servers = gateway["spec"]["servers"]
                        if match.get("port") not in {server["port"]["number"] for server in servers}:
                            yield f"{where}: Gateway {name} has no port {match.get('port')}"
                        hosts = {host for server in servers for host in server["hosts"]}
                        for host in match.get("sniHosts", spec["hosts"]):
                            if host not in hosts:
                                yield f"{where}: Gateway {name} does not serve {host}"
                        ends = {server.get("tls", {}).get("mode") for server in servers}
                        if (protocol == "tls") != (ends == {"PASSTHROUGH"}):
                            yield f"{where}: {protocol} routes do not fit Gateway {name}, whose TLS mode is {ends}"
                    elif name == "mesh" and protocol != "http":
                        for host in spec["hosts"]:
                            if match.get("port") not in registry.hosts.get(host, ({match.get("port")}, None))[0]:
                                yield f"{where}: host {host} has no port {match.get('port')}"
                    for target in route["route"]:
                        destination = target["destination"]
                        problem = registry.problem(
                            destination["host"], destination.get("port", {}).get("number"), hop
                        )
                        if problem:
                            yield f"{where}: {problem}"
                        subset = destination.get("subset")
                        if subset and not any(
                            rule["spec"]["host"] == destination["host"]
                            and tree.namespace(rule) == namespace
                            and subset in {one["name"] for one in rule["spec"].get("subsets", [])}
                            for rule in rules
                        ):
                            yield f"{where}: no DestinationRule has a subset {subset} of {destination['host']}"


def check_gateway(tree, key, gateway, everything, owners, used):
    where, selector = name_of(gateway), gateway["spec"]["selector"]
    if key not in used:
        yield f"{where}: no VirtualService routes from it"
    chosen = [owner for owner in owners if selects(selector, labels_of(owner))]
    if not chosen:
        yield f"{where}: its selector {selector} selects no pods"
    for owner in chosen:
        ports = {
            port["port"]
            for service in of_kind(everything, "Service")
            if tree.namespace(service) == tree.namespace(owner) and selects(service["spec"]["selector"], labels_of(owner))
            for port in service["spec"]["ports"]
        }
        for server in gateway["spec"]["servers"]:
            if server["port"]["number"] not in ports:
                yield f"{where}: the gateway's Service has no port {server['port']['number']}"
    for server in gateway["spec"]["servers"]:
        if (server["port"]["protocol"] == "TLS") != ("tls" in server):
            yield f"{where}: protocol {server['port']['protocol']} and tls contradict each other"


def check_destination_rule(tree, rule, registry, gateways, own, owners):
    where, spec = name_of(rule), rule["spec"]
    problem = registry.problem(spec["host"], next(iter(registry.hosts.get(spec["host"], ({0}, None))[0])), tree.namespace(rule))
    if problem:
        yield f"{where}: {problem}"
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
        authority = tls.get("caCertificates")
        if authority and not any(
            f'"mountPath":"{authority.rpartition("/")[0]}"'
            in owner["spec"]["template"]["metadata"].get("annotations", {}).get("sidecar.istio.io/userVolumeMount", "")
            for owner in owners
        ):
            yield f"{where}: no sidecar has {authority} mounted"
        if tls.get("mode") == "SIMPLE" and (not authority or not tls.get("subjectAltNames")):
            yield f"{where}: TLS without caCertificates or subjectAltNames checks too little"


def gateway_host(gateway: dict, host: str) -> bool:
    """Whether the host is the Service of the pods that the Gateway selects, by Istio's convention for their names."""
    return host.startswith(f"istio-{gateway['spec']['selector']['istio']}.")


def check_policy(tree, policy, everything, gateways, owners):
    where, spec = name_of(policy), policy["spec"]
    selector = spec.get("selector", {}).get("matchLabels", {})
    if not any(selects(selector, labels_of(owner)) and tree.namespace(owner) == tree.namespace(policy) for owner in owners):
        yield f"{where}: selects no pods in {tree.namespace(policy)}"
    accounts = {
        f"cluster.local/ns/{tree.namespace(one)}/sa/{one['metadata']['name']}"
        for one in of_kind(everything, "ServiceAccount")
    }
    servers = [server for gateway in gateways.values() for server in gateway["spec"]["servers"]]
    for rule in spec["rules"]:
        for source in (one["source"] for one in rule.get("from", [])):
            for principal in source.get("principals", []) + source.get("notPrincipals", []):
                if principal not in accounts:
                    yield f"{where}: no ServiceAccount for {principal}"
        names = {name for one in rule.get("when", []) if one["key"] == "connection.sni" for name in one["values"]}
        if not names:
            yield f"{where}: without connection.sni it concerns everything else that leaves through the gateway"
        for name in names:
            if not any(name in server["hosts"] for server in servers):
                yield f"{where}: no Gateway serves {name}"
        if "to" in rule:
            yield f"{where}: a policy sees the target port, which differs between installations"
    if spec.get("action") != "DENY":
        yield f"{where}: ALLOW refuses everything else that leaves through the gateway"


def check_service_entry(entry):
    where, spec = name_of(entry), entry["spec"]
    wildcard = any(host.startswith("*") for host in spec["hosts"])
    if wildcard and spec.get("resolution") != "NONE":
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
