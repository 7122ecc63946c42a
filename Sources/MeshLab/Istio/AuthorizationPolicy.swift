/// Istio's AuthorizationPolicy, as far as the lab understands it.
/// Reference: <https://istio.io/latest/docs/reference/config/security/authorization-policy/>
public struct AuthorizationPolicy: Codable, Sendable {
    public struct Selector: Codable, Sendable {
        public var matchLabels: [String: String]
    }

    public struct Source: Codable, Sendable {
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

    public var selector: Selector
    public var action: String
    public var rules: [Rule]

    /// The network filter that istiod makes of it.
    ///
    /// - Parameter name: the policy's namespace and name.
    func filter(named name: String) throws -> JSON {
        let policies = try rules.enumerated().map { index, rule in
            ("ns[\(name)]-rule[\(index)]", try Self.policy(rule))
        }
        return EnvoyPart.filter(
            "rbac", "envoy.extensions.filters.network.rbac.v3.RBAC",
            [
                "stat_prefix": "tcp.",
                "rules": [
                    "action": .string(action),
                    "policies": .object(Dictionary(uniqueKeysWithValues: policies)),
                ],
            ])
    }

    private static func policy(_ rule: Rule) throws -> JSON {
        let sources: [JSON] = (rule.from ?? []).map { from in
            let allowed = from.source.principals.map { principals($0) }
            let refused: JSON? = from.source.notPrincipals.map { ["not_id": principals($0)] }
            return ["and_ids": ["ids": .array([allowed, refused].compactMap { $0 })]]
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

    private static func principals(_ names: [String]) -> JSON {
        let ids: [JSON] = names.map { ["authenticated": ["principal_name": ["exact": "spiffe://\($0)"]]] }
        return ["or_ids": ["ids": .array(ids)]]
    }
}
