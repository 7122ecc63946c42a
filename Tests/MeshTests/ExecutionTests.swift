import MeshLab
import Processes
import Testing

extension LabTests {
    /// A command in the caller's place: somebody else's tests.
    @Suite
    struct ExecutionTests {
        private static let ask = "curl -s $RATINGS_URL/ratings/0"

        @Test func commandHasTheVariablesAndGivesItsStatus() async throws {
            let command = """
                \(Self.ask); echo; head -n 1 $MONGODB_CA_FILE; env | grep -c MESH_LAB
                for url in "$MONGO_DB_URL" "$MONGO_ADMIN_URL"; do
                    case $url in *@mongo.example.com:27017/*tlsCAFile=$MONGODB_CA_FILE) echo good;; *) echo bad;; esac
                done
                exit 7
                """
            let result = try await CompletedProcess.run(
                LabProgram.path(), ["run", "--exec", command, "tls-gateway-mtls"])
            #expect(
                result.standardOutput.split(separator: "\n").map(String.init) == [
                    #"{"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}"#, "-----BEGIN CERTIFICATE-----", "0", "good",
                    "good",
                ], "\(result)")
            #expect(result.status == .exited(7))
            #expect(
                result.standardError.hasPrefix("mesh: the command ended with exit status 7; the end of ratings' log:\n")
            )
        }

        @Test func aConfigurationThatBlocksIsNoError() async throws {
            let result = try await CompletedProcess.run(LabProgram.path(), ["run", "--exec", Self.ask, "blocked"])
            #expect(result.standardOutput == #"{"error":"could not connect to ratings database"}"#)
            #expect(result.standardError == "")
            #expect(result.status == .exited(0))
        }

        @Test func itNeedsAConfiguration() async throws {
            let result = try await CompletedProcess.run(LabProgram.path(), ["run", "--exec", "true"])
            #expect(result.standardError == "mesh: --exec needs the name of a configuration; see mesh --help\n")
            #expect(result.status == .exited(64))
        }
    }
}
