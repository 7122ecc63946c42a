// swift-tools-version: 6.0

import PackageDescription

/// One line per target: what it is for. Dependencies point downwards only, and none leads outside: the toolchain, and C
/// libraries of the distribution.
let package = Package(
    name: "ratings",
    products: [
        .executable(name: "ratings", targets: ["ratings"])
    ],
    targets: [
        // The service, from the process down to the C libraries. Nothing of it links Foundation.
        .executableTarget(
            name: "ratings",
            dependencies: [
                "RatingsService", "RatingsDatabase", "Diagnosis", "MongoClient", "EventLoop", "Log", "Threads",
            ]
        ),
        .target(name: "RatingsService", dependencies: ["HTTP1", "EventLoop", "Log", "Threads"]),
        .target(name: "HTTP1"),
        .target(
            name: "RatingsDatabase",
            dependencies: ["RatingsService", "Diagnosis", "MongoClient", "EventLoop", "Log", "Threads"]
        ),
        .target(name: "Diagnosis", dependencies: ["MongoClient", "Network", "Threads"]),
        .target(name: "MongoClient", dependencies: ["CMongoC", "Network", "Log", "Threads"]),
        .target(name: "Network", dependencies: ["COpenSSL", "CResolv", "Threads"]),
        .target(name: "EventLoop", dependencies: ["CUV", "Threads"]),
        .target(name: "Log", dependencies: ["Threads"]),
        .target(name: "Threads"),
        .systemLibrary(name: "CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CResolv"),
        .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),

        // What people and tests need around it: a real, throw-away MongoDB, the benchmark, the mesh on one machine.
        .target(name: "Options"),
        .target(name: "Processes", dependencies: ["Threads"]),
        .target(name: "LocalMongo", dependencies: ["MongoClient", "Log", "Processes", "Threads"]),
        .executableTarget(
            name: "ratings-local",
            dependencies: ["Faults", "LocalMongo", "MongoClient", "Options", "Processes", "Threads"]
        ),
        .executableTarget(
            name: "ratings-bench",
            dependencies: ["LocalMongo", "MongoClient", "Log", "Options", "Processes", "Threads"],
            exclude: ["Programs"]
        ),
        .target(name: "Faults", dependencies: ["LocalMongo", "MongoClient", "Processes", "Threads"]),
        .target(name: "MeshLab", dependencies: ["LocalMongo", "Processes", "Threads"]),
        .executableTarget(name: "mesh", dependencies: ["MeshLab", "Options", "Processes", "Threads"]),

        .target(name: "RecordedStreams", path: "Tests/RecordedStreams", resources: [.copy("streams.jsonl")]),
        .target(
            name: "RecordedValues", dependencies: ["Processes"], path: "Tests/RecordedValues",
            resources: [.copy("values.jsonl.gz")]
        ),
        .target(name: "SeededRandom", path: "Tests/SeededRandom"),
        .testTarget(name: "LogTests", dependencies: ["Log", "Threads"]),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "Threads"]),
        .testTarget(name: "HTTP1Tests", dependencies: ["HTTP1", "RecordedStreams", "SeededRandom"]),
        .testTarget(name: "MongoClientTests", dependencies: ["MongoClient", "SeededRandom"]),
        .testTarget(name: "RatingsServiceTests", dependencies: ["RatingsService", "HTTP1", "SeededRandom"]),
        .testTarget(
            name: "RatingsDatabaseTests",
            dependencies: [
                "RatingsDatabase", "RatingsService", "Diagnosis", "MongoClient", "EventLoop", "Log", "Threads",
                "Processes",
                "RecordedValues", "SeededRandom",
            ],
            resources: [.copy("Programs")]
        ),
        .testTarget(name: "ToolTests", dependencies: ["Options", "Processes", "Threads"]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "ratings", "ratings-local", "Faults", "LocalMongo", "MongoClient", "Processes", "RecordedStreams",
                "RecordedValues", "Threads",
            ],
            resources: [.copy("Resources")]
        ),
        .testTarget(name: "MeshTests", dependencies: ["MeshLab", "Processes"]),
    ],
    swiftLanguageModes: [.v6]
)

// `make fuzz`: linked with libFuzzer, which only it asks for. Sources of the tests are its own then.
if Context.environment["FUZZ"] != nil {
    package.targets.removeAll { $0.type == .test }
    package.targets.append(
        .executableTarget(
            name: "ratings-fuzz", dependencies: ["HTTP1", "MongoClient", "RatingsService", "RecordedStreams"],
            path: "Tests",
            sources: ["Fuzz", "HTTP1Tests/ParserRun.swift", "RatingsServiceTests/WholeJSONValidator.swift"]
        ))
}

// The image's build (.ci/image/build): the service alone, so that no tool and no test is needed, nor rebuilds it.
if Context.environment["SERVICE_ONLY"] != nil {
    var service: Set = ["ratings"]
    for target in package.targets where service.contains(target.name) {
        for case .byNameItem(let name, _) in target.dependencies { service.insert(name) }
    }
    package.targets.removeAll { !service.contains($0.name) }
}
