// swift-tools-version: 6.3
import PackageDescription

/// The house settings of every target, each with its proposal.
let house: [SwiftSetting] = [
    .strictMemorySafety(),  // SE-0458
    .treatAllWarnings(as: .error),  // SE-0443
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
]

/// Modules that declare lifetimes of their own (SE-0446, SE-0456).
let lifetimes: [SwiftSetting] = house + [.enableExperimentalFeature("Lifetimes")]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func floor(
    _ name: String, in folder: String = "Sources", _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = house
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: settings)
}

func roof(_ name: String, in folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: house)
}

/// Every suite may draw from seeds.
func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["SeededRandom"], path: "Tests/\(name)", exclude: fixtures,
        swiftSettings: house)
}

let readModels: [Target.Dependency] = ["Customer360", "SalesFunnel", "ChurnSignals"]

let package = Package(
    name: "Rapport",
    products: [
        .executable(name: "rapportd", targets: ["rapportd"]),
        .executable(name: "rapport", targets: ["rapport"]),
        .executable(name: "rapport-replay", targets: ["rapport-replay"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // Floor 0: C libraries.
        .systemLibrary(
            name: "CLMDB", path: "Sources/CLMDB", pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CZstd", path: "Sources/CZstd", pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CEpoll", path: "Sources/CEpoll"),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        .systemLibrary(
            name: "CSQLite", path: "Sources/CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),

        // Floor 1: nouns, and the only homes of the C libraries.
        floor("EventModel", settings: lifetimes),
        floor("CanonicalJSON", settings: lifetimes),
        floor("LMDB", ["CLMDB"], settings: lifetimes),
        floor("Zstd", ["CZstd"], settings: lifetimes),
        floor("SQLite", ["CSQLite"]),
        floor("DurableFiles"),
        floor("MappedFiles", settings: lifetimes),

        // Floor 2: formats and vocabulary, pure.
        floor("CivilTime", ["EventModel", "DurableFiles"]),
        floor("TransparencyLog", [crypto]),
        floor("RecordFormat", ["EventModel", crypto], settings: lifetimes),
        floor("CloudEvents", ["EventModel", "CanonicalJSON"]),
        floor("CRMEvents", ["EventModel", "CanonicalJSON"], settings: lifetimes),
        floor("WireProtocol", ["EventModel", nioCore]),

        // Floor 3: the engines.
        floor(
            "EventLog", ["EventModel", "RecordFormat", "LMDB", "Zstd", "DurableFiles", "MappedFiles"],
            settings: lifetimes),
        floor(
            "SubjectKeys",
            ["EventModel", "CanonicalJSON", "TransparencyLog", "LMDB", "DurableFiles", crypto]),
        floor(
            "ProjectionRuntime",
            ["EventModel", "CanonicalJSON", "CivilTime", "CRMEvents", "TransparencyLog", "LMDB", "DurableFiles"]),
        floor(
            "EventClient",
            ["EventModel", "CanonicalJSON", "CloudEvents", "WireProtocol", "CEpoll", nioCore, nioPosix]),

        // Floor 4: read models, and whose data an event holds.
        floor(
            "PersonalData",
            ["EventModel", "CanonicalJSON", "RecordFormat", "CRMEvents", "DurableFiles", "EventLog", "SubjectKeys"]),
        floor(
            "Customer360", in: "Projections",
            ["EventModel", "CanonicalJSON", "CivilTime", "CRMEvents", "ProjectionRuntime"]),
        floor(
            "SalesFunnel", in: "Projections",
            ["EventModel", "CanonicalJSON", "CivilTime", "CRMEvents", "ProjectionRuntime"]),
        floor(
            "ChurnSignals", in: "Projections",
            ["EventModel", "CanonicalJSON", "CivilTime", "CRMEvents", "ProjectionRuntime"]),

        // Floor 5: the server's sessions.
        floor(
            "EventServer",
            [
                "EventModel", "RecordFormat", "CanonicalJSON", "CloudEvents", "CRMEvents", "WireProtocol", "EventLog",
                "SubjectKeys", "PersonalData", "ProjectionRuntime", nioCore, nioPosix, crypto,
            ]),

        // Floor 6: what people run.
        roof(
            "rapportd", in: "Sources",
            [
                "EventModel", "DurableFiles", "MappedFiles", "CRMEvents", "EventLog", "SubjectKeys", "PersonalData",
                "ProjectionRuntime", "EventServer", "CMalloc", nioCore, nioPosix, arguments,
            ] + readModels),
        floor("ImportMapping", in: "Tools", ["EventModel", "CanonicalJSON", "CloudEvents"]),
        floor("DemoCompany", in: "Tools", ["EventModel", "CanonicalJSON", "CloudEvents"]),
        floor("Presentation", in: "Tools", ["EventModel", "CanonicalJSON"]),
        floor(
            "SQLProjections", in: "Tools", ["EventModel", "CivilTime", "CRMEvents", "SQLite", "DurableFiles"]),
        floor(
            "ViewExports", in: "Tools", ["EventModel", "CanonicalJSON", "SQLite", "DurableFiles", "MappedFiles"]),
        roof(
            "rapport", in: "Tools",
            [
                "EventModel", "CanonicalJSON", "DurableFiles", "CloudEvents", "CRMEvents", "EventClient",
                "WireProtocol",
                "Zstd", "ImportMapping", "DemoCompany", "Presentation", "ViewExports", arguments,
            ]),
        roof(
            "rapport-replay", in: "Tools",
            [
                "EventModel", "CanonicalJSON", "CivilTime", "DurableFiles", "MappedFiles", "CRMEvents", "EventLog",
                "SubjectKeys", "PersonalData", "ProjectionRuntime", "Presentation", "SQLProjections", "ViewExports",
                arguments,
            ] + readModels),

        // Benchmarks compile on every build.
        roof(
            "LogBenchmarks", in: "Benchmarks",
            [
                "EventModel", "RecordFormat", "CanonicalJSON", "CloudEvents", "CRMEvents", "LMDB", "EventLog",
                "EventServer", "SubjectKeys", "PersonalData", "ProjectionRuntime", "DemoCompany",
            ] + readModels),

        roof(
            "ReadModelBenchmarks", in: "Benchmarks",
            ["EventModel", "CanonicalJSON", "CRMEvents", "EventLog", "ProjectionRuntime", crypto]),
        roof("SealBenchmarks", in: "Benchmarks", ["EventModel", "SubjectKeys"]),
        roof(
            "PageBenchmarks", in: "Benchmarks",
            [
                "EventModel", "CanonicalJSON", "CRMEvents", "EventLog", "SubjectKeys", "PersonalData",
                "ProjectionRuntime", "Customer360",
            ]),

        // Specifications, floor by floor.
        floor("SeededRandom", in: "Tests"),
        floor("EventTestKit", in: "Tests", ["EventModel", "EventLog"]),
        tests("EventModelTests", ["EventModel"]),
        tests("CanonicalJSONTests", ["CanonicalJSON"]),
        tests("CivilTimeTests", ["EventModel", "CivilTime", "EventTestKit"]),
        tests("LMDBTests", ["LMDB", "DurableFiles", "Zstd"]),
        tests("TransparencyLogTests", ["TransparencyLog", crypto]),
        tests("RecordFormatTests", ["EventModel", "RecordFormat", "TransparencyLog", crypto]),
        tests("CloudEventsTests", ["EventModel", "CanonicalJSON", "CloudEvents"]),
        tests("CRMEventsTests", ["EventModel", "CanonicalJSON", "CRMEvents"], fixtures: ["Fixtures"]),
        tests("WireProtocolTests", ["EventModel", "WireProtocol", nioCore]),
        tests("EventLogTests", ["EventModel", "RecordFormat", "LMDB", "DurableFiles", "EventLog", "EventTestKit"]),
        tests(
            "SubjectKeysTests",
            [
                "EventModel", "TransparencyLog", "LMDB", "DurableFiles", "SubjectKeys", "EventTestKit", crypto,
            ]),
        tests(
            "ProjectionRuntimeTests",
            ["EventModel", "CanonicalJSON", "CRMEvents", "EventLog", "LMDB", "ProjectionRuntime", "EventTestKit"]),
        tests(
            "EventClientTests",
            ["EventModel", "CanonicalJSON", "CloudEvents", "WireProtocol", "EventClient", nioCore, nioPosix]),
        tests(
            "PersonalDataTests",
            ["EventModel", "CanonicalJSON", "CRMEvents", "EventLog", "SubjectKeys", "PersonalData", "EventTestKit"]),
        tests(
            "EventServerTests",
            [
                "EventModel", "CanonicalJSON", "CRMEvents", "WireProtocol", "EventLog", "PersonalData",
                "ProjectionRuntime", "EventServer", "EventClient", "EventTestKit", nioCore, nioPosix,
            ]),
        tests(
            "Customer360Tests", ["EventModel", "CanonicalJSON", "CRMEvents", "ProjectionRuntime", "Customer360"]),
        tests(
            "SalesFunnelTests", ["EventModel", "CanonicalJSON", "CRMEvents", "ProjectionRuntime", "SalesFunnel"]),
        tests(
            "ChurnSignalsTests", ["EventModel", "CanonicalJSON", "CRMEvents", "ProjectionRuntime", "ChurnSignals"]),
        tests(
            "CompleteJourneyTests", ["EventModel", "CanonicalJSON", "Zstd", "ProjectionRuntime"] + readModels),
        tests(
            "RapportToolTests",
            ["EventModel", "CanonicalJSON", "CRMEvents", "ImportMapping", "DemoCompany", "Presentation"]),
        tests("SQLiteTests", ["SQLite", "DurableFiles"]),
        tests("SQLProjectionsTests", ["EventModel", "CRMEvents", "SQLite", "SQLProjections"]),
        tests("ViewExportsTests", ["CanonicalJSON", "SQLite", "ViewExports"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
