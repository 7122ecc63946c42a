"""Istio's references to one another: hosts, ports, subsets, gateways, identities, and the two ends of each TLS."""

from .destination_rules import check_destination_rule
from .policies import check_policy, check_telemetry
from .registry import Registry, visibility
from .service_entries import check_keepalive, check_service_entry
from .tree import ISTIO_SYSTEM, Tree, identity, name_of, of_kind
from .workloads import POD_OWNERS, labels_of, selects


def check(tree: Tree, folder: str):
    own = tree.resolved(folder)
    everything = own + [other for other in tree.surroundings(folder) if identity(other) not in map(identity, own)]
    registry = Registry(tree, everything)
    gateways = {(tree.namespace(one), one["metadata"]["name"]): one for one in of_kind(own, "Gateway")}
    rules = of_kind(everything, "DestinationRule")
    owners = of_kind(everything, *POD_OWNERS)

    used = set()
    for service in of_kind(own, "VirtualService"):
        yield from check_virtual_service(tree, service, registry, gateways, rules, owners, used)
    for key, gateway in gateways.items():
        yield from check_gateway(tree, key, gateway, everything, owners, used)
    for rule in of_kind(own, "DestinationRule"):
        yield from check_destination_rule(tree, rule, registry, gateways, own, owners)
    for policy in of_kind(own, "AuthorizationPolicy"):
        yield from check_policy(tree, policy, everything, gateways, owners)
    for telemetry in of_kind(own, "Telemetry"):
        yield from check_telemetry(tree, telemetry, owners)
    routed = {host for service in of_kind(own, "VirtualService") for host in service["spec"]["hosts"]}
    for entry in of_kind(own, "ServiceEntry"):
        yield from check_service_entry(entry)
        yield from check_keepalive(entry, rules)
        if folder.endswith("-direct") and routed & set(entry["spec"]["hosts"]):
            yield f"{name_of(entry)}: a VirtualService for its host takes the look-up by SNI away"


def home(tree, gateway, owners) -> str:
    """The namespace of the pods that a Gateway selects."""
    chosen = [tree.namespace(owner) for owner in owners if selects(gateway["spec"]["selector"], labels_of(owner))]
    return chosen[0] if chosen else ISTIO_SYSTEM


def check_virtual_service(tree, service, registry, gateways, rules, owners, used):
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
                    hop = namespace if gateway is None else home(tree, gateway, owners)
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
