internal import CanonicalJSON
internal import DurableFiles
internal import EventModel
internal import Foundation
internal import TransparencyLog

/// A state of a view that was kept: its rows as they were when the log had come to a position.
public struct KeptSnapshot: Hashable, Sendable {
    /// The view.
    public let name: String
    /// The version of its projection.
    public let version: UInt32
    /// Events folded: the position of the first one that it has not applied.
    public let eventCount: UInt64
    /// The greatest time among them, in milliseconds since 1970; `nil` if no event was applied.
    let latestTime: Int64?
    /// Number of rows.
    public let rowCount: UInt64
    /// RFC 6962 root over the rows, in hexadecimal.
    public let stateHash: String

    init(_ model: any ReadModel.Type, _ state: GenerationState) {
        name = model.name
        version = model.version
        eventCount = state.checkpoint.next.index
        latestTime = state.checkpoint.latestTime?.milliseconds
        rowCount = state.rows.count
        stateHash = state.hash
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    init?(_ model: any ReadModel.Type, _ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let events = json["events"]?.integer, events > 0,
            let rows = json["rows"]?.integer, rows >= 0, let hash = json["state_hash"]?.text
        else { return nil }
        name = model.name
        version = model.version
        eventCount = UInt64(events)
        latestTime = json["latest_time"]?.integer
        rowCount = UInt64(rows)
        stateHash = hash
    }

    /// What the file `STATE` holds.
    var json: JSON {
        [
            "events": .integer(Int64(eventCount)), "latest_time": .from(latestTime), "rows": .integer(Int64(rowCount)),
            "state_hash": .text(stateHash),
        ]
    }

    /// Whether a fold up to bounds may begin here: nothing was applied that they leave out.
    func isWithin(_ bounds: ReplayBounds) -> Bool {
        if let at = bounds.at, eventCount > at.next.index { return false }
        if let asOf = bounds.asOf, let latestTime { return latestTime <= asOf.milliseconds }
        return true
    }
}

/// The kept snapshots of a data directory: `views/snapshots/NAME-vVERSION-EVENTS/`, each the environment of a
/// generation that nobody writes any more and a file `STATE` that says what it holds; and
/// `views/snapshots/anchors-EVENTS`, whose the streams are by then, behind its RFC 6962 leaf hash. All of it can be
/// deleted at any time.
struct SnapshotStore: Sendable {
    private let directory: String

    /// Those beside the generations of a `views` directory.
    init(_ views: String) { directory = views + "/snapshots" }

    /// Those of a view in this version, the one with the fewest events first.
    func snapshots(of model: any ReadModel.Type) -> [KeptSnapshot] {
        let prefix = "\(model.name)-v\(model.version)-"
        let names = (try? DurableFiles.names(in: directory)) ?? []
        let counts = names.filter { $0.hasPrefix(prefix) }.compactMap { UInt64($0.dropFirst(prefix.count)) }.sorted()
        return counts.compactMap { count in
            let state = try? DurableFiles.read(path(model, count) + "/STATE")
            guard let state, let snapshot = KeptSnapshot(model, state), snapshot.eventCount == count else { return nil }
            return snapshot
        }
    }

    /// The directory of a snapshot.
    func path(_ model: any ReadModel.Type, _ eventCount: UInt64) -> String {
        "\(directory)/\(model.name)-v\(model.version)-\(eventCount)"
    }

    /// The right to fold snapshots of a view; one process at a time.
    func lock(_ model: any ReadModel.Type) throws(ViewError) -> FileLock {
        let lock = try attempt { () throws(FileError) in
            try DurableFiles.makeDirectory(directory)
            return try DurableFiles.lock("\(directory)/\(model.name).lock")
        }
        guard let lock else { throw .notReady("another process folds a snapshot of it") }
        return lock
    }

    /// An empty directory to fold a snapshot in; what an interrupted call left there goes away.
    func workplace(_ model: any ReadModel.Type) throws(ViewError) -> String {
        let path = "\(directory)/\(model.name).new"
        try? FileManager.default.removeItem(atPath: path)
        try attempt { () throws(FileError) in try DurableFiles.makeDirectory(path) }
        return path
    }

    /// Keeps the settled rows in a directory as a snapshot, in the place of what stands there.
    func keep(_ path: String, _ snapshot: KeptSnapshot, of model: any ReadModel.Type) throws(ViewError) {
        let goal = self.path(model, snapshot.eventCount)
        try? FileManager.default.removeItem(atPath: goal)
        try attempt { () throws(FileError) in
            try DurableFiles.replace(path + "/STATE", with: snapshot.json.canonicalBytes)
            try DurableFiles.move(path, to: goal)
        }
    }

    /// Copies the rows of the nearest snapshot within bounds into an empty directory; where there is none, or it cannot
    /// be read, the directory stays empty.
    func begin(
        _ model: any ReadModel.Type, at path: String, from log: String, _ bounds: ReplayBounds
    ) throws(ViewError) -> Generation {
        let rows = path + "/data.mdb"
        if let nearest = snapshots(of: model).last(where: { $0.isWithin(bounds) }) {
            let kept = self.path(model, nearest.eventCount) + "/data.mdb"
            if (try? FileManager.default.copyItem(atPath: kept, toPath: rows)) != nil,
                let generation = try? Generation(at: path, of: model, from: log),
                (try? generation.checkpoint())?.next.index == nearest.eventCount
            {
                return generation
            }
            try? FileManager.default.removeItem(atPath: rows)
        }
        return try Generation(at: path, of: model, from: log)
    }

    /// Keeps whose the streams are that began before a snapshot's end, for all views: a fold from there on would have
    /// to look at the first events of each.
    func keepAnchors(of log: DecodedLog, before end: Position) throws(ViewError) {
        let path = anchorsPath(end)
        guard !DurableFiles.exists(path), let packed = log.packedAnchors(before: end) else { return }
        try attempt { () throws(FileError) in
            try DurableFiles.replace(path, with: Array(MerkleTree.leafHash(packed)) + packed)
        }
    }

    /// Hands a log the anchors that were kept for a position, unless it knows them; where none are kept, or the bytes
    /// are not what was written, it finds them itself.
    func restoreAnchors(of log: DecodedLog, before start: Position) {
        guard start > .origin, !log.knowsAnchors(before: start),
            let bytes = try? DurableFiles.read(anchorsPath(start)), bytes.count >= Self.hashByteCount
        else { return }
        let packed = Array(bytes[Self.hashByteCount...])
        guard MerkleTree.leafHash(packed).elementsEqual(bytes[..<Self.hashByteCount]) else { return }
        log.adopt(packed, before: start)
    }

    private static let hashByteCount = 32

    private func anchorsPath(_ end: Position) -> String { "\(directory)/anchors-\(end.index)" }

    private func attempt<Result>(_ body: () throws(FileError) -> Result) throws(ViewError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
