"""The database's values stand in one file: another file, and nothing of the old values may be left."""

import pathlib
import shutil
import sys
import tempfile

from .tree import RenderError, Tree, identity, render, walk

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "bookinfo"))

from verification import parameters as values  # noqa: E402

# RFC 5737 and RFC 2606, like the values in the repository, and different from each of them.
OTHER = """\
apiVersion: bookinfo.example.com/v1
kind: EgressParameters
metadata:
  name: database
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  namespace: shop
  host: db.example.org
  port: 28018
  address: 198.51.100.7
  wildcard: "*.example.org"
  members:
    - member1.example.org
    - member2.example.org
  resolver: 203.0.113.53
"""

INTEGERS = {"port", "number", "portNumber", "port_value", "targetPort", "containerPort"}


def check(tree: Tree):
    defaults = {str(value) for _, value in walk(tree.parameters()) if isinstance(value, (str, int))}
    defaults.remove(tree.parameters()["namespace"])
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "bookinfo"
        shutil.copytree(tree.root, copy)
        (copy / "egress/parameters/database.yaml").write_text(OTHER)
        other = Tree(copy)
        for name in tree.kustomizations():
            if not name.startswith(("egress/", "access-logs")):
                continue
            try:
                text = render(copy / name)
            except RenderError as error:
                yield f"{name}: can't be rendered with other parameters: {error}"
                continue
            for value in sorted(defaults):
                if value in text:
                    yield f"{name}: {value} is still there when the parameters name another value"
            for document in other.documents(name):
                if document["metadata"].get("namespace") == tree.parameters()["namespace"]:
                    yield f"{name}: {document['kind']} stays in the namespace {document['metadata']['namespace']}"
                if f"{tree.parameters()['namespace']}/" in text:
                    yield f"{name}: something keeps the namespace {tree.parameters()['namespace']}"
                if f"/ns/{tree.parameters()['namespace']}/" in text:
                    yield f"{name}: an identity keeps the namespace {tree.parameters()['namespace']}"
            old = {without_namespace(document) for document in tree.documents(name)}
            if old != {without_namespace(document) for document in other.documents(name)}:
                yield f"{name}: other parameters make other objects, so a later delete would miss some"


def check_values(tree: Tree):
    """What `egress/parameters/check` says of the values."""
    try:
        spec = values.read(tree.root / "egress/parameters/database.yaml")
    except values.ParametersError as error:
        yield f"egress/parameters: {error}"
        return
    yield from (f"egress/parameters: {problem}" for problem in values.problems(spec))


def without_namespace(document: dict) -> tuple:
    group, kind, _, name = identity(document)
    return (group, kind, name)


def check_integers(documents: list[dict]):
    """Ports are numbers, not text that looks like one."""
    for document in documents:
        for path, node in walk(document):
            if path and path[-1] in INTEGERS and isinstance(node, str) and node.isdigit():
                yield f"{document['kind']}/{document['metadata']['name']}: {'.'.join(map(str, path))} is text"
