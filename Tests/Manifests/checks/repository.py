"""What must not stand in the repository (real hosts, secrets), and what must stand in its manual."""

import re

from .tree import Tree

# Reserved for documentation (RFC 2606), or not a host that anything of this repository's calls.
DOCUMENTATION = re.compile(r"(^|\.)example\.(com|org|net)$")
NAMES_OF_STANDARDS = re.compile(
    r"(^|\.)(istio\.io|k8s\.io|kubernetes\.io|googleapis\.com|cluster\.local|tcp\.svc|local|docker\.io|github\.com|mongodb\.com"
    r"|istio\.sidecar|envoyproxy\.io|rfc-editor\.org)$"
)
TOP_LEVEL = r"(?:com|org|net|io|dev|cloud|app|eu|de|jp|uk|fr|co)"
HOST = re.compile(rf"(?<![\w.@/-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+{TOP_LEVEL})(?![\w-]|\.\w)")
ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")
# RFC 5737, loopback, any, and a cluster's private range as an example.
ALLOWED_ADDRESS = re.compile(r"^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|127\.|0\.0\.0\.0$|240\.240\.|10\.(244|96)\.)")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|mongodb(?:\+srv)?://[^\s:@/\"'`]+:(?![$<*%…]|\.\.\.)[^\s@/]+@"
    r"|^\s*(?:pwd|password|MONGO_DB_URL):\s*[\"']?[\w!-]+[\"']?\s*$",
    re.M,
)


def check(tree: Tree):
    for path in sorted(tree.root.rglob("*")):
        if not path.is_file() or path.suffix in (".pyc",):
            continue
        text = path.read_text()
        where = path.relative_to(tree.root)
        for host in sorted(set(HOST.findall(text))):
            if not DOCUMENTATION.search(host) and not NAMES_OF_STANDARDS.search(host):
                yield f"{where}: {host} is a real host name; use example.com"
        for address in sorted(set(ADDRESS.findall(text))):
            if not ALLOWED_ADDRESS.search(address):
                yield f"{where}: {address} is no address for documentation (RFC 5737)"
        if SECRET.search(text):
            yield f"{where}: looks like a secret: {SECRET.search(text)[0].strip()[:40]}"
    yield from check_manual(tree)


def check_manual(tree: Tree):
    manual = tree.root / "README.md"
    if not manual.exists():
        yield "README.md: missing"
        return
    text = manual.read_text()
    for name in tree.configurations():
        if f"`{name}`" not in text:
            yield f"README.md: says nothing of {name}"
    for folder in ("platform/kube", "networking", "egress-gateway", "access-logs"):
        if f"delete -k bookinfo/{folder}" not in text:
            yield f"README.md: its clean-up leaves {folder} behind"
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        if not (tree.root / target).exists():
            yield f"README.md: no file {target}"
    headings = {anchor(line) for line in text.splitlines() if line.startswith("#")}
    for target in re.findall(r"\]\(#([^)]+)\)", text):
        if target not in headings:
            yield f"README.md: no heading #{target}"


def anchor(line: str) -> str:
    """GitHub's anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").strip().lower()).replace(" ", "-")
