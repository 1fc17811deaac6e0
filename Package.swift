// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with; language mode 6 comes with the tools version.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// The rooms that touch C mark every unsafe expression.
let wrapper: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "sanhu",
    products: [
        .executable(name: "sanhu", targets: ["sanhu"]),
        .library(name: "EventLog", targets: ["EventLog"]),
        .library(name: "Transparency", targets: ["Transparency"]),
        .library(name: "SelectiveDisclosure", targets: ["SelectiveDisclosure"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: wrapper),
        .target(name: "OpenSSL", dependencies: ["COpenSSL"], swiftSettings: wrapper),
        .target(name: "Zstandard", dependencies: ["CZstd"], swiftSettings: wrapper),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "JSONSchema", dependencies: ["JSON"], swiftSettings: strict),
        .target(
            name: "Transparency", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "SelectiveDisclosure",
            dependencies: ["JSON", "OpenSSL", "Transparency"],
            swiftSettings: strict),
        .target(
            name: "EventLog", dependencies: ["JSON", "LMDB", "Transparency", "Zstandard"], swiftSettings: strict),
        .target(name: "Witnessing", dependencies: ["EventLog", "JSON", "Transparency"], swiftSettings: strict),
        .target(
            name: "Exchange",
            dependencies: [
                "EventLog", "JSON", "JSONSchema", "LMDB", "OpenSSL", "SelectiveDisclosure", "Transparency",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "Views", dependencies: ["EventLog", "Exchange", "JSON", "LMDB", "Transparency"], swiftSettings: strict
        ),
        .target(
            name: "Clearance",
            dependencies: [
                "EventLog", "Exchange", "JSON", "JSONSchema", "LMDB", "Views",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "Audit",
            dependencies: [
                "Clearance", "EventLog", "Exchange", "JSON", "Transparency", "Views",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(name: "Interchange", dependencies: ["EventLog", "JSON"], swiftSettings: strict),
        .target(
            name: "Snapshots",
            dependencies: [
                "EventLog", "Exchange", "JSON", "LMDB", "Transparency", "Zstandard",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "ExchangeProtocol",
            dependencies: [
                "EventLog", "Exchange", "JSON", "Transparency", "Views",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "ExchangeServer",
            dependencies: [
                "Audit", "Clearance", "EventLog", "Exchange", "ExchangeProtocol", "JSON", "LMDB", "Transparency",
                "Views", "Witnessing",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "ExchangeClient",
            dependencies: [
                "EventLog", "Exchange", "ExchangeProtocol", "JSON", "Transparency", "Witnessing",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "sanhu",
            dependencies: [
                "Audit", "Clearance", "EventLog", "Exchange", "ExchangeClient", "ExchangeProtocol", "ExchangeServer",
                "Interchange", "JSON", "Snapshots", "Transparency", "Views", "Witnessing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "JSONTests",
            dependencies: ["JSON", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .testTarget(
            name: "JSONSchemaTests", dependencies: ["JSON", "JSONSchema", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TransparencyTests",
            dependencies: ["Transparency", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .testTarget(
            name: "SelectiveDisclosureTests",
            dependencies: [
                "JSON", "SelectiveDisclosure", "Transparency", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "OpenSSLTests",
            dependencies: ["OpenSSL", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "InterchangeTests", dependencies: ["Interchange", "EventLog", "JSON", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "EventLog", "JSON", "LMDB", "Transparency", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "EventLog", "Exchange", "ExchangeProtocol", "Interchange", "JSON", "JSONSchema", "LMDB",
                "SelectiveDisclosure", "Snapshots",
                "Transparency", "Zstandard", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ViewsTests",
            dependencies: [
                "EventLog", "Exchange", "JSON", "LMDB", "Transparency", "Views", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ClearanceTests",
            dependencies: [
                "Clearance", "EventLog", "Exchange", "Interchange", "JSON", "Transparency", "Views", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AuditTests",
            dependencies: [
                "Audit", "Clearance", "EventLog", "Exchange", "JSON", "JSONSchema", "Transparency", "Views",
                "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Mining/Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "ExchangeServerTests",
            dependencies: [
                "Clearance", "EventLog", "Exchange", "ExchangeClient", "ExchangeProtocol", "ExchangeServer", "JSON",
                "Transparency", "Views", "Witnessing", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(name: "ZstandardTests", dependencies: ["Zstandard", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "SnapshotsTests",
            dependencies: [
                "Snapshots", "EventLog", "JSON", "Transparency", "Zstandard", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SanhuTests",
            dependencies: [
                "sanhu", "Audit", "Clearance", "EventLog", "Exchange", "JSON", "JSONSchema", "Transparency",
                "TestSupport", "Views",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "WitnessingTests", dependencies: ["Witnessing", "EventLog", "Transparency", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(
            name: "TortureTests", dependencies: ["sanhu", "JSON", "Transparency", "TestSupport"],
            swiftSettings: strict),
    ]
)
