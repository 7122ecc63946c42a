/// A fault of a mesh: how it is made and mended, and what `ratings check` in the pod has to say of it.
struct MeshFault: Sendable {
    /// For `make mesh BREAK=…`.
    var name: String
    /// What is wrong, for a person.
    var title: String
    /// Configurations that can have it; the first one shows it best.
    var configurations: [String]
    var expected: SeenFault
    /// With which the service runs, where the fault is its connection string. A secret.
    var url: String?
    /// How often it is looked at.
    var times = 1
    var make: @Sendable () async throws -> Void = {}
    var mend: @Sendable () async throws -> Void = {}
}

/// A layer that failed, by its name, its cause and its sentence.
struct SeenFault: Equatable, Sendable {
    enum Layer: String { case tcp, sidecar, tls, hello, authentication, read }

    var layer: String
    var cause: String
    /// Without what differs from run to run.
    var explanation: String

    init(_ layer: Layer, _ cause: String, _ explanation: String) {
        self.init(layer: layer.rawValue, cause: cause, explanation: explanation)
    }

    init(layer: String, cause: String, explanation: String) {
        self.layer = layer
        self.cause = cause
        self.explanation = explanation
    }
}
