import Faults
import Foundation
import LocalMongo
import Processes
import Threads

/// One run of `exec`, in the process that is the parent of all that runs.
struct ExecRun: Sendable {
    private let order: ExecOrder
    private let signals = Pending()
    private let isAbandoned = Locked(false)

    init(_ order: ExecOrder) {
        self.order = order
    }

    /// - Returns: the exit status.
    func run() async -> Int32 {
        // As the guardian does.
        unlink("/dev/shm/mongoc-\(getpid())")
        Descendants.adopt()
        CaughtSignals.handle(Guardian.signals + [.power]) { [signals, isAbandoned] caught in
            // The guardian's end.
            guard caught.signal != .power else {
                isAbandoned.withLock { $0 = true }
                Descendants.killAll()
                exit(Exec.failure)
            }
            signals.pass(caught.signal, isFromTerminal: caught.isFromTerminal)
        }
        guard Guardian.isInside else { return Exec.failure }
        do {
            // Before the seconds that a database takes.
            _ = try Executable.locate(order.command[0])
        } catch {
            return refuse(error)
        }
        return await runWithDatabase()
    }

    private func refuse(_ error: ProcessError) -> Int32 {
        Terminal.say(error.description)
        return error.shellStatus
    }

    private func runWithDatabase() async -> Int32 {
        let place: ExecPlace
        do {
            place = try ExecPlace(logs: order.logs)
        } catch {
            Terminal.say("\(error)")
            return Exec.failure
        }
        let starting = Task { try await ExecStage.start(order, at: place) }
        let received = Locked<Signal?>(nil)
        signals.receiver = { signal, _ in
            received.withLock { $0 = signal }
            starting.cancel()
        }
        let started = await starting.result
        await leaveToTheEnd()
        // Signals that come from here on wait for the command.
        signals.receiver = nil
        if let signal = received.withLock({ $0 }) {
            if case .success(let stage) = started { await stage.end() }
            Descendants.killAll()
            return 128 + signal.rawValue
        }
        switch started {
        case .success(let stage):
            let status = await runCommand(on: stage, at: place)
            await stage.end()
            return status
        case .failure(let error):
            Descendants.killAll()
            Terminal.say(place.explain("\(error)"))
            return Exec.failure
        }
    }

    /// Does nothing any more where the guardian is gone: what has ended was killed, and this process is about to end.
    private func leaveToTheEnd() async {
        while isAbandoned.withLock({ $0 }) { try? await Task.sleep(for: .seconds(1)) }
    }

    private func runCommand(on stage: ExecStage, at place: ExecPlace) async -> Int32 {
        let status: TerminationStatus
        do {
            let command = try ChildProcess.startInForeground(
                order.command[0], Array(order.command.dropFirst()),
                environment: stage.environment.merging(Guardian.unmarked) { $1 })
            signals.receiver = { signal, isFromTerminal in
                // What the terminal sends, the command has already.
                if !isFromTerminal { command.send(signal) }
            }
            status = await command.waitForExit()
            await leaveToTheEnd()
        } catch {
            return refuse(error)
        }
        if !status.isSuccess {
            Terminal.say("the command ended with \(status); \(place.kept())")
        } else if order.logs != nil {
            Terminal.say(place.kept())
        }
        return status.shellStatus
    }
}
