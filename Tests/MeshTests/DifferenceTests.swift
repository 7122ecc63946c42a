import Testing

@testable import MeshLab

/// The comparison with istiod must see everything.
struct DifferenceTests {
    /// Changes each value of what the lab makes, one at a time.
    @Test(arguments: ["tls-gateway-mtls", "tls-origination", "tls-wildcard-sni-proxy", "blocked"])
    func noticesEveryChangedValue(_ configuration: String) async throws {
        let manifests = try await Recording.manifests(configuration)
        for recording in Recording.all where recording.configuration == configuration {
            let (istiod, lab) = (try recording.istiod(), try recording.lab(manifests))
            var count = 0
            for (path, clusters) in Self.changed(.array(lab.clusters)) {
                let other = Snapshot(listeners: lab.listeners, clusters: clusters.array)
                Self.expectNotice("\(recording)/clusters\(path)", istiod, other)
                count += 1
            }
            for (path, listeners) in Self.changed(.array(lab.listeners)) {
                let other = Snapshot(listeners: listeners.array, clusters: lab.clusters)
                Self.expectNotice("\(recording)/listeners\(path)", istiod, other)
                count += 1
            }
            #expect(count > 50)
        }
    }

    private static func expectNotice(_ path: String, _ istiod: Snapshot, _ lab: Snapshot) {
        // Where the lab's own files are, and the second log of a gateway.
        let isOwn =
            path.hasSuffix("/path_config_source/path")
            || path.split(separator: "/").contains("access_log") && path.contains("/access_log/1/")
        guard !isOwn else { return }
        let name = path.split(separator: "/").prefix(2).joined(separator: "/")
        let found = Difference.all(name, istiod: istiod, lab: lab).filter { difference in
            !Departures.all.contains { $0.holds(for: difference.path) }
        }
        #expect(!found.isEmpty, "\(path) may be anything")
    }

    /// The value with one of the values in it changed, for each of them, and where that is.
    private static func changed(_ value: JSON) -> [(path: String, value: JSON)] {
        switch value {
        case .object(let members):
            return members.flatMap { key, member in
                changed(member).map { path, other in
                    ("/\(key)\(path)", .object(members.merging([key: other]) { $1 }))
                }
            }
        case .array(let values):
            return values.enumerated().flatMap { index, member in
                changed(member).map { path, other in
                    var copy = values
                    copy[index] = other
                    return ("/\(index)\(path)", .array(copy))
                }
            }
        case .string(let text): return [("", .string("\(text)x"))]
        case .int(let number): return [("", .int(number + 1))]
        case .bool(let bool): return [("", .bool(!bool))]
        case .double, .null: return []
        }
    }
}
