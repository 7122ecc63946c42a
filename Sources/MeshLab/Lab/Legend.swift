/// What a proxy's log line says, for one who does not know the format.
struct Legend {
    var line: AccessLogLine

    /// The fields that show a way, in one line.
    var short: String {
        var parts = ["\(line.flags): \(meaning)"]
        if line.termination != "-" { parts.append("closed by the proxy: \(line.termination)") }
        parts.append("cluster \(line.cluster)")
        parts.append(line.serverName == "-" ? "no SNI seen" : "SNI \(line.serverName)")
        let next = line.upstreamHost == "-" ? "nowhere" : line.upstreamHost
        parts.append("from \(line.downstreamRemote), who wanted \(line.downstreamLocal), to \(next)")
        return parts.joined(separator: "; ")
    }

    private var meaning: String {
        let meanings = line.flags.split(separator: ",").map {
            AccessLogLine.flagMeanings[String($0)] ?? "see Envoy's list"
        }
        let text = meanings.joined(separator: ", ")
        return line.cluster == Snapshot.blackHole ? "\(text), and \(Snapshot.blackHole) never has one" : text
    }

    /// Every field in a line of its own.
    var long: [String] {
        let width = AccessLogLine.fieldNames.map(\.name.count).max() ?? 0
        let widest = line.fields.map(\.count).max() ?? 0
        return zip(AccessLogLine.fieldNames, line.fields).map { field, value in
            "\(field.name.padded(to: width))  \(value.padded(to: min(widest, 56)))  \(field.meaning)"
        }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
