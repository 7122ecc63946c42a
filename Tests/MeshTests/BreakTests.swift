import LocalMongo
import Processes
import Testing

extension LabTests {
    /// A fault shown to a person.
    @Suite
    struct BreakTests {
        @Test func showsTheFaultTheOutageAndTheWalk() async throws {
            let run = try await CompletedProcess.run(LabProgram.path(), ["run", "--break", "gateway-down"])
            let text = run.standardOutput
            #expect(run.status.isSuccess, "\(run.standardError)")
            #expect(text.contains(#"as it is: GET /ratings/0 → 200 {"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}"#))
            #expect(
                text.contains(
                    #"broken (the egress gateway does not run): GET /ratings/0 → 500 {"error":"could not connect to ratings database"}"#
                ), "\(text)")
            #expect(text.contains("cause=gatewayUnreachable database=mongo.example.com:27017"), "\(text)")
            #expect(text.contains("✗ sidecar"), "\(text)")
            #expect(text.contains("mended: GET /ratings/0 → 200"), "\(text)")
        }

        @Test func listsTheFaultsThereAre() async throws {
            let run = try await CompletedProcess.run(LabProgram.path(), ["run", "--break", "nothing"])
            #expect(run.status == .exited(1))
            #expect(run.standardError.contains("no fault 'nothing'; there are blocked, sidecar-not-ready"))
        }
    }
}
