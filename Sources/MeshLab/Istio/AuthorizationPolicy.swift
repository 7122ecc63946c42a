/// Istio's AuthorizationPolicy, as far as the lab understands it.
/// Reference: <https://istio.io/latest/docs/reference/config/security/authorization-policy/>
public struct AuthorizationPolicy: Codable, Sendable {
    public struct Selector: Codable, Sendable {
        public var matchLabels: [String: String]
    }

    public struct TargetReference: Codable, Sendable {
        public var group: String
        public var kind: String
        public var name: String
    }

    public struct Source: Codable, Sendable {
        /// As `namespace/name`, in any trust domain.
        public var serviceAccounts: [String]?
        public var notServiceAccounts: [String]?
        /// SPIFFE names without the scheme.
        public var principals: [String]?
        public var notPrincipals: [String]?
    }

    public struct From: Codable, Sendable {
        public var source: Source
    }

    public struct Operation: Codable, Sendable {
        public var ports: [String]?
    }

    public struct To: Codable, Sendable {
        public var operation: Operation
    }

    public struct Condition: Codable, Sendable {
        public var key: String
        public var values: [String]
    }

    public struct Rule: Codable, Sendable {
        public var from: [From]?
        public var to: [To]?
        public var when: [Condition]?
    }

    public var selector: Selector?
    public var targetRefs: [TargetReference]?
    public var action: String
    public var rules: [Rule]

    /// Whether it holds for a workload of the policy's own namespace.
    func selects(_ workload: Workload) -> Bool {
        if let targetRefs {
            return targetRefs.contains {
                $0.kind == "Gateway" && $0.name == workload.labels[KubernetesGateway.nameLabel]
            }
        }
        return workload.isSelected(by: selector?.matchLabels ?? [:])
    }

    /// The network filter that istiod makes of it.
    ///
    /// - Parameter name: the policy's namespace and name.
    func filter(named name: String) throws -> JSON {
        let policies = try rules.enumerated().map { index, rule in
            ("ns[\(name)]-rule[\(index)]", try Self.policy(rule))
        }
        var rules: JSON = ["policies": .object(Dictionary(uniqueKeysWithValues: policies))]
        // Protobuf leaves out what is the default.
        if action != "ALLOW" { rules["action"] = .string(action) }
        return EnvoyPart.filter(
            "rbac", "envoy.extensions.filters.network.rbac.v3.RBAC",
            ["stat_prefix": "tcp.", "shadow_rules_stat_prefix": "istio_dry_run_allow_", "rules": rules])
    }

    private static func policy(_ rule: Rule) throws -> JSON {
        let sources: [JSON] = try (rule.from ?? []).map { from in
            let source = from.source
            let allowed = [try source.serviceAccounts.map(accounts), source.principals.map(names)]
            let refused = [try source.notServiceAccounts.map(accounts), source.notPrincipals.map(names)]
            let all = allowed.compactMap { $0 } + refused.compactMap { $0 }.map { ["not_id": $0] }
            return ["and_ids": ["ids": .array(all)]]
        }
        var conditions: [JSON] = (rule.to ?? []).map { to in
            any((to.operation.ports ?? []).map { ["destination_port": .int(Int($0) ?? 0)] })
        }
        for condition in rule.when ?? [] {
            guard condition.key == "connection.sni" else {
                throw LabError("the lab does not know the AuthorizationPolicy condition '\(condition.key)'")
            }
            conditions.append(
                any(condition.values.map { ["requested_server_name": ["exact": .string($0)]] }))
        }
        return [
            "principals": sources.isEmpty ? [["any": true]] : .array(sources),
            "permissions": [conditions.isEmpty ? ["any": true] : ["and_rules": ["rules": .array(conditions)]]],
        ]
    }

    private static func any(_ permissions: [JSON]) -> JSON {
        ["or_rules": ["rules": .array(permissions)]]
    }

    private static func names(_ principals: [String]) -> JSON {
        let ids: [JSON] = principals.map {
            ["authenticated": ["principal_name": ["exact": .string("spiffe://\($0)")]]]
        }
        return ["or_ids": ["ids": .array(ids)]]
    }

    private static func accounts(_ accounts: [String]) throws -> JSON {
        let ids: [JSON] = try accounts.map { account in
            let parts = account.split(separator: "/")
            guard parts.count == 2 else { throw LabError("a service account without its namespace: \(account)") }
            let regex = "spiffe://.+/ns/\(parts[0])/(.+/|)sa/\(parts[1])(/.+)?"
            return ["authenticated": ["principal_name": ["safe_regex": ["regex": .string(regex)]]]]
        }
        return ["or_ids": ["ids": .array(ids)]]
    }
}
