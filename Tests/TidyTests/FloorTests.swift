import Foundation
import Testing

/// The floors of the house. A target imports only lower floors; this table is the drawing of the README.
private let floors: [String: Int] = [
    "CLMDB": 0, "CZstd": 0, "CEpoll": 0, "CMalloc": 0, "CSQLite": 0,
    "EventModel": 1, "CanonicalJSON": 1, "LMDB": 1, "Zstd": 1, "DurableFiles": 1,
    "MappedFiles": 1, "SQLite": 1,
    "CivilTime": 2, "TransparencyLog": 2, "RecordFormat": 2, "CloudEvents": 2, "CRMEvents": 2, "WireProtocol": 2,
    "EventLog": 3, "SubjectKeys": 3, "ProjectionRuntime": 3, "EventClient": 3,
    "Customer360": 4, "SalesFunnel": 4, "ChurnSignals": 4, "PersonalData": 4,
    "ImportMapping": 4, "DemoCompany": 4, "Presentation": 4, "SQLProjections": 4, "ViewExports": 4,
    "EventServer": 5,
    "rapportd": 6, "rapport": 6, "rapport-replay": 6,
]

@Suite struct `The house` {
    @Test func `has floors: a target imports only lower ones`() throws {
        for file in try PackageSource.files(in: ["Sources", "Projections", "Tools"]) {
            let floor = try #require(
                floors[file.target], "\(file.target) has no floor: add it to the table and the README")
            for module in PackageSource.imports(of: file) {
                guard let other = floors[module], module != file.target else { continue }
                #expect(other < floor, "\(file.path) imports \(module), which is not on a lower floor")
            }
        }
    }

    @Test func `declares in Package.swift what its files import, and no circle`() throws {
        let graph = try packageGraph()
        for file in try PackageSource.files(in: ["Sources", "Projections", "Tools"]) {
            let declared = try #require(graph[file.target], "\(file.target) is not in Package.swift")
            for module in PackageSource.imports(of: file) where floors[module] != nil && module != file.target {
                #expect(
                    declared.contains(module), "\(file.path) imports \(module), which Package.swift does not give it")
            }
        }
        for (target, dependencies) in graph {
            guard let floor = floors[target] else { continue }
            for dependency in dependencies {
                guard let other = floors[dependency] else { continue }
                #expect(
                    other < floor, "Package.swift gives \(target) a dependency on \(dependency), not on a lower floor")
            }
        }
    }

    @Test func `keeps its rooms apart`() throws {
        let projections: Set = ["Customer360", "SalesFunnel", "ChurnSignals"]
        let noIO: Set = ["NIOCore", "NIOPosix", "Foundation", "Dispatch"]
        for file in try PackageSource.files(in: PackageSource.product) {
            let imports = Set(PackageSource.imports(of: file))
            let allowedNIO = ["WireProtocol", "EventClient", "EventServer", "rapportd"].contains(file.target)
            #expect(allowedNIO || imports.isDisjoint(with: ["NIOCore", "NIOPosix"]), "\(file.path) imports NIO")
            #expect(file.target == "LMDB" || !imports.contains("CLMDB"), "\(file.path) imports CLMDB")
            #expect(file.target == "Zstd" || !imports.contains("CZstd"), "\(file.path) imports CZstd")
            #expect(file.target == "SQLite" || !imports.contains("CSQLite"), "\(file.path) imports CSQLite")
            #expect(file.target == "EventClient" || !imports.contains("CEpoll"), "\(file.path) imports CEpoll")
            #expect(file.target == "rapportd" || !imports.contains("CMalloc"), "\(file.path) imports CMalloc")
            if file.target == "WireProtocol" { #expect(!imports.contains("NIOPosix"), "\(file.path) has sockets") }
            if file.target == "EventModel" {
                #expect(imports.isSubset(of: ["Synchronization"]), "\(file.path): EventModel imports nothing of ours")
            }
            if projections.contains(file.target) {
                let others = projections.subtracting([file.target])
                #expect(imports.isDisjoint(with: others.union(noIO)), "\(file.path) reaches beyond its folder")
            }
        }
    }

    /// Targets and their dependencies, as `swift package dump-package` says.
    private func packageGraph() throws -> [String: Set<String>] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A build folder of its own: the one of this package is locked while its tests run.
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-graph-\(getpid())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        process.arguments = [
            "swift", "package", "--package-path", PackageSource.root.path, "--scratch-path", scratch.path,
            "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let package = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let targets = try #require(package["targets"] as? [[String: Any]])
        var graph: [String: Set<String>] = [:]
        for target in targets {
            let dependencies = (target["dependencies"] as? [[String: Any]] ?? []).compactMap { dependency in
                (dependency["byName"] as? [Any])?.first as? String
            }
            graph[try #require(target["name"] as? String)] = Set(dependencies)
        }
        return graph
    }
}
