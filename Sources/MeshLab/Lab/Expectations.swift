import Foundation

/// The file `bookinfo/egress/expectations.json`, with its placeholders filled in.
public struct Expectations: Sendable, Decodable {
    /// A proxy on the way and the identity that its certificate has to show.
    public struct Proxy: Sendable, Decodable {
        public var namespace: String
        public var selector: String
        public var identity: String?
    }

    public var proxies: [String: Proxy]
    public var configurations: [Configuration]

    /// - Parameter repository: the folder that holds `bookinfo`.
    public static func load(from repository: String, _ parameters: Parameters) throws -> Expectations {
        let path = "\(repository)/bookinfo/egress/expectations.json"
        do {
            var text = try String(contentsOfFile: path, encoding: .utf8)
            let values = [
                "{namespace}": parameters.namespace, "{host}": parameters.host, "{port}": "\(parameters.port)",
                "{address}": parameters.address, "{wildcard}": parameters.wildcard,
            ]
            for (placeholder, value) in values { text = text.replacingOccurrences(of: placeholder, with: value) }
            var file = try JSONDecoder().decode(Expectations.self, from: Data(text.utf8))
            for index in file.configurations.indices {
                file.configurations[index].proofs = file.configurations[index].proofs.flatMap {
                    $0.each == "member" ? parameters.members.map($0.forMember) : [$0]
                }
            }
            return file
        } catch {
            throw LabError("cannot read \(path): \(error)")
        }
    }

    /// - Throws: ``LabError`` that lists the names there are.
    public func named(_ name: String) throws -> Configuration {
        guard let found = configurations.first(where: { $0.name == name }) else {
            throw LabError(
                "no configuration '\(name)'; there are \(configurations.map(\.name).joined(separator: ", "))")
        }
        return found
    }
}

extension Configuration.Proof {
    fileprivate func forMember(_ member: String) -> Self {
        var proof = self
        proof.cluster = cluster?.replacingOccurrences(of: "{member}", with: member)
        proof.sni = sni?.replacingOccurrences(of: "{member}", with: member)
        return proof
    }

    /// For a person: what is looked for.
    var description: String {
        [
            proxy, cluster, flags.map { "flags \($0)" }, sni.map { "SNI \($0)" }, listenerPort.map { "port \($0)" },
            text.map { "'\($0)'" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    /// A connection that was refused, or that nothing went over, proves no way.
    func matches(_ line: AccessLogLine) -> Bool {
        guard flags != nil || (line.flags == "-" && line.termination == "-" && line.bytesSent > 0) else {
            return false
        }
        return (cluster == nil || cluster == line.cluster) && (flags == nil || flags == line.flags)
            && (sni == nil || sni == line.serverName)
            && (listenerPort == nil || line.downstreamLocal.hasSuffix(":\(listenerPort ?? 0)"))
    }
}
