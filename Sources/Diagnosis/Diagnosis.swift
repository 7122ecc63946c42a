import Threads

/// What a walk through the layers saw.
public struct Diagnosis: Sendable, Equatable {
    public enum Status: String, Sendable {
        case passed
        case failed
        case notTried
    }

    /// One host or address of several.
    public struct Attempt: Sendable, Equatable {
        public var host: String
        /// `nil` where the layer knows none.
        public var address: String?
        public var status: Status
        public var time: Duration
        /// What was seen.
        public var detail: String
    }

    public struct LayerReport: Sendable, Equatable {
        public var layer: Layer
        public var status: Status
        public var time: Duration
        /// What was seen.
        public var detail: String
        /// Where several hosts or addresses were tried.
        public var attempts: [Attempt]
        /// Where it failed.
        public var fault: Fault?

        public init(
            layer: Layer, status: Status, time: Duration, detail: String, attempts: [Attempt] = [], fault: Fault? = nil
        ) {
            self.layer = layer
            self.status = status
            self.time = time
            self.detail = detail
            self.attempts = attempts
            self.fault = fault
        }
    }

    /// The hosts of the connection string.
    public var database: String
    /// In the order of ``Layer``.
    public var layers: [LayerReport]

    public init(database: String, layers: [LayerReport]) {
        self.database = database
        self.layers = layers
    }

    /// A walk that ended before there were hosts to go to.
    ///
    /// - Parameters:
    ///   - layers: all of them, of which those behind `failed` were not tried.
    ///   - detailBefore: what was seen of the layers before it.
    init(
        database: String, failedAt failed: Layer, of layers: [Layer], _ fault: Fault, time: Duration,
        detailBefore: String
    ) {
        self.init(
            database: database,
            layers: layers.map { layer in
                if layer == failed {
                    return .init(layer: layer, status: .failed, time: time, detail: fault.explanation, fault: fault)
                }
                return layer < failed
                    ? .init(layer: layer, status: .passed, time: .zero, detail: detailBefore)
                    : .init(layer: layer, status: .notTried, time: .zero, detail: "not tried")
            })
    }

    /// Whether the driver could read.
    public var isOK: Bool { layers.allSatisfy { $0.status == .passed } }

    /// The layer that failed, and why.
    public var failure: (layer: Layer, fault: Fault)? {
        for report in layers where report.status == .failed {
            if let fault = report.fault { return (report.layer, fault) }
        }
        return nil
    }
}
