import MongoClient
import Threads

/// How far the walk of one host has come.
struct HostProgress: Sendable {
    /// What a ``HostWalk`` reports, as it happens: it may be abandoned at any time.
    enum Event: Sendable {
        case began(Layer, MonotonicTime)
        case passed(Layer, time: Duration, detail: String)
        case failed(Layer, time: Duration, Fault)
        /// Several addresses.
        case tried([Diagnosis.Attempt])
        case greeted(DirectClient.Hello)
        case ended
    }

    /// The end of one layer.
    struct Outcome: Sendable {
        var time: Duration
        var detail: String
        var fault: Fault?
    }

    let host: Host
    private(set) var outcomes: [Layer: Outcome] = [:]
    private(set) var addresses: [Diagnosis.Attempt] = []
    private(set) var hello: DirectClient.Hello?
    private(set) var hasEnded = false
    private var running: (layer: Layer, since: MonotonicTime)?

    init(host: Host) {
        self.host = host
    }

    mutating func note(_ event: Event) {
        switch event {
        case .began(let layer, let time): running = (layer, time)
        case .passed(let layer, let time, let detail):
            outcomes[layer] = Outcome(time: time, detail: detail)
        case .failed(let layer, let time, let fault):
            outcomes[layer] = Outcome(time: time, detail: fault.explanation, fault: fault)
        case .tried(let attempts): addresses = attempts
        case .greeted(let hello): self.hello = hello
        case .ended: hasEnded = true
        }
    }

    /// Where it is when the walk's time is over: that layer has failed, in silence.
    mutating func abandon(at now: MonotonicTime) {
        guard !hasEnded, let running, outcomes[running.layer] == nil else { return }
        let fault = Fault.abandoned(host, running.layer, time: now - running.since)
        outcomes[running.layer] = Outcome(time: now - running.since, detail: fault.explanation, fault: fault)
    }

    var failure: (layer: Layer, fault: Fault)? {
        for layer in Layer.allCases {
            if let fault = outcomes[layer]?.fault { return (layer, fault) }
        }
        return nil
    }

    var hasRead: Bool { outcomes[.read].map { $0.fault == nil } ?? false }
}
