internal import DurableFiles
internal import EventModel
internal import RecordFormat

/// What the journal's files hold behind the sealed events.
///
/// Every page of both files is looked at, so that a damaged frame does not hide those behind it: where a frame
/// is missing between others, acknowledged events are lost, and the log is not opened.
struct RecoveredJournal {
    /// The commits that are not sealed yet, without gap.
    private(set) var runs: [RecordRun] = []
    /// What is missing behind the last run although it was acknowledged; `nil` if nothing is.
    private(set) var damage: OpenError?
    /// The position after the newest frame of each file.
    private(set) var ends: [Position] = [.origin, .origin]
    /// The file that was written last, and where the next frame goes.
    private(set) var active = 0
    private(set) var offset = 0

    /// Reads the files of a log's directory.
    ///
    /// - Parameters:
    ///   - log: the log's identity. Frames of another log are none.
    ///   - sealedEnd: asked after the files were read, so that a writer that seals meanwhile leaves no gap.
    /// - Throws: what the files or the blocks answer; what is missing is ``damage``.
    init(in directory: String, of log: String, sealedEnd: () throws(OpenError) -> Position) throws(OpenError) {
        var found: [(run: RecordRun, file: Int, end: Int)] = []
        // The stamp first: what it says now, the files hold or the blocks do.
        let stamped = try Self.read(Journal.stampPath(in: directory)).flatMap(EndStamp.position)
        for (place, path) in Journal.paths(in: directory).enumerated() {
            guard let bytes = try Self.read(path) else { continue }
            for (run, end) in Self.frames(of: log, in: bytes) { found.append((run, place, end)) }
        }
        let sealed = try sealedEnd()
        for frame in found { ends[frame.file] = max(ends[frame.file], frame.run.end) }
        found.sort { $0.run.first < $1.run.first }
        var end = sealed
        for frame in found where frame.run.end > sealed {
            // The oldest frame may be sealed in part.
            guard frame.run.first == end || frame.run.first < end && runs.isEmpty else {
                damage = .damagedRecord(end, "the journal does not hold it whole, but holds events behind it")
                return
            }
            runs.append(frame.run)
            end = frame.run.end
            (active, offset) = (frame.file, frame.end)
        }
        if let stamped, stamped > end {
            damage = .damagedEnd(end, "it was acknowledged, and the journal does not hold it whole")
        }
        if runs.isEmpty, let last = found.last { (active, offset) = (last.file, last.end) }
    }

    private static func read(_ path: String) throws(OpenError) -> [UInt8]? {
        do throws(FileError) {
            return try DurableFiles.read(path)
        } catch {
            throw .storage(error.description)
        }
    }

    /// Every valid frame of a log in a file, and where its pages end.
    private static func frames(of log: String, in bytes: [UInt8]) -> [(run: RecordRun, end: Int)] {
        var frames: [(RecordRun, Int)] = []
        let span = bytes.span
        var offset = 0
        while offset + JournalFrame.pageByteCount <= bytes.count {
            guard let (_, byteCount) = JournalFrame.announced(span.extracting(offset..<bytes.count)),
                byteCount <= bytes.count - offset,
                let run = try? JournalFrame.run(Array(bytes[offset..<offset + byteCount]), of: log), run.count > 0
            else {
                offset += JournalFrame.pageByteCount
                continue
            }
            offset += JournalFrame.paddedByteCount(byteCount)
            frames.append((run, offset))
        }
        return frames
    }
}
