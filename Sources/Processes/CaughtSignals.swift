import Foundation
import Threads

/// Signals to this process, with the knowledge of who sent them, in place of their default.
public final class CaughtSignals: Sendable {
    /// A signal that has come.
    public struct Caught: Sendable {
        public let signal: Signal
        /// Whether the kernel sent it, as it does on Ctrl-C: to the terminal's whole foreground process group, children in it
        /// included (SI_KERNEL, sigaction(2)).
        public let isFromTerminal: Bool
    }

    /// Catches signals for the rest of this process's life. One that is ignored already, as SIGHUP is under nohup(1), stays
    /// ignored. To be called once.
    ///
    /// - Parameter handle: called on a thread of its own, for one signal after the other.
    public static func handle(_ signals: [Signal], _ handle: @escaping @Sendable (Caught) -> Void) {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        writingEnd = ends[1]
        let reading = ends[0]
        Threads.Thread.detach {
            while true {
                var pair: [Int32] = [0, 0]
                guard read(reading, &pair, 8) == 8 else { continue }
                handle(Caught(signal: Signal(rawValue: pair[0]), isFromTerminal: pair[1] == fromKernel))
            }
        }
        for signal in signals {
            var old = sigaction()
            sigaction(signal.rawValue, nil, &old)
            if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_sigaction = noteSignal
            action.sa_flags = SA_SIGINFO | SA_RESTART
            sigaction(signal.rawValue, &action, nil)
        }
    }
}

/// SI_KERNEL (sigaction(2)), which Swift's module of glibc does not show.
private let fromKernel: Int32 = 0x80

/// Written once, before the first handler is installed.
nonisolated(unsafe) private var writingEnd: Int32 = -1

/// Runs in a signal handler: nothing but write(2).
private func noteSignal(_ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>?, _: UnsafeMutableRawPointer?) {
    let saved = errno
    var pair = (number, information?.pointee.si_code ?? 0)
    write(writingEnd, &pair, 8)
    errno = saved
}
