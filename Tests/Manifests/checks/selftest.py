"""Breaks a copy of bookinfo, one way at a time, and makes sure that the check meant for it finds the break."""

import pathlib
import shutil
import tempfile

from . import cleanup, envoy_filters, expectations, parameters, repository, routes, schemas, workloads
from .tree import RenderError, Tree

RATINGS = "platform/kube/bookinfo-ratings-v2.yaml"
KUBE = "platform/kube"


def on(folder, check):
    """A check of one folder."""
    return lambda tree: check(tree, folder)


def documents(folder, check):
    """A check of a folder's documents."""
    return lambda tree: check(tree.documents(folder))


def egress(name, check):
    return on(f"egress/{name}", check)


# What is broken: file, text, the text in its place, the check, and a part of what it must say.
BREAKS = [
    # References between Istio's documents.
    ("egress/tcp-gateway/virtual-service.yaml", "- istio-egressgateway", "- egressgateway",
     egress("tcp-gateway", routes.check), "no Gateway egressgateway"),
    ("egress/tcp-gateway/virtual-service.yaml", "          port: 7777", "          port: 7778",
     egress("tcp-gateway", routes.check), "has no port 7778"),
    ("egress/tcp-gateway/virtual-service.yaml", "subset: mongo", "subset: mango",
     egress("tcp-gateway", routes.check), "has a subset mango"),
    ("egress/tcp-gateway/virtual-service.yaml", "host: my-mongo.tcp.svc", "host: mongo.tcp.svc",
     egress("tcp-gateway", routes.check), "no host mongo.tcp.svc"),
    ("egress/tcp-gateway/virtual-service.yaml", "    - istio-system\n", "",
     egress("tcp-gateway", routes.check), "not exported to istio-system"),
    ("egress/tcp-gateway/service-entry.yaml", "    - istio-system\n", "",
     egress("tcp-gateway", routes.check), "host my-mongo.tcp.svc is not exported to istio-system"),
    ("egress/tcp-gateway/gateway.yaml", "istio: egressgateway", "istio: gateway",
     egress("tcp-gateway", routes.check), "selects no pods"),
    ("egress-gateway/service.yaml", "port: 7777", "port: 7778",
     egress("tcp-gateway", routes.check), "the gateway's Service has no port 7777"),
    ("egress/tcp-gateway/destination-rule.yaml", "mode: DISABLE", "mode: ISTIO_MUTUAL",
     egress("tcp-gateway", routes.check), "does not fit Gateway/istio-egressgateway"),
    ("egress/tcp-gateway-mtls/destination-rule.yaml", "sni: my-mongo.tcp.svc", "sni: mongo.tcp.svc",
     egress("tcp-gateway-mtls", routes.check), "SNI mongo.tcp.svc is no host"),
    ("egress/tcp-gateway-mtls/gateway.yaml", "mode: ISTIO_MUTUAL", "mode: PASSTHROUGH",
     egress("tcp-gateway-mtls", routes.check), "tcp routes do not fit"),
    ("egress/tls-gateway/virtual-service.yaml", "host: istio-egressgateway.istio-system", "host: egressgateway.istio-system",
     egress("tls-gateway", routes.check), "no host egressgateway.istio-system"),
    ("egress/tls/service-entry.yaml", "  exportTo:\n    - .\n", "",
     egress("tls", routes.check), "opens egress for every namespace"),
    ("egress/tls/service-entry.yaml", "protocol: TLS", "protocol: MONGO",
     egress("tls", routes.check), "protocol MONGO"),
    ("egress/tcp/service-entry.yaml", "  location: MESH_EXTERNAL\n", "",
     egress("tcp", routes.check), "must be MESH_EXTERNAL"),
    ("egress/tls-wildcard/service-entry.yaml", "resolution: DYNAMIC_DNS", "resolution: DNS",
     egress("tls-wildcard", routes.check), "a wildcard can't be resolved"),
    ("egress/tls/destination-rule-mongo.yaml", "        tcpKeepalive:\n", "        keepalive:\n",
     egress("tls", routes.check), "ServiceEntry/mongo: no DestinationRule keeps idle connections to mongo.example.com alive"),
    ("egress/replica-set/kustomization.yaml", "fieldPath: spec.wildcard", "fieldPath: spec.host",
     egress("replica-set", routes.check), "DestinationRule/mongo: no host mongo.example.com"),
    ("egress/tls-wildcard-sni-proxy/service-entry-sni-proxy.yaml", "    - .\n", "    - .\n    - default\n",
     egress("tls-wildcard-sni-proxy", routes.check), "a listener for every address"),
    ("egress/tls-origination/destination-rule.yaml", "default/ratings-mongodb-ca", "default/mongodb-ca",
     egress("tls-origination", routes.check), "no command of the README makes configmap://default/mongodb-ca"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "default/bookinfo-ratings-v2", "default/bookinfo-ratings",
     egress("tls-gateway-mtls", routes.check), "no ServiceAccount default/bookinfo-ratings"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "notServiceAccounts:", "notPrincipals: [x]\n            notServiceAccounts:",
     egress("tls-gateway-mtls", routes.check), "a principal begins with the trust domain"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "action: DENY", "action: ALLOW",
     egress("tls-gateway-mtls", routes.check), "ALLOW refuses everything else"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "key: connection.sni", "key: source.ip",
     egress("tls-gateway-mtls", routes.check), "without connection.sni"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "      when:", "      to:\n        - operation:\n            ports: [\"443\"]\n      when:",
     egress("tls-gateway-mtls", routes.check), "a policy sees the target port"),
    ("egress/tls-gateway-mtls/authorization-policy.yaml", "istio: egressgateway", "istio: ingressgateway",
     egress("tls-gateway-mtls", routes.check), "selects no pods in istio-system"),
    ("networking/virtual-service-ratings-db.yaml", "subset: v2", "subset: v9",
     on("networking", routes.check), "has a subset v9 of ratings"),
    ("access-logs/telemetry.yaml", "istio: egressgateway\n", "istio: egressgateway-with-sni-proxy\n",
     on("access-logs", routes.check), "Telemetry/egressgateway-access-logs: selects no pods in istio-system"),
    # EnvoyFilters.
    ("egress/tls-wildcard/envoy-filter-forward-downstream-sni.yaml", "version: v2", "version: v1",
     egress("tls-wildcard", envoy_filters.check), "selects no pods in default"),
    ("egress/tls-wildcard/envoy-filter-forward-by-sni.yaml", "  priority: 10\n", "",
     egress("tls-wildcard", envoy_filters.check), "EnvoyFilter/forward-by-sni: no priority"),
    ("egress/tls-wildcard/envoy-filter-forward-by-sni.yaml", "        listener:\n", "        listener:\n          portNumber: 443\n",
     egress("tls-wildcard", envoy_filters.check), "the port of a gateway's listener differs between installations"),
    ("egress/tls-wildcard/envoy-filter-forward-by-sni.yaml", "_dfp_dns_cache", "_dns_cache",
     egress("tls-wildcard", envoy_filters.check), "no ServiceEntry makes the cache *.example.com_dns_cache"),
    ("egress/tls-wildcard-sni-proxy/envoy-filter-egress-gateway-sni-verifier.yaml", "cluster: sni_verifier", "cluster: verifier",
     egress("tls-wildcard-sni-proxy", envoy_filters.check), "no cluster verifier"),
    ("egress/tls-wildcard-sni-proxy/envoy-filter-egress-gateway-sni-verifier.yaml", "server_listener_name: sni_verifier",
     "server_listener_name: verifier", egress("tls-wildcard-sni-proxy", envoy_filters.check), "no listener verifier"),
    ("egress/tls-wildcard-sni-proxy/envoy-filter-egress-gateway-sni-verifier.yaml", "shared_with_upstream: ONCE",
     "shared_with_upstream: NONE", egress("tls-wildcard-sni-proxy", envoy_filters.check), "which nothing shares"),
    ("egress/tls-wildcard-sni-proxy/envoy-filter-egress-gateway-sni-verifier.yaml", "envoy.hashable_string", "envoy.string",
     egress("tls-wildcard-sni-proxy", envoy_filters.check), "is no part of the connection pool's key"),
    # The Gateway API.
    ("egress/gateway-api-tls-gateway/tls-route-to-gateway.yaml", "name: mongo-egress-istio", "name: mongo-egress",
     egress("gateway-api-tls-gateway", routes.check), "no host mongo-egress.default.svc.cluster.local"),
    ("egress/gateway-api-tls-gateway/tls-route-from-gateway.yaml", "name: mongo-egress", "name: egress",
     egress("gateway-api-tls-gateway", routes.check), "no Gateway egress in default"),
    ("egress/gateway-api-tls-gateway-mtls/gateway.yaml", "ISTIO_MUTUAL", "MUTUAL",
     egress("gateway-api-tls-gateway-mtls", routes.check), "does not fit Gateway/mongo-egress's port 443"),
    ("egress/gateway-api-tls-gateway-mtls/authorization-policy.yaml", "name: mongo-egress", "name: egress",
     egress("gateway-api-tls-gateway-mtls", routes.check), "mongo-only-from-ratings-v2: selects no pods in default"),
    ("egress/gateway-api-tls-gateway-mtls/authorization-policy.yaml", "default/bookinfo-ratings-v2", "default/bookinfo-reviews",
     egress("gateway-api-tls-gateway-mtls", routes.check), "no ServiceAccount default/bookinfo-reviews"),
    ("egress/gateway-api-tls-gateway/gateway.yaml", "kind: Gateway\n", "kind: GRPCRoute\n",
     documents("egress/gateway-api-tls-gateway", schemas.check), "is not the version of today for GRPCRoute"),
    ("egress/tls-wildcard-sni-proxy/envoy-filter-egress-gateway-sni-verifier.yaml", "||sni-proxy.local", "||proxy.local",
     egress("tls-wildcard-sni-proxy", envoy_filters.check), "no cluster outbound|27017||proxy.local"),
    # Workloads.
    (RATINGS, "serviceAccountName: bookinfo-ratings-v2", "serviceAccountName: ratings",
     on(KUBE, workloads.check), "no ServiceAccount ratings"),
    (RATINGS, "- name: mongodb-ca\n          configMap", "- name: ca\n          configMap",
     on(KUBE, workloads.check), "mounts mongodb-ca, which is no volume"),
    (RATINGS, "            optional: true\n", "", on(KUBE, workloads.check), "no ConfigMap ratings-mongodb-ca"),
    (RATINGS, "name: ratings-mongodb\n", "name: ratings-url\n", on(KUBE, workloads.check), "no command that makes the Secret"),
    (RATINGS, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false",
     on(KUBE, workloads.check), "readOnlyRootFilesystem must be true"),
    (RATINGS, "                - ALL", "                - NET_RAW", on(KUBE, workloads.check), "must drop ALL"),
    ("platform/kube/components/autoscaling/kustomization.yaml", "path: /spec/replicas", "path: /spec/minReadySeconds",
     on("platform/overlays/autoscaling", workloads.check), "minReadySeconds"),
    ("platform/kube/components/autoscaling/horizontal-pod-autoscaler.yaml", "    name: ratings-v2\n  min", "    name: rating\n  min",
     on("platform/overlays/autoscaling", workloads.check), "no Deployment rating"),
    ("platform/kube/components/mongodb/stateful-set.yaml", "whenDeleted: Delete", "whenDeleted: Retain",
     on("platform/overlays/in-cluster-mongodb", workloads.check), "volume claims outlive it"),
    ("platform/kube/components/mongodb/stateful-set.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false",
     on("platform/overlays/in-cluster-mongodb", workloads.check), "container prepare: securityContext.readOnlyRootFilesystem"),
    ("egress-gateway/deployment.yaml", "containerPort: 7777", "containerPort: 7778",
     on("egress-gateway", workloads.check), "no container port 7777"),
    # Schemas.
    (RATINGS, "periodSeconds: 10", "periodSeconds: ten", documents(KUBE, schemas.check), "periodSeconds"),
    (RATINGS, "imagePullPolicy:", "imagePullPolice:", documents(KUBE, schemas.check), "imagePullPolice"),
    (RATINGS, "apiVersion: apps/v1", "apiVersion: extensions/v1beta1", documents(KUBE, schemas.check), "has no Deployment"),
    ("egress/tls/service-entry.yaml", "io/v1\n", "io/v1alpha3\n", documents("egress/tls", schemas.check), "version of today"),
    # Parameters.
    ("egress/tls-gateway/kustomization.yaml", "          - spec.tls.0.match.0.port\n", "",
     parameters.check, "egress/tls-gateway: 27017 is still there"),
    ("egress/tls/kustomization.yaml", "          - spec.hosts.0\n", "          - spec.hosts.1\n",
     parameters.check, "egress/tls: can't be rendered"),
    ("egress/tls-gateway-mtls/kustomization.yaml", "          index: 0\n", "          index: 1\n",
     parameters.check, "egress/tls-gateway-mtls: something keeps the namespace default"),
    ("egress/tcp-gateway/gateway.yaml", "number: 7777", 'number: "7777"',
     documents("egress/tcp-gateway", parameters.check_integers), "spec.servers.0.port.number is text"),
    ("egress/parameters/database.yaml", "host: mongo.example.com", "host: Mongo.example.com",
     parameters.check_values, "egress/parameters: host: 'Mongo.example.com' has capital letters"),
    ("egress/parameters/database.yaml", "kind: EgressParameters", "kind: Parameters",
     parameters.check_values, "it must hold one EgressParameters"),
    # What a clean-up removes.
    ("egress/tls/service-entry.yaml", "# The database",
     "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\n  namespace: default\n---\n# The database",
     cleanup.check, "belongs to egress/blocked"),
    ("database/kustomization.yaml", "  disableNameSuffixHash: true", "  disableNameSuffixHash: false",
     cleanup.check, "a generated name with a hash"),
    ("egress/tls/service-entry.yaml", "# The database", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n---\n# The database",
     cleanup.check, "takes more away"),
    ("platform/overlays/autoscaling/kustomization.yaml", "  - ../../kube/components/autoscaling\n", "  - ../../kube/components/mongodb\n",
     cleanup.check, "no kustomization takes it in"),
    # What tools may expect.
    ("egress/expectations.json", '"name": "tls"', '"name": "tls-direct"', expectations.check, "stands on one side only"),
    ("egress/expectations.json", "outbound|7777|mongo|", "outbound|7778|mongo|", expectations.check, "nothing makes the cluster"),
    ("egress/expectations.json", '"sni": "my-mongo.tcp.svc"\n', '"sni": "mongo.test"\n', expectations.check, "the SNI mongo.test"),
    ("egress/expectations.json", '"sni": "{host}",', '"sni": "x.{host}",', expectations.check, "the SNI x.mongo.example.com"),
    ("egress/expectations.json", '"listenerPort": 7777', '"listenerPort": 7778', expectations.check, "no Gateway has port 7778"),
    ("egress/expectations.json", "app=ratings,version=v2", "app=ratings,version=v3", expectations.check, "sidecar selects no pods"),
    ("egress/expectations.json", "||{host}", "||{hosts}", expectations.check, "no parameter hosts"),
    ("egress/expectations.json", ',\n        "only": "sidecar"', "", expectations.check, "mutualTLS.only and the AuthorizationPolicy"),
    # What must not stand in the repository, and what must stand in its manual.
    ("egress/tls/service-entry.yaml", "mongo.example.com", "mongo.composedb.com", repository.check, "is a real host name"),
    ("egress/tcp/service-entry.yaml", "192.0.2.10", "52.1.2.3", repository.check, "no address for documentation"),
    ("README.md", "export MONGODB_HOST=", "export MONGO_DB_URL=mongodb://bookinfo:secret1@", repository.check, "looks like a secret"),
    ("README.md", "`replica-set`", "replica-set", repository.check, "says nothing of replica-set"),
    ("README.md", "delete -k bookinfo/networking", "delete bookinfo/networking", repository.check, "leaves networking behind"),
    ("README.md", "](verify)", "](verified)", repository.check, "no file verified"),
]


def run(original: pathlib.Path) -> int:
    missed = 0
    for number, (file, text, replacement, check, expected) in enumerate(BREAKS, 1):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "bookinfo"
            shutil.copytree(original, copy)
            path = copy / file
            before = path.read_text()
            # Every occurrence: a file may well say it twice.
            path.write_text(before.replace(text, replacement))
            if before == path.read_text():
                missed += 1
                print(f"self-test {number}: {file} no longer holds {text!r}")
                continue
            try:
                found = list(check(Tree(copy)))
            except RenderError as error:
                found = [str(error)]
            if not any(expected in problem for problem in found):
                missed += 1
                print(f"self-test {number}: {text!r} → {replacement!r} in {file} was not found; only: {found}")
    print(f"lint self-test: {len(BREAKS) - missed} of {len(BREAKS)} breaks found")
    return 1 if missed else 0
