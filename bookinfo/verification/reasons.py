"""Why a way did not work, from what the proxies wrote and what `ratings check` said.

The lines are those that a real cluster wrote (Envoy 1.40); flags are Envoy's,
https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .access_log import Line
from .evidence import Evidence, is_to
from .expectations import Configuration


@dataclass(frozen=True)
class Reason:
    """A cause in one line, what to do, and the line that tells of it."""

    cause: str
    advice: str
    lines: tuple[str, ...] = ()


def explain(configuration: Configuration, evidence: Evidence, port: int, ratings_check: str) -> Reason | None:
    """The cause that explains most; a refusal at the gateway before what the sidecar saw of it.

    Args:
        port: the database's: other connections of the pod are of no concern.
    """
    own = [line for line in evidence.of("sidecar") if is_to(line, port)]
    for proxy in [*(one.name for one in reversed(configuration.gateways())), "sidecar"]:
        for line in own if proxy == "sidecar" else evidence.of(proxy):
            reason = of_line(configuration, proxy, line)
            if reason:
                return reason
    if not evidence.read.get("sidecar"):
        return Reason(
            "the sidecar has written no line at all: its access log is off, or not in Istio's text format",
            "kubectl apply -k bookinfo/access-logs")
    return of_ratings_check(ratings_check)


def of_line(configuration: Configuration, proxy: str, line: Line) -> Reason | None:
    """What one line tells, `None` where it tells of no failure."""

    def reason(cause: str, advice: str) -> Reason:
        return Reason(cause, advice, (line.text,))

    refused = re.search(r"rbac_access_denied_matched_policy\[(.*)\]", line.termination)
    if refused:
        policy = re.search(r"policy\[([^]]+)\]", refused[1])
        which = f"the policy {policy[1]}" if policy else "a policy, since no rule of it allows the connection,"
        return reason(
            f"{which} refuses the connection at {proxy}",
            "kubectl get authorizationpolicies -A; compare its identities with ratings-v2's service account")
    if "Secret_is_not_supplied_by_SDS" in line.failure:
        return reason(
            f"{proxy} has not got the CA or the certificate for its TLS",
            "kubectl get configmap ratings-mongodb-ca; its key must be ca.crt")
    if "CERTIFICATE_VERIFY_FAILED" in line.failure or "SAN" in line.failure:
        if re.search(r"SAN|[Ss]ubject[ _][Aa]lt|hostname", line.failure):
            return reason(
                f"the certificate of {line.upstream or 'the server'} is for another name than {proxy} asks for",
                "compare the certificate's names with `host` in egress/parameters/database.yaml")
        return reason(
            f"the certificate of {line.upstream or 'the server'} is not signed by a CA that {proxy} trusts",
            "compare the CA in the ConfigMap ratings-mongodb-ca with the one that signed the server's certificate")
    if line.failure.startswith("TLS_error"):
        return reason(f"TLS from {proxy} to {line.upstream or line.cluster} failed: {line.failure}", "compare both sides' TLS")
    if "NC" in line.flags:
        return reason(
            f"{proxy} knows no cluster for the way: the gateway's Service lacks the port, or its DestinationRule the subset",
            "kubectl -n istio-system get services; compare with the VirtualService's destination")
    if "UH" in line.flags and line.cluster == "BlackHoleCluster":
        if configuration.is_open:
            return reason(
                f"{proxy} lets the connection go nowhere: no ServiceEntry holds {line.local}"
                + (f" with the SNI {line.sni}" if line.sni else ""),
                "compare host, address and port in MONGO_DB_URL with egress/parameters/database.yaml")
        return None
    if "UH" in line.flags:
        return reason(f"{proxy} has no ready endpoint for {line.cluster}", look_at_pods(line.cluster))
    if line.flags & {"UF", "URX"}:
        is_gateway = re.search(r"\.svc\.", line.cluster) is not None
        return reason(
            f"{proxy} can't connect to {line.upstream or line.cluster} (flag {','.join(sorted(line.flags))})"
            + (f": {line.failure}" if line.failure else ""),
            look_at_pods(line.cluster) if is_gateway else "check that the database runs there, and what lies between")
    if line.status not in (0, 200):
        return reason(
            f"{proxy} can't connect to {line.sni or 'a connection without an SNI'} (nginx: status {line.status})",
            "check that the database runs there, that the resolver knows its name, and what lies between")
    if "NR" in line.flags:
        return reason(
            f"{proxy} has no filter chain for the connection" + (f" with the SNI {line.sni}" if line.sni else " without an SNI"),
            "compare the SNI with the hosts of Gateway and VirtualService")
    if line.cluster == "PassthroughCluster":
        return reason(
            f"{proxy} lets out what no configuration names (PassthroughCluster): ALLOW_ANY is in force",
            "kubectl apply -k bookinfo/egress/blocked; kubectl get sidecars -A")
    return None


def look_at_pods(cluster: str) -> str:
    """How to see the pods behind a cluster of the mesh, `outbound|443|subset|service.namespace.svc.…`."""
    return f"kubectl -n {cluster.rpartition('|')[2].split('.')[1]} get pods"


def of_open_way(configuration: Configuration, evidence: Evidence, port: int) -> Reason | None:
    """Why ratings come although nothing should be let out."""
    for line in evidence.of("sidecar"):
        if not configuration.is_open and line.carried and is_to(line, port):
            return Reason(
                f"sidecar goes by {line.cluster}: another configuration is applied as well", "kubectl get serviceentries -A",
                (line.text,))
    return None


def of_ratings_check(text: str) -> Reason | None:
    """The layer that `ratings check` says failed."""
    failed = re.search(r"^✗ (\S+(?: \S+)*?)  +(.*?)(?:  \d+\.\d ms)?$", text, re.M)
    if not failed:
        return None
    cause = re.search(r"^ +cause: +(\S+)", text, re.M)
    advice = re.search(r"^ +advice: +(.*)", text, re.M)
    return Reason(
        f"{failed[1]}: {failed[2]}" + (f" ({cause[1]})" if cause else ""), advice[1] if advice else "")
