import Threads

extension Diagnosis {
    /// For a person at a terminal: a line for each layer, and below the one that failed what to do.
    ///
    /// - Parameter isColoured: whether marks are green and red.
    public func text(isColoured: Bool) -> String {
        let width = Layer.allCases.map(\.title.count).max() ?? 0
        var lines: [String] = []
        for report in layers {
            let title = report.layer.title + String(repeating: " ", count: width - report.layer.title.count)
            let time = report.status == .notTried ? "" : "  \(report.time.inMilliseconds) ms"
            lines.append("\(report.status.mark(isColoured)) \(title)  \(report.detail)\(time)")
            for attempt in report.attempts {
                let place = attempt.address ?? attempt.host
                lines.append(
                    "    \(attempt.status.mark(isColoured)) \(place): \(attempt.detail)  \(attempt.time.inMilliseconds) ms"
                )
            }
            if let fault = report.fault {
                lines.append("    cause:   \(fault.cause.rawValue)")
                lines.append("    advice:  \(fault.advice)")
                if let command = fault.command { lines.append("    look:    \(command)") }
            }
        }
        if let (layer, _) = failure {
            lines.append("ratings check: \(layer.title) failed; the database \(database) cannot be read")
        } else {
            lines.append("ratings check: all layers passed; the database \(database) can be read")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs; the README documents it, and it stays as it is.
    public var json: String {
        let reports = layers.map { report in
            var members = [
                #""layer":\#(report.layer.rawValue.asJSON)"#, #""status":\#(report.status.rawValue.asJSON)"#,
                #""milliseconds":\#(report.time.inMilliseconds)"#, #""detail":\#(report.detail.asJSON)"#,
            ]
            if !report.attempts.isEmpty {
                let attempts = report.attempts.map(\.json).joined(separator: ",")
                members.append(#""attempts":[\#(attempts)]"#)
            }
            if let fault = report.fault {
                members.append(#""cause":\#(fault.cause.rawValue.asJSON)"#)
                members.append(#""explanation":\#(fault.explanation.asJSON)"#)
                members.append(#""advice":\#(fault.advice.asJSON)"#)
                if let command = fault.command { members.append(#""command":\#(command.asJSON)"#) }
            }
            return "{\(members.joined(separator: ","))}"
        }
        return #"{"ok":\#(isOK),"database":\#(database.asJSON),"layers":[\#(reports.joined(separator: ","))]}"# + "\n"
    }

    /// A connection string that cannot be used.
    ///
    /// - Parameter problem: without secrets.
    public static func unusable(_ problem: String) -> Diagnosis {
        Diagnosis(
            database: "", failedAt: .connectionString, of: Layer.allCases.filter { $0 != .sidecar && $0 != .tls },
            Fault(.connectionStringUnusable, problem, advice: "mend MONGO_DB_URL"), time: .zero, detailBefore: "")
    }
}

extension Diagnosis.Attempt {
    fileprivate var json: String {
        let place = address.map { #","address":\#($0.asJSON)"# } ?? ""
        return #"{"host":\#(host.asJSON)\#(place),"status":\#(status.rawValue.asJSON),"#
            + #""milliseconds":\#(time.inMilliseconds),"detail":\#(detail.asJSON)}"#
    }
}

extension Diagnosis.Status {
    fileprivate func mark(_ isColoured: Bool) -> String {
        switch self {
        case .passed: isColoured ? "\u{1b}[32m✓\u{1b}[0m" : "✓"
        case .failed: isColoured ? "\u{1b}[31m✗\u{1b}[0m" : "✗"
        case .notTried: "-"
        }
    }
}

extension Layer {
    /// As a person calls it.
    public var title: String {
        switch self {
        case .connectionString: "connection string"
        case .dns: "DNS"
        case .tcp: "TCP"
        case .sidecar: "sidecar"
        case .tls: "TLS"
        case .hello: "hello"
        case .authentication: "authentication"
        case .read: "read"
        }
    }
}

extension String {
    /// A JSON string (RFC 8259, section 7).
    fileprivate var asJSON: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
