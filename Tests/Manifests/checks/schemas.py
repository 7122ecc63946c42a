"""Kubernetes' own kinds against Kubernetes' schemas; Istio's kinds by version only (their schemas are in the cluster)."""

import kubernetes_validate

from .tree import name_of

KUBERNETES = kubernetes_validate.latest_version()

ISTIO = {
    "networking.istio.io/v1": {"DestinationRule", "Gateway", "ServiceEntry", "Sidecar", "VirtualService"},
    # Istio has never promoted it.
    "networking.istio.io/v1alpha3": {"EnvoyFilter"},
    "security.istio.io/v1": {"AuthorizationPolicy", "PeerAuthentication"},
    "telemetry.istio.io/v1": {"Telemetry"},
    # Of the Gateway API's own release 1.5, not of Kubernetes'.
    "gateway.networking.k8s.io/v1": {"Gateway", "TLSRoute"},
}


def check(documents: list[dict]):
    for document in documents:
        version, kind = document["apiVersion"], document["kind"]
        if ".istio.io/" in version or version in ISTIO:
            if kind not in ISTIO.get(version, ()):
                yield f"{name_of(document)}: {version} is not the version of today for {kind}"
            continue
        try:
            kubernetes_validate.validate(document, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            place = ".".join(str(key) for key in error.path)
            yield f"{name_of(document)}: {place or 'document'}: {error.message[:200]}"
        except kubernetes_validate.SchemaNotFoundError:
            yield f"{name_of(document)}: Kubernetes {KUBERNETES} has no {kind} in {version}"
