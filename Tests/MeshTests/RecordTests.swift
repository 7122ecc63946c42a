import Foundation
import LocalMongo
import Processes
import Testing

@testable import MeshLab

/// The script that records anew, with a stand-in for kubectl: there is no cluster here.
struct RecordTests {
    /// Answers as a cluster does that runs one configuration: its pods, and Envoy's account of what istiod sent.
    private static let kubectl = """
        #!/usr/bin/env python3
        import json, pathlib, sys
        arguments = sys.argv[1:]
        here = pathlib.Path(__file__).resolve().parent
        with open(here / "calls.txt", "a") as calls:
            print(*arguments, file=calls)
        if arguments[0] == "kustomize":
            print((here / "manifests.yaml").read_text(), end="")
        elif arguments[0] == "get":
            print({"app=ratings,version=v2": "pod/sidecar", "istio=egressgateway": "pod/egress-gateway"}.get(arguments[5], ""))
        elif arguments[0] == "exec":
            sent = json.loads((here / (arguments[3].removeprefix("pod/") + ".json")).read_text())
            other = {"name": "0.0.0.0_8080", "address": {"socket_address": {"address": "0.0.0.0", "port_value": 8080}}}
            typed = lambda value: {"@type": "type.googleapis.com/x"} | value
            print(json.dumps({"configs": [
                {"dynamic_active_clusters": [{"cluster": typed(one)} for one in sent["clusters"] + [{"name": "outbound|80||a"}]]},
                {"dynamic_listeners": [{"active_state": {"listener": typed(one)}} for one in sent["listeners"] + [other]]
                    + [{"name": "draining"}]},
                {"dynamic_endpoint_configs": [{"endpoint_config": typed(one)} for one in sent["endpoints"]]},
            ]}))
        """

    @Test func recordsWhatIstiodSent() async throws {
        let original = try Tools.repository() + "/Tests/RecordedIstiod"
        let name = "tls-gateway-mtls"
        let folder = try PrivateDirectory(name: "mesh-record")
        let files = FileManager.default
        let own = folder.appending("Tests/RecordedIstiod")
        try files.createDirectory(atPath: own, withIntermediateDirectories: true)
        try files.copyItem(atPath: "\(original)/record", toPath: "\(own)/record")
        let program = folder.appending("kubectl")
        try Self.kubectl.write(toFile: program, atomically: true, encoding: .utf8)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        for file in ["manifests.yaml", "sidecar.json", "egress-gateway.json"] {
            try files.copyItem(atPath: "\(original)/\(name)/\(file)", toPath: folder.appending(file))
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let run = try await CompletedProcess.run(
            "python3", ["\(own)/record", "--wait", "0", name], environment: ["PATH": "\(folder.path):\(path)"])
        #expect(run.status.isSuccess, "\(run.standardError)")
        #expect(
            Set(try files.contentsOfDirectory(atPath: "\(own)/\(name)"))
                == ["manifests.yaml", "sidecar.json", "egress-gateway.json"])
        for file in ["manifests.yaml", "sidecar.json", "egress-gateway.json"] {
            #expect(
                files.contents(atPath: "\(own)/\(name)/\(file)")
                    == files.contents(atPath: "\(original)/\(name)/\(file)"))
        }
        let calls = try String(contentsOfFile: folder.appending("calls.txt"), encoding: .utf8).split(separator: "\n")
        let applied = "-f \(own)/\(name)/manifests.yaml"
        #expect(
            calls.filter { $0.hasPrefix("apply ") || $0.hasPrefix("delete ") } == [
                "apply \(applied)", "delete \(applied)",
            ])
    }
}
