import Glibc

/// Starts threads for what blocks. A thread inherits the signal mask of the one that starts it (pthread_create(3)).
public enum Thread {
    /// Starts a thread that nobody joins.
    public static func detach(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let body = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, runBody, body.toOpaque())
        guard status == 0 else {
            fatalError("cannot start a thread: \(String(cString: strerror(status)))")
        }
    }

    fileprivate final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}

/// A file-scope function: a closure could inherit an actor's isolation, which a foreign thread is not in.
private func runBody(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let body { Unmanaged<Thread.Body>.fromOpaque(body).takeRetainedValue().run() }
    return nil
}
