"""Pods and what they refer to: accounts, ConfigMaps, Secrets, volumes, ports, and the objects that select them."""

from .tree import Tree, identity, name_of, of_kind

POD_OWNERS = ("Deployment", "StatefulSet", "DaemonSet", "Job")


def labels_of(owner: dict) -> dict:
    return owner["spec"]["template"]["metadata"].get("labels", {})


def containers_of(pod: dict) -> list:
    return pod.get("initContainers", []) + pod["containers"]


def selects(selector: dict, labels: dict) -> bool:
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def check(tree: Tree, folder: str):
    own = tree.documents(folder)
    everything = own + [other for other in tree.surroundings(folder) if identity(other) not in map(identity, own)]
    names = {(other["kind"], tree.namespace(other), other["metadata"]["name"]) for other in everything}
    owners = of_kind(everything, *POD_OWNERS)
    manual = (tree.root / "README.md").read_text() if (tree.root / "README.md").exists() else ""

    for owner in of_kind(own, *POD_OWNERS):
        where, namespace, pod = name_of(owner), tree.namespace(owner), owner["spec"]["template"]["spec"]
        if not selects(owner["spec"]["selector"]["matchLabels"], labels_of(owner)):
            yield f"{where}: its selector does not select its own pods"
        if ("ServiceAccount", namespace, pod.get("serviceAccountName")) not in names:
            yield f"{where}: no ServiceAccount {pod.get('serviceAccountName')} in {namespace}"
        if owner["kind"] == "StatefulSet" and owner["spec"].get("volumeClaimTemplates"):
            if owner["spec"].get("persistentVolumeClaimRetentionPolicy", {}).get("whenDeleted") != "Delete":
                yield f"{where}: its volume claims outlive it: set persistentVolumeClaimRetentionPolicy.whenDeleted"
        yield from check_volumes(where, namespace, owner, pod, names)
        for container in containers_of(pod):
            yield from check_security(f"{where}: container {container['name']}", container)
            for variable in container.get("env", []):
                secret = variable.get("valueFrom", {}).get("secretKeyRef", {}).get("name")
                if secret and f"create secret generic {secret} " not in manual:
                    yield f"{where}: the README has no command that makes the Secret {secret}"

    for service in of_kind(own, "Service"):
        chosen = [
            owner
            for owner in owners
            if tree.namespace(owner) == tree.namespace(service) and selects(service["spec"]["selector"], labels_of(owner))
        ]
        if not chosen:
            yield f"{name_of(service)}: selects no pods"
        for owner in chosen:
            ports = [port for one in owner["spec"]["template"]["spec"]["containers"] for port in one.get("ports", [])]
            known = {port["containerPort"] for port in ports} | {port.get("name") for port in ports}
            for port in service["spec"]["ports"]:
                if port.get("targetPort", port["port"]) not in known:
                    yield f"{name_of(service)}: no container port {port.get('targetPort')} in {name_of(owner)}"

    for budget in of_kind(own, "PodDisruptionBudget"):
        if not any(selects(budget["spec"]["selector"]["matchLabels"], labels_of(owner)) for owner in owners):
            yield f"{name_of(budget)}: selects no pods"
    for scaler in of_kind(own, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        found = [one for one in owners if (one["kind"], one["metadata"]["name"]) == (target["kind"], target["name"])]
        if not found:
            yield f"{name_of(scaler)}: no {target['kind']} {target['name']}"
        for owner in found:
            if "replicas" in owner["spec"]:
                yield f"{name_of(scaler)}: {name_of(owner)} sets replicas, too"
            containers = {container["name"] for container in owner["spec"]["template"]["spec"]["containers"]}
            for metric in scaler["spec"]["metrics"]:
                if metric.get("containerResource", {}).get("container") not in containers:
                    yield f"{name_of(scaler)}: {name_of(owner)} has no such container"


def check_volumes(where, namespace, owner, pod, names):
    volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
    claims = {claim["metadata"]["name"] for claim in owner["spec"].get("volumeClaimTemplates", [])}
    for name, volume in volumes.items():
        source = volume.get("configMap")
        if source and not source.get("optional") and ("ConfigMap", namespace, source["name"]) not in names:
            yield f"{where}: no ConfigMap {source['name']} in {namespace} for the volume {name}"
    for container in containers_of(pod):
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes and mount["name"] not in claims:
                yield f"{where}: container {container['name']} mounts {mount['name']}, which is no volume"


def check_security(where, container):
    context = container.get("securityContext", {})
    wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "privileged": False}
    for key, value in wanted.items():
        if context.get(key) is not value:
            yield f"{where}: securityContext.{key} must be {str(value).lower()}"
    if context.get("capabilities", {}).get("drop") != ["ALL"]:
        yield f"{where}: must drop ALL capabilities"
    if context.get("runAsUser") == 1337 and not where.endswith("istio-proxy"):
        yield f"{where}: uid 1337 is the sidecar's"
    for kind in ("requests", "limits"):
        if "memory" not in container.get("resources", {}).get(kind, {}):
            yield f"{where}: no memory among resources.{kind}"
    if ":" not in container["image"].rpartition("/")[2] and container["image"] != "auto":
        yield f"{where}: the image {container['image']} has no tag"
