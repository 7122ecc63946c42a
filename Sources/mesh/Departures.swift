import ArgumentParser
import MeshLab

struct Departures: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what the lab does differently from a cluster.")

    func run() {
        for departure in MeshLab.Departures.all { print("- \(departure)") }
    }
}
