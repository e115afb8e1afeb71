internal import CanonicalJSON
internal import DurableFiles
internal import EventModel
internal import Foundation
internal import TransparencyLog

/// The kept snapshots of a data directory: `views/snapshots/NAME-vVERSION-EVENTS/`, each the environment of a
/// generation that nobody writes any more and a file `STATE` that says what it holds; and
/// `views/snapshots/anchors-EVENTS`, whose the streams are by then, behind the RFC 6962 leaf hash of their form, the
/// log's identity and them. All of it can be deleted at any time.
struct SnapshotStore: Sendable {
    private let directory: String

    /// Those beside the generations of a `views` directory.
    init(_ views: String) { directory = views + "/snapshots" }

    /// Those of a view in this version, the one with the fewest events first.
    func snapshots(of model: any ReadModel.Type) -> [KeptSnapshot] {
        snapshots(named: model.name).filter { $0.version == model.version }
    }

    /// Those of a view in any version, by version and number of events.
    func snapshots(named view: String) -> [KeptSnapshot] {
        let names = (try? DurableFiles.names(in: directory)) ?? []
        let found: [KeptSnapshot] = names.filter { $0.hasPrefix(view + "-v") }.compactMap { name in
            let numbers = name.dropFirst(view.count + 2).split(separator: "-")
            guard numbers.count == 2, let version = UInt32(numbers[0]), let eventCount = UInt64(numbers[1]),
                let state = try? DurableFiles.read("\(directory)/\(name)/STATE"),
                let snapshot = KeptSnapshot(view, version, state), snapshot.eventCount == eventCount
            else { return nil }
            return snapshot
        }
        return found.sorted { ($0.version, $0.eventCount) < ($1.version, $1.eventCount) }
    }

    /// The directory of a snapshot.
    func path(_ view: String, _ version: UInt32, _ eventCount: UInt64) -> String {
        "\(directory)/\(view)-v\(version)-\(eventCount)"
    }

    /// The right to fold and to remove snapshots of a view; one process at a time.
    func lock(_ view: String) throws(ViewError) -> FileLock {
        let lock = try attempt { () throws(FileError) in
            try DurableFiles.makeDirectory(directory)
            return try DurableFiles.lock("\(directory)/\(view).lock")
        }
        guard let lock else { throw .snapshotsInUse(view) }
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
        let goal = self.path(model.name, model.version, snapshot.eventCount)
        try? FileManager.default.removeItem(atPath: goal)
        try attempt { () throws(FileError) in
            try DurableFiles.replace(path + "/STATE", with: snapshot.json.canonicalBytes)
            try DurableFiles.move(path, to: goal)
        }
    }

    /// Deletes a snapshot, and whose the streams were by then unless one of another view stands there too. Whoever
    /// copies it meanwhile finds a copy that is not what was kept.
    func remove(_ snapshot: KeptSnapshot) throws(ViewError) {
        let lock = try lock(snapshot.name)
        defer { withExtendedLifetime(lock) {} }
        let path = self.path(snapshot.name, snapshot.version, snapshot.eventCount)
        try attempt { () throws(FileError) in
            for name in try DurableFiles.names(in: path) { try DurableFiles.remove("\(path)/\(name)") }
            try DurableFiles.removeDirectory(path)
            let others = try DurableFiles.names(in: directory)
            guard !others.contains(where: { $0.hasSuffix("-\(snapshot.eventCount)") && !$0.hasPrefix("anchors-") })
            else { return }
            try DurableFiles.remove(anchorsPath(Position(snapshot.eventCount)))
        }
    }

    /// Bytes of a snapshot's files.
    func byteCount(of snapshot: KeptSnapshot) -> Int {
        let path = self.path(snapshot.name, snapshot.version, snapshot.eventCount)
        let names = (try? DurableFiles.names(in: path)) ?? []
        return names.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    /// Copies the rows of the nearest snapshot within bounds into an empty directory; where there is none, or the copy
    /// is not what was kept, to the bit, the directory stays empty.
    func begin(
        _ model: any ReadModel.Type, at path: String, from log: String, _ bounds: ReplayBounds
    ) throws(ViewError) -> Generation {
        let rows = path + "/data.mdb"
        if let nearest = snapshots(of: model).last(where: { $0.isWithin(bounds) }) {
            let kept = self.path(model.name, model.version, nearest.eventCount) + "/data.mdb"
            if (try? FileManager.default.copyItem(atPath: kept, toPath: rows)) != nil,
                let generation = try? Generation(at: path, of: model, from: log),
                let state = try? generation.state(), KeptSnapshot(model, state) == nearest
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
        guard let packed = log.packedAnchors(before: end) else { return }
        let hash = hash(of: packed, log)
        try attempt { () throws(FileError) in try DurableFiles.replace(anchorsPath(end), with: hash + packed) }
    }

    /// Hands a log the anchors that were kept for a position, unless it knows them; where none are kept, or the bytes
    /// are not what was written, it finds them itself.
    func restoreAnchors(of log: DecodedLog, before start: Position) {
        guard start > .origin, !log.knowsAnchors(before: start),
            let bytes = try? DurableFiles.read(anchorsPath(start)), bytes.count >= Self.hashByteCount
        else { return }
        let packed = Array(bytes[Self.hashByteCount...])
        guard hash(of: packed, log).elementsEqual(bytes[..<Self.hashByteCount]) else { return }
        log.adopt(packed, before: start)
    }

    private static let hashByteCount = 32

    /// Which parties are anchors; one more than before wherever that changes, so that what was kept by the rules of an
    /// older build is found anew.
    private static let anchorForm: UInt8 = 2

    private func hash(of packed: [UInt8], _ log: DecodedLog) -> [UInt8] {
        Array(MerkleTree.leafHash([Self.anchorForm] + Array(log.source.identity.utf8) + packed))
    }

    private func anchorsPath(_ end: Position) -> String { "\(directory)/anchors-\(end.index)" }

    private func attempt<Result>(_ body: () throws(FileError) -> Result) throws(ViewError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
