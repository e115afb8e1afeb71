internal import DurableFiles
internal import EventModel
internal import RecordFormat

/// The newest commits, synced one by one: two files of ``JournalFrame``s that are written in turn.
///
/// Invariants
/// 1. A frame is on disk when ``append(_:)`` returns: one write is one barrier.
/// 2. A file is written anew only when everything in it is sealed (``LogStore``), so the log's events are
///    those sealed and, behind them without gap, those of the frames in the two files.
/// 3. The stamp `end` never says more than what is on disk. What it says and recovery does not find was lost
///    after its acknowledgement, and the log says so instead of going on without it.
///
/// It belongs to whoever carries the commit (``Writer``).
final class Journal {
    /// Bytes of a file at first.
    static let firstByteCount = 1 << 20
    /// Bytes by which a file grows.
    static let stepByteCount = 4 << 20
    /// Bytes of a file, at most: room for two parts of the largest events (``SealedBlock``).
    static let fileByteCountMax = 40 << 20

    private let directory: String
    private let files: [SyncedFile]
    private let stamp: StampFile
    /// The position after the newest frame of each file.
    private var ends: [Position]
    private var active: Int
    private var offset: Int

    /// Opens the files behind what recovery found in them.
    init(in directory: String, after recovered: RecoveredJournal) throws(FileError) {
        self.directory = directory
        var files: [SyncedFile] = []
        for path in Self.paths(in: directory) { files.append(try SyncedFile(path)) }
        self.files = files
        stamp = try StampFile(Self.stampPath(in: directory))
        ends = recovered.ends
        active = recovered.active
        offset = recovered.offset
        try files[active].grow(to: Self.firstByteCount)
        try DurableFiles.syncDirectory(directory)
    }

    static func paths(in directory: String) -> [String] { [directory + "/journal-0", directory + "/journal-1"] }
    static func stampPath(in directory: String) -> String { directory + "/end" }

    /// Bytes of both files on disk.
    var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// The position up to which events must be sealed before a frame of this size can be written; `nil` if it
    /// can be written now.
    func sealingNeeded(for frameByteCount: Int) -> Position? {
        fits(frameByteCount, at: offset) ? nil : ends[1 - active]
    }

    /// Makes the place for a frame: turns to the other file when this one is full, and grows it with zeros.
    ///
    /// - Precondition: what ``sealingNeeded(for:)`` names is sealed.
    /// - Throws: ``FileError``; nothing that stands was touched.
    func prepare(for frameByteCount: Int) throws(FileError) {
        if !fits(frameByteCount, at: offset) {
            active = 1 - active
            offset = 0
        }
        let next = offset + JournalFrame.paddedByteCount(frameByteCount)
        guard next > files[active].byteCount else { return }
        try files[active].grow(to: max(next, min(next + Self.stepByteCount, Self.fileByteCountMax)))
    }

    /// Writes a frame; returns after the disk has it.
    ///
    /// - Precondition: ``prepare(for:)`` has made its place.
    func append(_ frame: [UInt8], end: Position) throws(FileError) {
        let next = offset + JournalFrame.paddedByteCount(frame.count)
        try files[active].write(frame, at: offset)
        offset = next
        ends[active] = end
        stamp.write(EndStamp.bytes(end))
    }

    /// Gives back the space of files whose every event is sealed.
    func shrink(sealedEnd: Position) throws(FileError) {
        for place in files.indices where ends[place] <= sealedEnd {
            if place == active { offset = 0 }
            try files[place].shrink(to: 0)
        }
        try files[active].grow(to: Self.firstByteCount)
    }

    private func fits(_ frameByteCount: Int, at offset: Int) -> Bool {
        // A frame larger than a file goes into one alone.
        offset == 0 || offset + JournalFrame.paddedByteCount(frameByteCount) <= Self.fileByteCountMax
    }
}

/// The position after the newest acknowledged event: u64 position ‖ u64 XXH64 of it, little-endian.
enum EndStamp {
    static func bytes(_ end: Position) -> [UInt8] {
        let position = littleEndian(end.index)
        return position + littleEndian(XXH64.hash(position.span))
    }

    /// The position; `nil` for bytes that are no whole stamp.
    static func position(_ bytes: [UInt8]) -> Position? {
        guard bytes.count >= 16 else { return nil }
        let end = Position(bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        return self.bytes(end) == Array(bytes[..<16]) ? end : nil
    }

    private static func littleEndian(_ number: UInt64) -> [UInt8] { number.bigEndianBytes.reversed() }
}
