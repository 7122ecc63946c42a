"""The folder bookinfo as the checks see it: rendered kustomizations, and what a cluster holds beside them."""

import functools
import pathlib
import shutil
import subprocess

import yaml

from . import gateway_api

ISTIO_SYSTEM = "istio-system"

# What Bookinfo's sample itself brings, and nothing in this repository renders: Services by name, with their ports.
BOOKINFO_SERVICES = {name: {9080} for name in ("productpage", "details", "reviews", "ratings")}


class RenderError(Exception):
    """kubectl kustomize refused a folder; the text is its message."""


class Tree:
    """A bookinfo folder."""

    def __init__(self, root: pathlib.Path):
        self.root = root

    def kustomizations(self) -> list[str]:
        """Folders that can be applied, relative to the root, in order of name."""
        return self._folders("Kustomization")

    def components(self) -> list[str]:
        """Folders that other kustomizations take in."""
        return self._folders("Component")

    def _folders(self, kind: str) -> list[str]:
        found = []
        for path in sorted(self.root.rglob("kustomization.yaml")):
            if yaml.safe_load(path.read_text())["kind"] == kind:
                found.append(str(path.parent.relative_to(self.root)))
        return found

    def configurations(self) -> list[str]:
        """Names of the egress configurations."""
        return [pathlib.Path(name).name for name in self.kustomizations() if name.startswith("egress/")]

    @functools.cache
    def text(self, folder: str) -> str:
        """What kubectl renders from a folder."""
        return render(self.root / folder)

    @functools.cache
    def documents(self, folder: str) -> list[dict]:
        """The same, parsed."""
        return [document for document in yaml.safe_load_all(self.text(folder)) if document]

    @functools.cache
    def resolved(self, folder: str) -> list[dict]:
        """The same, as istiod reads what the Gateway API says."""
        return gateway_api.resolved(self.documents(folder))

    @functools.cache
    def parameters(self) -> dict:
        """The values of egress/parameters/database.yaml."""
        return yaml.safe_load((self.root / "egress/parameters/database.yaml").read_text())["spec"]

    def surroundings(self, folder: str) -> list[dict]:
        """What a configuration may count on: the service, its routes and the egress gateway. Without a namespace of
        their own they lie in the one that the parameters name."""
        documents = []
        for other in ("platform/kube", "networking", "egress-gateway"):
            if other != folder and (self.root / other / "kustomization.yaml").exists():
                documents += self.documents(other)
        return documents

    def namespace(self, document: dict) -> str:
        """The namespace that a document ends up in."""
        return document["metadata"].get("namespace", self.parameters()["namespace"])


def render(folder: pathlib.Path) -> str:
    """Runs kubectl kustomize."""
    if shutil.which("kubectl") is None:
        raise SystemExit("lint: kubectl is missing; run .ci/fetch-tools kubectl")
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout.strip():
        raise RenderError(done.stderr.strip() or "renders nothing")
    return done.stdout


def name_of(document: dict) -> str:
    """Kind and name, for messages."""
    return f"{document.get('kind')}/{document.get('metadata', {}).get('name')}"


def identity(document: dict) -> tuple:
    """What tells one object in a cluster from another."""
    metadata = document["metadata"]
    group = document["apiVersion"].rpartition("/")[0]
    return (group, document["kind"], metadata.get("namespace", ""), metadata["name"])


def of_kind(documents: list[dict], *kinds: str) -> list[dict]:
    """The documents of some kinds."""
    return [document for document in documents if document.get("kind") in kinds]


def walk(node, path=()):
    """Every value below a node, with the keys that lead to it."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, (*path, index))
