import Glibc

/// SIGTERM and SIGINT. They are kept back from the first statement of `main` until the loop can take them: before that they
/// would end the process, or be lost where it is the first of its container.
struct TerminationSignals {
    static let numbers = [SIGTERM, SIGINT]

    /// Threads inherit the signal mask of the one that starts them, so all that start from here on leave both to the loop's.
    init() {
        change(SIG_BLOCK)
    }

    /// Lets those through that came meanwhile. To be called on the loop's thread, when it is ready for them.
    func unblock() {
        change(SIG_UNBLOCK)
    }

    private func change(_ how: Int32) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in Self.numbers { sigaddset(&signals, number) }
        pthread_sigmask(how, &signals, nil)
    }
}
