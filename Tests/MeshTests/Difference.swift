@testable import MeshLab

/// A place where the lab's configuration is not istiod's.
struct Difference: CustomStringConvertible {
    /// Member names, and the names of what stands in lists, with slashes between; where two texts differ, these as well.
    var path: String
    /// nil: there is nothing.
    var istiod: JSON?
    var lab: JSON?

    var description: String { "\(path): istiod \(Self.text(istiod)), lab \(Self.text(lab))" }

    private static func text(_ value: JSON?) -> String {
        guard let value else { return "nothing" }
        let text = ((try? value.text()) ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }

    static func all(_ path: String, istiod: Snapshot, lab: Snapshot) -> [Difference] {
        compare("\(path)/listeners", .array(istiod.listeners), .array(lab.listeners))
            + compare("\(path)/clusters", .array(istiod.clusters), .array(lab.clusters))
    }

    private static func compare(_ path: String, _ istiod: JSON?, _ lab: JSON?) -> [Difference] {
        switch (istiod, lab) {
        case (.object(let left), .object(let right)):
            return Set(left.keys).union(right.keys).sorted().flatMap {
                compare("\(path)/\($0)", left[$0], right[$0])
            }
        case (.array(let left), .array(let right)) where (left + right).contains { name($0) != nil }:
            return compareNamed(path, left, right)
        case (.array(let left), nil) where left.contains { name($0) != nil }:
            return compareNamed(path, left, [])
        case (nil, .array(let right)) where right.contains { name($0) != nil }:
            return compareNamed(path, [], right)
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).enumerated().flatMap { compare("\(path)/\($0)", $1.0, $1.1) }
        case (.string(let left), .string(let right)):
            // What may differ may differ in this way only.
            return left == right ? [] : [Difference(path: "\(path): \(left) → \(right)", istiod: istiod, lab: lab)]
        case (nil, .string(let text)):
            return [Difference(path: "\(path): nothing → \(text)", istiod: istiod, lab: lab)]
        default:
            return istiod == lab ? [] : [Difference(path: path, istiod: istiod, lab: lab)]
        }
    }

    /// Lists of things with names: in the same order, but for clusters and listeners, which have none.
    private static func compareNamed(_ path: String, _ left: [JSON], _ right: [JSON]) -> [Difference] {
        let names = (left.map { name($0) ?? "" }, right.map { name($0) ?? "" })
        var found = Set(names.0).union(names.1).sorted().flatMap { name in
            compare(
                "\(path)/\(name)", names.0.firstIndex(of: name).map { left[$0] },
                names.1.firstIndex(of: name).map { right[$0] })
        }
        let common = (names.0.filter(names.1.contains), names.1.filter(names.0.contains))
        if !path.hasSuffix("/clusters"), !path.hasSuffix("/listeners"), common.0 != common.1 {
            found.append(
                Difference(path: "\(path)/order", istiod: .strings(common.0), lab: .strings(common.1)))
        }
        return found
    }

    /// A filter chain is known by what it matches.
    private static func name(_ value: JSON) -> String? {
        guard case .object = value else { return nil }
        let match = value["filter_chain_match"]
        guard match != nil || value["filters"] != nil else { return value["name"]?.string }
        let parts = [
            value["name"]?.string, match?["server_names"]?.array.compactMap(\.string).joined(separator: ","),
            match?["transport_protocol"]?.string,
        ].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? "every" : parts.joined(separator: " ")
    }
}
