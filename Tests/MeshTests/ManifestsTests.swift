import Foundation
import LocalMongo
import Testing

@testable import MeshLab

/// The lab must carry out what the manifests say, or refuse them.
struct ManifestsTests {
    private func snapshots(_ name: String) async throws -> (sidecar: Snapshot, gateway: Snapshot) {
        let tools = try Tools.locate()
        let folder = "\(tools.repository)/bookinfo/egress"
        let floor = try await Manifests.render("\(folder)/blocked", kubectl: tools.kubectl)
        let manifests =
            name == "blocked"
            ? floor : floor.adding(try await Manifests.render("\(folder)/\(name)", kubectl: tools.kubectl))
        func snapshot(_ workload: Workload) throws -> Snapshot {
            let names = [Secrets.own, Secrets.root, "configmap://default/ratings-mongodb-ca-cacert"]
            let secrets = Secrets(files: Dictionary(uniqueKeysWithValues: names.map { ($0, "/\($0)") }))
            return try Translation(
                registry: Registry(manifests: manifests, workload: workload, tls: MeshTLS(secrets: secrets))
            ).snapshot()
        }
        return (
            try snapshot(.ratings),
            try manifests.gateways.first.map { try snapshot(.gateway(of: $0)) } ?? Snapshot()
        )
    }

    /// Where manifests and expectations disagree, this says so without a proxy.
    @Test(arguments: LabProgram.configurations)
    func everyExpectedClusterIsMade(_ name: String) async throws {
        let repository = try Tools.repository()
        let configuration = try await Expectations.load(from: repository, Parameters.load(from: repository)).named(name)
        let (sidecar, gateway) = try await snapshots(name)
        for proof in configuration.proofs {
            guard let cluster = proof.cluster else { continue }
            let clusters = (proof.proxy == "sidecar" ? sidecar : gateway).clusters.compactMap { $0["name"]?.string }
            #expect(clusters.contains(cluster), "\(proof.proxy) has \(clusters)")
        }
    }

    @Test func identityIsTheServiceAccounts() async throws {
        let repository = try Tools.repository()
        let expectations = try await Expectations.load(from: repository, Parameters.load(from: repository))
        #expect(try expectations.identity(of: "sidecar") == Workload.ratings.identity)
        for gateway in ["egressgateway", "egressgateway-with-sni-proxy"] {
            let name = gateway.replacing("egress", with: "egress-")
            let resource = Resource(
                apiVersion: "v1", kind: "Gateway", metadata: .init(name: gateway, namespace: "default"),
                spec: Gateway(selector: ["istio": gateway], servers: []))
            #expect(try expectations.identity(of: name) == Workload.gateway(of: resource).identity)
        }
    }

    private func manifests(_ yaml: String) async throws -> Manifests {
        try await Manifests(KubernetesYAML.read(yaml, kubectl: Tools.locate().kubectl))
    }

    private func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func refusesAFieldThatItDoesNotCarryOut() async {
        let refusal = await refusal {
            _ = try await manifests(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mongo, namespace: default}
                spec:
                  hosts: [mongo.example.com]
                  ports: [{number: 27017, name: tls, protocol: TLS}]
                  location: MESH_EXTERNAL
                  resolution: DNS
                  subjectAltNames: [mongo.example.com]
                """)
        }
        #expect(
            refusal
                == "ServiceEntry mongo: the lab does not understand spec.subjectAltNames, so it would not enforce it")
    }

    @Test func namesAFieldThatIsMissing() async {
        let refusal = await refusal {
            _ = try await manifests(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: mongo, namespace: default}
                spec: {hosts: [mongo.example.com], location: MESH_EXTERNAL, resolution: DNS}
                """)
        }
        #expect(refusal == "ServiceEntry mongo: spec.ports is missing")
    }

    @Test func namesTheFile() async throws {
        let folder = try PrivateDirectory(name: "mesh-manifests")
        try """
        resources: [a.yaml, b.yaml]
        """.write(toFile: folder.appending("kustomization.yaml"), atomically: true, encoding: .utf8)
        for (file, name) in [("a.yaml", "good"), ("b.yaml", "bad")] {
            try """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: \(name), namespace: default}
            spec:
              selector: {istio: egressgateway}
              servers: [{hosts: [a], \(name == "bad" ? "bind: 1.2.3.4, " : "")port: {number: 443, name: tls, protocol: TLS}}]
            """.write(toFile: folder.appending(file), atomically: true, encoding: .utf8)
        }
        let refusal = await refusal {
            _ = try await Manifests.render(folder.path, kubectl: Tools.locate().kubectl)
        }
        #expect(
            refusal == folder.appending("b.yaml")
                + ": Gateway bad: the lab does not understand spec.servers[0].bind, so it would not enforce it")
    }

    @Test func refusesAKindThatItDoesNotKnow() async {
        let refusal = await refusal {
            _ = try await manifests(
                "{apiVersion: v1, kind: NetworkPolicy, metadata: {name: a, namespace: b}, spec: {}}")
        }
        #expect(refusal == "the lab cannot carry out a manifest of kind NetworkPolicy")
    }

    @Test func readsWhatKubectlReads() async throws {
        let documents = try await KubernetesYAML.read(
            """
            # nothing
            ---
            kind: A
            apiVersion: v1
            metadata: {name: a, labels: {x: "y"}}
            text: |
              }
              {
            number: 27017
            fraction: 0.25
            yes: true
            ---
            ---
            {kind: B, apiVersion: v1, metadata: {name: b}, list: [1, "2", null, {}]}
            """, kubectl: Tools.locate().kubectl)
        #expect(
            documents == [
                [
                    "kind": "A", "apiVersion": "v1", "metadata": ["name": "a", "labels": ["x": "y"]], "text": "}\n{\n",
                    "number": 27017, "fraction": .double(0.25), "true": true,
                ],
                [
                    "kind": "B", "apiVersion": "v1", "metadata": ["name": "b", "labels": [:]],
                    "list": [1, "2", .null, [:]],
                ],
            ])
    }

    @Test func sayWhatKubectlRefuses() async {
        let refusal = await refusal {
            _ = try await KubernetesYAML.read("metadata: {name: a}", kubectl: Tools.locate().kubectl)
        }
        #expect(refusal.hasPrefix("kubectl cannot read this YAML: error: "), "\(refusal)")
        #expect(refusal.contains("Kind"), "\(refusal)")
    }

    @Test func refusesAnEnvoyFilterThatMatchesNothing() async throws {
        let manifests = try await manifests(
            """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: forward, namespace: default}
            spec:
              workloadSelector: {labels: {app: ratings}}
              configPatches:
                - applyTo: NETWORK_FILTER
                  match:
                    context: SIDECAR_OUTBOUND
                    listener:
                      portNumber: 27017
                      filterChain: {sni: "*.example.com", filter: {name: envoy.filters.network.tcp_proxy}}
                  patch: {operation: INSERT_BEFORE, value: {name: x}}
            """)
        var snapshot = Snapshot()
        #expect(throws: LabError.self) {
            try EnvoyFilterPatches(manifests: manifests, workload: .ratings, context: .sidecarOutbound).apply(
                to: &snapshot)
        }
    }

    @Test func aResourceIsSeenWhereItIsExported() {
        let resource = Resource(
            apiVersion: "v1", kind: "K", metadata: .init(name: "n", namespace: "default"), spec: JSON.null)
        #expect(resource.isVisible(in: "default", exportTo: ["."]))
        #expect(!resource.isVisible(in: "istio-system", exportTo: ["."]))
        #expect(resource.isVisible(in: "istio-system", exportTo: [".", "istio-system"]))
        #expect(resource.isVisible(in: "anywhere", exportTo: nil))
    }

    @Test func mergesAsProtobufDoes() {
        let old: JSON = ["a": 1, "list": [1], "inner": ["x": "y"]]
        let new: JSON = ["a": 2, "list": [2], "inner": ["z": true]]
        #expect(old.merging(new) == ["a": 2, "list": [1, 2], "inner": ["x": "y", "z": true]])
    }
}
