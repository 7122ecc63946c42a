import Testing

@testable import MeshLab

/// The lab's translation beside a real istiod's.
struct ConformanceTests {
    /// Differences that are no departure.
    @Test(arguments: Recording.all)
    func makesWhatIstiodMakes(_ recording: Recording) async throws {
        for difference in try await Self.differences.value["\(recording)"] ?? [] {
            let isOnPurpose = Departures.all.contains { $0.holds(for: difference.path) }
            #expect(isOnPurpose, "\(difference)")
        }
    }

    /// A departure that is none any more would hide the next mistake.
    @Test func everyDepartureOccurs() async throws {
        let paths = try await Self.differences.value.values.joined().map(\.path)
        for departure in Departures.all {
            for pattern in departure.paths {
                #expect(paths.contains { Departure.isMatch($0, pattern) }, "\(pattern) occurs nowhere")
            }
        }
    }

    @Test func hasARecordingOfEveryWay() throws {
        let recorded = Set(Recording.all.map(\.configuration))
        #expect(recorded.isSuperset(of: LabProgram.configurations))
    }

    /// By recording. kubectl reads each manifest once.
    private static let differences = Task {
        var found: [String: [Difference]] = [:]
        for name in Set(Recording.all.map(\.configuration)).sorted() {
            let manifests = try await Recording.manifests(name)
            for recording in Recording.all where recording.configuration == name {
                found["\(recording)"] = Difference.all(
                    "\(recording)", istiod: try recording.istiod(), lab: try recording.lab(manifests))
            }
        }
        return found
    }
}
