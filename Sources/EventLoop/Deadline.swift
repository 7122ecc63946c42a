import Threads

/// A time-out that is moved far more often than it expires: the timer behind it is set anew only when it fires too early.
/// What has happened by then is taken notice of before it expires.
public final class Deadline {
    private let loop: EventLoop
    private var timer: Timer?
    private var timerTime: MonotonicTime?
    private let expired: () -> Void
    private var isSecondLook = false

    /// When it expires; `nil` for never.
    public var time: MonotonicTime? {
        didSet {
            isSecondLook = false
            guard let time, time < timerTime ?? MonotonicTime(nanoseconds: .max) else { return }
            startTimer(at: time)
        }
    }

    /// - Parameter expired: called at ``time``, which is `nil` by then.
    public init(on loop: EventLoop, expired: @escaping () -> Void) {
        self.loop = loop
        self.expired = expired
    }

    private func startTimer(at time: MonotonicTime) {
        let timer = timer ?? Timer(on: loop) { [unowned self] in timerFired() }
        self.timer = timer
        timerTime = time
        timer.start(at: time)
    }

    private func timerFired() {
        timerTime = nil
        guard let time else { return }
        guard time <= loop.now else { return startTimer(at: time) }
        // libuv's timers come before its events: when a process goes on after a pause (SIGSTOP, a frozen cgroup), what came in
        // time still lies in the sockets. It is read before the deadline is believed.
        guard isSecondLook else {
            isSecondLook = true
            return startTimer(at: loop.now + .milliseconds(1))
        }
        self.time = nil
        expired()
    }
}
