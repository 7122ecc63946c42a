"""Every configuration fails for the reason that there is: on the way to the database, and at its end."""

from __future__ import annotations

from typing import Iterator

import cluster
import facts

from . import scenario
from .case import Case, check, fails

OPEN = [name for name in scenario.NAMES if name != "blocked"]
RIGHT_BODY = '200 with "Reviewer1":1,"Reviewer2":1'
FAILED = f"500 {scenario.BLOCKED_BODY}"
COMPARE_ENTRY = "compare host, address and port in MONGO_DB_URL with egress/parameters/database.yaml"


def cases() -> Iterator[Case]:
    """All of them."""
    for name in OPEN:
        yield from database(name)
        yield from certificates(name)
        yield other_way(name)
    yield broken_ca()


def answer(cause: str, advice: str, seen: str = FAILED, expected: str = RIGHT_BODY) -> list[dict]:
    """The check of reviews' answer that failed."""
    return [check("answer", expected, seen, cause, advice)]


def fault(title: str, name: str, way: cluster.Way, cause: str, advice: str) -> Case:
    """ratings' connections go as `way` says, and reviews gets an error."""

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        made.way = way
        return made

    return fails(f"{name}: {title}", make, name, checks=answer(cause, advice), reason=cause)


def database(name: str) -> Iterator[Case]:
    """No database behind the way, and an entry that does not fit."""
    proxy = scenario.GATEWAY_OF.get(name, "sidecar")
    if proxy == "egress-gateway-with-sni-proxy":
        yield fault(
            "database down", name, scenario.fault(name, "refused-behind-nginx"),
            "sni-proxy can't connect to mongo.example.com (nginx: status 502)",
            "check that the database runs there, that the resolver knows its name, and what lies between")
    else:
        which = "refused" if proxy == "sidecar" else "refused-behind-gateway"
        yield fault(
            "database down", name, scenario.fault(name, which),
            f"{proxy} can't connect to 192.0.2.10:27017 (flag UF,URX): delayed_connect_error:_Connection_refused",
            "check that the database runs there, and what lies between")
    blocked = cluster.Way(facts.lines("blocked"), 500, scenario.BLOCKED_BODY, "blocked", True)
    yield fault(
        "host not in the registry", name, blocked,
        "sidecar lets the connection go nowhere: no ServiceEntry holds 192.0.2.10:27017", COMPARE_ENTRY)
    sni = scenario.fields(name)["sni"]
    yield fault(
        "no filter chain", name, scenario.fault(name, "no-chain"),
        "sidecar has no filter chain for the connection " + (f"with the SNI {sni}" if sni != "-" else "without an SNI"),
        "compare the SNI with the hosts of Gateway and VirtualService")


def certificates(name: str) -> Iterator[Case]:
    """A CA that did not sign, and a certificate for another name: the sidecar says so, or the service."""
    if name == "tls-origination":
        yield fault(
            "wrong CA", name, scenario.fault(name, "wrong-ca"),
            "the certificate of 192.0.2.10:27017 is not signed by a CA that sidecar trusts",
            "compare the CA in the ConfigMap ratings-mongodb-ca with the one that signed the server's certificate")
        yield fault(
            "wrong name", name, scenario.fault(name, "wrong-name"),
            "the certificate of 192.0.2.10:27017 is for another name than sidecar asks for",
            "compare the certificate's names with `host` in egress/parameters/database.yaml")
        return
    lines = scenario.way(name).lines
    yield fault(
        "wrong CA", name, cluster.Way(lines, 500, scenario.BLOCKED_BODY, "wrong-ca", True),
        "TLS: the certificate of mongo.example.com:27017 (CN=mongo.example.com, for mongo.example.com, issued by CN=right CA, "
        "valid from 2026-11-28 20:08:13 to 2026-11-30 20:08:13 UTC) is not accepted: issued by CN=right CA, which was neither "
        "sent nor is in tlsCAFile /etc/ratings-mongodb-ca/ca.crt (certificateIssuerUnknown)",
        "put CN=right CA into /etc/ratings-mongodb-ca/ca.crt, or send it along")
    yield fault(
        "wrong name", name, cluster.Way(lines, 500, scenario.BLOCKED_BODY, "wrong-name", True),
        "TLS: the certificate of mongo.example.com:27017 (CN=other.example.com, for other.example.com, issued by CN=right CA, "
        "valid from 2026-11-28 20:08:13 to 2026-11-30 20:08:13 UTC) is not accepted: it is for other.example.com, and not for "
        "mongo.example.com (certificateForAnotherName)",
        "use a name that it is for in MONGO_DB_URL, or add mongo.example.com to the certificate")


def broken_ca() -> Case:
    """tls-origination without its ConfigMap."""
    return fault(
        "no CA", "tls-origination", scenario.fault("tls-origination", "no-ca"),
        "sidecar has not got the CA or the certificate for its TLS", "kubectl get configmap ratings-mongodb-ca; its key must be ca.crt")


def other_way(name: str) -> Case:
    """reviews gets its ratings, and a connection goes past the configuration as well."""
    absent = scenario.ENTRIES[name]["absent"][0]["cluster"].replace("{port}", "27017").replace("{host}", "mongo.example.com")
    absent = absent.replace("{wildcard}", "*.example.com")
    passthrough = absent == "PassthroughCluster"
    cause = (
        "sidecar lets out what no configuration names (PassthroughCluster): ALLOW_ANY is in force" if passthrough
        else f"sidecar goes by {absent}, past the configuration")
    advice = "kubectl apply -k bookinfo/egress/blocked; kubectl get sidecars -A" if passthrough else None

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        made.way.lines += [
            (proxy, line.replace("PassthroughCluster", absent)) for proxy, line in facts.lines("faults/passthrough")]
        return made

    return fails(
        f"{name}: past the configuration as well", make, name,
        checks=[check(f"sidecar: not {absent}", "no connection this way", "one", cause, advice)], reason=cause)
