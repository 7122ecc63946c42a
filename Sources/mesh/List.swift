import MeshLab

extension Mesh {
    static func listConfigurations() async throws {
        let tools = try Tools.repository()
        let expectations = try Expectations.load(from: tools, await Parameters.load(from: tools))
        let width = expectations.configurations.map(\.name.count).max() ?? 0
        for configuration in expectations.configurations {
            print(configuration.name.padding(toLength: width + 2), configuration.description)
        }
        print(
            "\nmake mesh CONFIG=NAME shows one; make test-mesh proves them all. What can be broken, by make mesh BREAK=FAULT:\n"
        )
        print(FaultDemonstration.list)
    }
}

extension String {
    fileprivate func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
