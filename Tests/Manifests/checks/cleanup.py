"""`kubectl delete -k` removes what `kubectl apply -k` of the same folder made, and nothing that another folder made."""

from .tree import Tree, identity, name_of

# Kinds that would take more with them than a configuration made, or that others rely on.
SHARED_KINDS = {"Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "PersistentVolume"}

# Folders that are applied once and stay beneath every configuration.
STANDING = ("platform/kube", "networking", "egress-gateway", "access-logs", "egress/blocked")


def check(tree: Tree):
    standing = {}
    for folder in STANDING:
        for document in tree.documents(folder):
            if identity(document) in standing:
                yield f"{folder}: {name_of(document)} is in {standing[identity(document)]}, too"
            standing[identity(document)] = folder
    for folder in tree.kustomizations():
        seen = set()
        for document in tree.documents(folder):
            key = identity(document)
            if key in seen:
                yield f"{folder}: {name_of(document)} twice"
            seen.add(key)
            if document["kind"] in SHARED_KINDS:
                yield f"{folder}: deleting {name_of(document)} takes more away than the folder made"
            if folder not in STANDING and folder.startswith("egress/") and key in standing:
                yield f"{folder}: deleting it removes {name_of(document)}, which belongs to {standing[key]}"
            if "ownerReferences" in document["metadata"] or "generateName" in document["metadata"]:
                yield f"{folder}: {name_of(document)}: a delete can't name it"
        for path in (tree.root / folder).glob("kustomization.yaml"):
            text = path.read_text()
            if ("configMapGenerator" in text or "secretGenerator" in text) and "disableNameSuffixHash: true" not in text:
                yield f"{folder}: a generated name with a hash changes with its content, and a delete misses the old one"
    for folder in tree.components():
        text = (tree.root / folder / "kustomization.yaml").read_text()
        if "Generator:" in text and "disableNameSuffixHash: true" not in text:
            yield f"{folder}: a generated name with a hash changes with its content, and a delete misses the old one"
        if not any(uses(tree, other, folder) for other in tree.kustomizations() + tree.components()):
            yield f"{folder}: no kustomization takes it in"


def uses(tree: Tree, folder: str, component: str) -> bool:
    """Whether a folder lists a component."""
    lines = (tree.root / folder / "kustomization.yaml").read_text().splitlines()
    entries = [line.strip()[2:] for line in lines if line.strip().startswith("- ")]
    target = (tree.root / component).resolve()
    return any((tree.root / folder / entry).resolve() == target for entry in entries)
