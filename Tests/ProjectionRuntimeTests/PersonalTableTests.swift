import CRMEvents
import CanonicalJSON
import EventModel
import EventTestKit
import ProjectionRuntime
import Testing

/// Names of accounts in a personal table, and what is public about the same events beside it.
private final class NameBook: ReadModel {
    static let name = "name-book"
    static let version: UInt32 = 1
    static let handles: Set<EventGroup> = [.account]
    static let names = TableName<String, NameRow>("names", isPersonal: true)
    static let counts = TableName<String, SinceRow>("counts")

    private let names: Table<String, NameRow>
    private let counts: Table<String, SinceRow>

    init(tables: TableSet) {
        names = tables.open(Self.names)
        counts = tables.open(Self.counts)
    }

    func apply(_ event: CRMEvent) {
        let account = String(event.stream.id)
        counts.update(account, orInsert: SinceRow(position: 0)) { $0.position += 1 }
        switch event.personal {
        case .nothing, .sealed: break
        case .erased: names[account] = NameRow(name: nil)
        case .opened: names[account] = NameRow(name: event.personal["name"]?.text)
        }
    }

    static func get(_ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON? {
        try snapshot.row(names, key).map { .from($0.name) }
    }

    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        ViewPage(rows: [], next: nil)
    }

    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON { [:] }
}

/// A name, or that it was erased.
private struct NameRow: RowValue {
    let name: String?

    init(name: String?) { self.name = name }
    func encode(to encoder: inout RowEncoder) { encoder.optionalText(name) }
    init(from decoder: inout RowDecoder) throws(RowError) { name = try decoder.optionalText() }
}

/// One event with a personal name for each content, each of an account of its own.
private func script(_ contents: [PersonalContent]) throws -> [RecordedEvent] {
    try contents.enumerated().map { index, content in
        var event = RecordedEvent(
            position: Position(UInt64(index)), stream: try StreamName("account-\(index)"), revision: .first,
            time: Timestamp(milliseconds: 1), recorded: Timestamp(milliseconds: 1),
            content: Proposal.classified(id: "e\(index)").content)
        event.personal = [content]
        return event
    }
}

private func opened(_ name: String) -> PersonalContent {
    .opened((["name": .text(name)] as JSON).canonicalBytes)
}

@Suite struct `A personal table` {
    private let before = [opened("Ann"), opened("王芳"), .sealed(purpose: "identity")]
    private let after = [.erased(at: Position(9)), opened("王芳"), .sealed(purpose: "identity")]

    @Test func `is left out of the state hash, and its rows are counted apart`() async throws {
        var results: [RebuildResult] = []
        for contents in [before, after] {
            let directory = try TemporaryDirectory()
            let views = try OfflineViews(source: ScriptedSource(try script(contents)), directory: directory.path)
            results.append(try await views.rebuild(NameBook.self) { _, _ in })
        }
        #expect(results[0].stateHash == results[1].stateHash)
        #expect(results.allSatisfy { $0.rowCount == 3 && $0.personalRowCount == 2 })
    }

    @Test func `equals its replay until somebody is erased; the state hash does so after that, too`() async throws {
        let directory = try TemporaryDirectory()
        let open = try OfflineViews(source: ScriptedSource(try script(before)), directory: directory.path)
        let first = try await open.rebuild(NameBook.self) { _, _ in }
        let same = try #require(try await open.compare(NameBook.self) { _, _ in })
        #expect(same.isEqual && same.rowCount == 3)
        #expect(same.personal?.isEqual == true && same.personal?.rowCount == 2)

        let erased = try OfflineViews(source: ScriptedSource(try script(after)), directory: directory.path)
        let differing = try #require(try await erased.compare(NameBook.self) { _, _ in })
        #expect(differing.isEqual && differing.personal?.isEqual == false)
        let second = try await erased.rebuild(NameBook.self) { _, _ in }
        #expect(second.previousHash == first.stateHash && second.stateHash == first.stateHash)
        let rebuilt = try #require(try await erased.compare(NameBook.self) { _, _ in })
        #expect(rebuilt.isEqual && rebuilt.personal?.isEqual == true)
    }

    @Test func `is folded into typed tombstones for the erased, and has no row of what is sealed`() async throws {
        let directory = try TemporaryDirectory()
        let views = try OfflineViews(source: ScriptedSource(try script(after)), directory: directory.path)
        let answers = try await views.asOf(NameBook.self, ReplayBounds()) { _, _ in }
        #expect(try answers.answer(.get("0"), [:])?["row"] == .null)
        #expect(try answers.answer(.get("1"), [:])?["row"] == "王芳")
        #expect(try answers.answer(.get("2"), [:]) == nil)
    }

    @Test func `of a view without one there is nothing to compare`() async throws {
        let directory = try TemporaryDirectory()
        let source = ScriptedSource(ScriptedSource.history(eventCount: 20, seed: 8))
        let views = try OfflineViews(source: source, directory: directory.path)
        #expect(try await views.rebuild(OwnerTally.self) { _, _ in }.personalRowCount == 0)
        #expect(try await views.compare(OwnerTally.self) { _, _ in }?.personal == nil)
    }
}
