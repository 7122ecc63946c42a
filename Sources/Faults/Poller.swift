import Foundation
import Threads

/// The one thread that waits for all sockets of the tests (poll(2)): hundreds of connections at once cost no more threads
/// than one, so that what is measured is the service.
final class Poller: Sendable {
    static let shared = Poller()

    /// Called on the poller's thread when a descriptor is ready, or broken.
    typealias Handler = @Sendable (_ events: Int16) -> Void

    private struct Entry: Sendable {
        let descriptor: Int32
        var events: Int16
        let handler: Handler
    }

    private struct State: Sendable {
        /// By a number of their own: a descriptor's number is given to another soon after it is closed.
        var entries: [UInt64: Entry] = [:]
        var nextID: UInt64 = 1
    }

    private let state = Locked(State())
    /// A byte here ends the wait.
    private let wakeUp: (reading: Int32, writing: Int32)

    private init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wakeUp = (ends[0], ends[1])
        Threads.Thread.detach { [self] in
            while true { wait() }
        }
    }

    /// - Parameter events: such as `POLLIN`; none leaves the descriptor alone.
    /// - Returns: what ``change(_:to:)`` and ``remove(_:)`` want.
    func add(_ descriptor: Int32, events: Int16, _ handler: @escaping Handler) -> UInt64 {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            state.entries[state.nextID] = Entry(descriptor: descriptor, events: events, handler: handler)
            return state.nextID
        }
        endWait()
        return id
    }

    func change(_ id: UInt64, to events: Int16) {
        let isNew = state.withLock { state in
            guard let old = state.entries[id]?.events, old != events else { return false }
            state.entries[id]?.events = events
            return true
        }
        if isNew { endWait() }
    }

    /// To be called before the descriptor is closed. While poll(2) waits for it, the connection would stay open all the same.
    func remove(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
        endWait()
    }

    private func endWait() {
        var byte: UInt8 = 0
        write(wakeUp.writing, &byte, 1)
    }

    private func wait() {
        let entries = state.withLock { Array($0.entries) }.filter { $0.value.events != 0 }
        var descriptors = entries.map { pollfd(fd: $0.value.descriptor, events: $0.value.events, revents: 0) }
        descriptors.append(pollfd(fd: wakeUp.reading, events: Int16(POLLIN), revents: 0))
        poll(&descriptors, nfds_t(descriptors.count), -1)
        if descriptors[entries.count].revents != 0 {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(wakeUp.reading, &buffer, buffer.count) == buffer.count {}
        }
        for (entry, descriptor) in zip(entries, descriptors) where descriptor.revents != 0 {
            // It may have gone while others were handled.
            if state.withLock({ $0.entries[entry.key] != nil }) { entry.value.handler(descriptor.revents) }
        }
    }
}
