"""The hosts that proxies may be routed to."""

from .tree import BOOKINFO_SERVICES, Tree, of_kind


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


def covers(pattern: str, host: str) -> bool:
    """Whether a DestinationRule's host is this one, or a wildcard over it."""
    return pattern == host or (pattern.startswith("*") and host.endswith(pattern[1:]))
