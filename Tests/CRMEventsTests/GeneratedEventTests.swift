import CRMEvents
import CanonicalJSON
import EventModel
import Foundation
import Testing

@Suite struct `Generated events` {
    static let generator = CatalogDocument.workFolder.appending(path: "shared/bench/crm/gen_crm_events.py")
    static let hasGenerator = FileManager.default.fileExists(atPath: generator.path)

    @Test(.enabled(if: hasGenerator, "shared/bench/crm is not beside the package"))
    func `of the independent generator are all accepted and decoded`() throws {
        let lines = try Self.generate(eventCount: 20_000)
        var kinds: Set<String> = []
        for (index, line) in lines.enumerated() {
            let event = try JSONDocument(parsing: [UInt8](line)).root
            let type = try #require(event["type"]?.text)
            let stream = try StreamName(try #require(event["subject"]?.text))
            let data = try #require(event["data"])
            kinds.insert(type)
            do {
                try Catalog.checkName(stream)
                try Catalog.checkName(eventID: try #require(event["id"]?.text))
                let terms = try Catalog.standard.check(type: type, schema: 1, stream: stream, data: data)
                #expect(terms == Catalog.terms(type: type, stream: stream, data: data))
                let typed = try CRMEvent(recorded(type, stream.text, JSON(data), at: UInt64(index)))
                #expect(typed.group == Catalog.standard[type]?.group)
            } catch {
                Issue.record("line \(index + 1): \(error)")
                return
            }
        }
        #expect(lines.count == 20_000 && kinds.count >= 20)
    }

    /// With contacts, tickets, natural persons and texts: what the door that seals must take.
    @Test(.enabled(if: hasGenerator, "shared/bench/crm is not beside the package"))
    func `with personal members are all accepted by the door that takes them`() throws {
        var kinds: Set<String> = []
        var personalCount = 0
        for (index, line) in try Self.generate(eventCount: 20_000, types: "full").enumerated() {
            let event = JSON(try JSONDocument(parsing: [UInt8](line)).root)
            let type = try #require(event["type"]?.text)
            kinds.insert(type)
            switch try verdict(type, try #require(event["subject"]?.text), try #require(event["data"])) {
            case .success(let answer): personalCount += answer.personal
            case .failure(let error):
                Issue.record("line \(index + 1): \(error)")
                return
            }
        }
        #expect(kinds.count >= 28 && personalCount > 1_000)
    }

    /// Runs the generator in a folder of its own. Same arguments, same bytes.
    private static func generate(eventCount: Int, types: String = "basic") throws -> [Data.SubSequence] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "crm-events-\(getpid())-\(types)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "events.ndjson")
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [
            "python3", generator.path, "--events", "\(eventCount)", "--customers", "400", "--seed", "7",
            "--types", types, "--out", file.path,
        ]
        python.standardOutput = FileHandle.nullDevice
        python.standardError = FileHandle.nullDevice
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    }
}
