internal import DurableFiles
internal import EventModel
internal import MappedFiles
internal import RecordFormat
internal import Synchronization

/// The directory of the index: segment files, and the manifest that names them.
///
/// Invariants
/// 1. A file that the manifest names is complete and on disk before the manifest that names it.
/// 2. A file is removed after a manifest without it is on disk. Whatever the manifest does not name is
///    litter of a crash and is removed when the directory is opened for writing.
/// 3. One process writes; it calls ``commit(_:)`` for one list of segments after the other.
final class SegmentStore: Sendable {
    /// Neighbours of one tier that are merged into one of the next.
    static let mergeCount = 4
    /// Neighbours that one merge takes at most, when many have come together.
    static let mergeCountMax = 8

    /// The segments that were there when the directory was opened.
    let opened: [Segment]
    let hasher: TermHasher
    private let directory: String
    /// What the index is built from and with; its segments are those that were opened.
    private let origin: Manifest
    private let isReadOnly: Bool
    /// Slots in use: named by the manifest, or being written.
    private let slots: Mutex<Set<UInt64>>

    /// Opens the index of a directory. Opened for writing, it goes on with what is whole of it: a damaged
    /// segment and those behind it are dropped, to be built again from the log.
    ///
    /// - Parameter log: the log's identity. The index of another log is as good as none.
    init(at directory: String, of log: String, extractorVersion: UInt32, isReadOnly: Bool) throws(IndexError) {
        self.directory = directory
        self.isReadOnly = isReadOnly
        let manifest = try Self.manifest(
            at: directory, XXH64.hash(Array(log.utf8).span), UInt64(extractorVersion), isReadOnly: isReadOnly)
        origin = manifest
        var opened: [Segment] = []
        for entry in manifest.segments {
            do throws(IndexError) {
                opened.append(
                    try Segment(
                        entry, at: Self.path(directory, entry.slot), seed: manifest.seed, isReadOnly: isReadOnly))
            } catch .damaged where !isReadOnly {
                break
            }
        }
        self.opened = opened
        hasher = TermHasher(seed: manifest.seed)
        let used = Set(opened.map(\.entry.slot))
        slots = Mutex(used)
        guard !isReadOnly else { return }
        try commit(opened)
        for slot in 0..<Manifest.slotCount where !used.contains(slot) {
            NewFile.removeUnnamed(Self.path(directory, slot))
        }
    }

    /// The manifest of a directory; a fresh one, with a new seed, if there is none that is valid.
    private static func manifest(
        at directory: String, _ log: UInt64, _ extractorVersion: UInt64, isReadOnly: Bool
    ) throws(IndexError) -> Manifest {
        let bytes: [UInt8]?
        do throws(FileError) {
            bytes = try DurableFiles.read(directory + "/MANIFEST")
        } catch {
            throw .storage(error.description)
        }
        let stored = bytes.flatMap { Manifest($0) }
        if let stored, stored.log == log, stored.extractorVersion == extractorVersion { return stored }
        guard !isReadOnly else {
            throw .missing(
                stored.map {
                    $0.log == log ? "it was built by another version of the catalog" : "it was built from another log"
                } ?? "it has no manifest")
        }
        return Manifest(extractorVersion: extractorVersion, seed: .random(in: 0 ... .max), log: log)
    }

    /// Makes these segments the ones that the next opening finds.
    func commit(_ segments: [Segment]) throws(IndexError) {
        var manifest = origin
        manifest.segments = segments.map(\.entry)
        do throws(FileError) {
            try DurableFiles.replace(directory + "/MANIFEST", with: manifest.bytes)
        } catch {
            throw .storage(error.description)
        }
    }

    /// Removes the files of segments that no manifest names any more. Who still reads them goes on reading.
    func remove(_ segments: [Segment]) {
        for segment in segments { release(segment.entry.slot) }
    }

    /// Writes a tail as a segment of tier 0, not yet named by the manifest.
    func write(_ tail: IndexTail) throws(IndexError) -> Segment {
        let entries = tail.sortedEntries()
        return try write(tier: 0, tail.start..<tail.end, keyCountMax: UInt64(entries.count)) {
            (writer: inout SegmentWriter) throws(IndexError) in
            for entry in entries { try writer.add(ShortKey(of: entry).number, tail.start + ShortKey.offset(of: entry)) }
        }
    }

    /// Merges neighbours into a segment of the next tier, not yet named by the manifest, in the memory of
    /// one block per input. `nil` if it was told to stop.
    func merge(_ segments: [Segment], until isStopped: () -> Bool) throws(IndexError) -> Segment? {
        guard let first = segments.first, let last = segments.last else { return nil }
        let keyCountMax = segments.reduce(0) { $0 + $1.footer.keyCount }
        do throws(IndexError) {
            return try write(tier: first.entry.tier + 1, first.start..<last.end, keyCountMax: keyCountMax) {
                (writer: inout SegmentWriter) throws(IndexError) in
                var merge = try SegmentMerge(segments)
                while try merge.step(into: &writer) {
                    if isStopped() { throw Self.stopped }
                }
            }
        } catch Self.stopped {
            return nil
        }
    }

    private static let stopped = IndexError.storage("the merge was stopped")

    private func write(
        tier: UInt64, _ range: Range<UInt64>, keyCountMax: UInt64,
        _ fill: (inout SegmentWriter) throws(IndexError) -> Void
    ) throws(IndexError) -> Segment {
        let slot = try takeSlot()
        let path = Self.path(directory, slot)
        do throws(IndexError) {
            var writer = try SegmentWriter(
                at: path, seed: hasher.seed, start: range.lowerBound, end: range.upperBound, keyCountMax: keyCountMax)
            try fill(&writer)
            let footer = try writer.finish()
            let entry = Manifest.Segment(
                slot: slot, tier: tier, start: range.lowerBound, end: range.upperBound, checksum: footer.checksum)
            return try Segment(entry, at: path, seed: hasher.seed, isReadOnly: isReadOnly)
        } catch {
            release(slot)
            throw error
        }
    }

    private func takeSlot() throws(IndexError) -> UInt64 {
        let slot = slots.withLock { used -> UInt64? in
            let free = (0..<Manifest.slotCount).first { !used.contains($0) }
            if let free { used.insert(free) }
            return free
        }
        guard let slot else { throw .storage("all \(Manifest.slotCount) files of the index are in use") }
        return slot
    }

    private func release(_ slot: UInt64) {
        NewFile.removeUnnamed(Self.path(directory, slot))
        slots.withLock { _ = $0.remove(slot) }
    }

    private static func path(_ directory: String, _ slot: UInt64) -> String { "\(directory)/segment-\(slot)" }
}

extension SegmentStore {
    /// Which neighbours are to be merged next: the newest that are many enough of one tier and whole.
    static func mergeable(_ segments: [Segment]) -> Range<Int>? {
        var end = segments.count
        while end > 0 {
            var start = end - 1
            while start > 0, segments[start - 1].entry.tier == segments[start].entry.tier { start -= 1 }
            let stop = min(end, start + mergeCountMax)
            if end - start >= mergeCount, !segments[start..<stop].contains(where: \.isDamaged) { return start..<stop }
            end = start
        }
        return nil
    }
}
