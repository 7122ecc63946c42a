// swift-tools-version: 6.0

import PackageDescription

/// A package with a test target that needs ratings. Run it by:
///
///     ratings-local exec --ratings 5,4 -- swift test --package-path Tests/Examples/swift
let package = Package(
    name: "reviews",
    targets: [
        .target(name: "Reviews"),
        .testTarget(name: "ReviewsTests", dependencies: ["Reviews"]),
    ],
    swiftLanguageModes: [.v6]
)
