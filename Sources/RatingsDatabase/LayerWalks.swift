import Diagnosis
import EventLoop
import Threads

/// Walks the layers on threads of their own, one walk at a time, and hands the result to the loop. It lives on the event loop.
public final class LayerWalks {
    private let walk: @Sendable () -> Diagnosis
    private let result = Locked<Diagnosis?>(nil)
    private var completion: ((Diagnosis) -> Void)?
    private var ended: WakeUp!

    /// - Parameter walk: one walk. Blocks.
    public init(on loop: EventLoop, walk: @escaping @Sendable () -> Diagnosis) {
        self.walk = walk
        ended = WakeUp(on: loop) { [unowned self] in walkEnded() }
    }

    /// Whether a walk is under way.
    public var isWalking: Bool { completion != nil }

    /// Begins a walk, unless one is under way. Nobody waits for it, the end of the process neither.
    public func begin(_ completion: @escaping (Diagnosis) -> Void) {
        guard self.completion == nil else { return }
        self.completion = completion
        Thread.detach { [walk, result, ended] in
            let diagnosis = walk()
            result.withLock { $0 = diagnosis }
            ended?.send()
        }
    }

    private func walkEnded() {
        guard let diagnosis = result.withLock({ $0.take() }) else { return }
        completion.take()?(diagnosis)
    }
}
