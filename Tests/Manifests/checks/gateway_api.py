"""The Gateway API as istiod reads it: a Gateway makes a workload of its own, and a TLSRoute is a VirtualService."""

GROUP = "gateway.networking.k8s.io"
NAME_LABEL = f"{GROUP}/gateway-name"


def is_gateway_api(document: dict) -> bool:
    return document["apiVersion"].startswith(f"{GROUP}/")


def resolved(documents: list[dict]) -> list[dict]:
    """The documents, with Istio's and Kubernetes' kinds in the place of the Gateway API's."""
    out = []
    for document in documents:
        if not is_gateway_api(document):
            out.append(document)
        elif document["kind"] == "Gateway":
            out += of_gateway(document)
        else:
            out.append(of_route(document, documents))
    return out


def mode(tls: dict) -> str:
    """The TLS mode that Istio's own Gateway would say."""
    if tls["mode"] == "Passthrough":
        return "PASSTHROUGH"
    return tls.get("options", {}).get("gateway.istio.io/tls-terminate-mode", "SIMPLE")


def of_gateway(document: dict) -> list[dict]:
    """Istio's Gateway, and the Deployment, Service and ServiceAccount that Istio makes."""
    name, namespace = document["metadata"]["name"], document["metadata"]["namespace"]
    metadata = {"name": f"{name}-istio", "namespace": namespace}
    labels = {NAME_LABEL: name}
    listeners = document["spec"]["listeners"]
    servers = [
        {
            "port": {"number": one["port"], "name": one["name"], "protocol": one["protocol"]},
            "hosts": [one["hostname"]],
            "tls": {"mode": mode(one["tls"])},
        }
        for one in listeners
    ]
    ports = [{"name": one["name"], "port": one["port"]} for one in listeners]
    return [
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "Gateway",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"selector": labels, "servers": servers},
        },
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": labels, "ports": ports}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata,
            "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": []}}},
        },
    ]


def of_route(document: dict, documents: list[dict]) -> dict:
    """A VirtualService for the sidecars where the parent is a ServiceEntry, for the gateway where it is a Gateway."""
    namespace, spec = document["metadata"]["namespace"], document["spec"]
    [parent] = spec["parentRefs"]
    targets = [
        {
            "destination": {
                "host": one["name"]
                if one.get("kind") == "Hostname"
                else f"{one['name']}.{namespace}.svc.cluster.local",
                "port": {"number": one["port"]},
            }
        }
        for rule in spec["rules"]
        for one in rule["backendRefs"]
    ]
    service = {"hosts": spec["hostnames"], "exportTo": ["."]}
    if parent.get("kind") == "ServiceEntry":
        service["gateways"] = ["mesh"]
        match = {"gateways": ["mesh"], "port": parent.get("port"), "sniHosts": spec["hostnames"]}
        service["tls"] = [{"match": [match], "route": targets}]
    else:
        service["gateways"] = [parent["name"]]
        listeners = [
            listener
            for one in documents
            if is_gateway_api(one) and one["kind"] == "Gateway" and one["metadata"]["name"] == parent["name"]
            for listener in one["spec"]["listeners"]
        ]
        passes = any(mode(one["tls"]) == "PASSTHROUGH" for one in listeners)
        match = {"gateways": [parent["name"]]}
        if listeners:
            match["port"] = listeners[0]["port"]
        if passes:
            match["sniHosts"] = spec["hostnames"]
        service["tls" if passes else "tcp"] = [{"match": [match], "route": targets}]
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": document["metadata"],
        "spec": service,
    }
