public import EventModel
internal import LMDB
internal import RecordFormat

/// One thing that an audit found, with the exit code of its class (``Finding/Class``).
public struct Finding: Sendable {
    /// Classes of findings; the raw value is the exit code of `rapport-replay audit`.
    public enum Class: Int32, Sendable {
        /// Something could not be checked.
        case incomplete = 2
        /// A gap or a wrong order of positions, revisions or times, or an id that stands twice.
        case order = 14
        /// Derived state that is not what the log gives: an index or a view.
        case derived = 20
        /// Damaged bytes, or storage that does not answer.
        case corruption = 40
    }

    /// The class.
    public let kind: Class
    /// Where in the log, if it is about one event.
    public let position: Position?
    /// What happened, what it means, what to do.
    public let sentences: String

    /// A finding from its parts.
    public init(_ kind: Class, at position: Position? = nil, _ sentences: String) {
        self.kind = kind
        self.position = position
        self.sentences = sentences
    }
}

/// What an audit of the log came to.
public struct LogAuditReport: Sendable {
    /// Findings that are listed; more are counted.
    public static let findingCountMax = 100

    /// Events examined.
    public internal(set) var eventCount: UInt64 = 0
    /// Streams among them.
    public internal(set) var streamCount = 0
    /// Events whose index entries were compared.
    public internal(set) var indexedEventCount: UInt64 = 0
    /// The first findings.
    public private(set) var findings: [Finding] = []
    /// All findings.
    public private(set) var findingCount = 0

    mutating func add(_ finding: Finding) {
        findingCount += 1
        if findings.count < Self.findingCountMax { findings.append(finding) }
    }
}

extension EventLog {
    /// Examines every record, and the index against the records. Reads only, repairs nothing.
    ///
    /// Checks: checksum and form of every record, both places of every dictionary, sealed fields equal to those that
    /// the record is bound to, positions without gap, revisions without gap in every
    /// stream, recorded times that never go back, ids that stand once, index entries equal to those that
    /// the records give.
    public func audit(progress: (Position, Position) -> Void) -> LogAuditReport {
        var report = LogAuditReport()
        var walk = AuditWalk()
        // The index first: what it holds then, the log holds too.
        var index = openIndexAudit(&report)
        let end = end
        var next = Position.origin
        while next < end {
            do throws(ReadError) {
                try store.forEach(from: next) { event, _ in
                    guard event.position < end else { return false }
                    walk.check(event, &report)
                    if !event.slots.isEmpty { checkSealedFields(of: event.position, &report) }
                    index?.add(event, extractor)
                    next = event.position.next
                    if next.index % 65_536 == 0 { progress(next, end) }
                    return true
                }
                if next < end { report.add(Self.missing(next)) }
                break
            } catch .corruptRecord(let position, let why) {
                report.add(
                    Finding(
                        .corruption, at: position,
                        "the record at position \(position) is damaged: \(why). It is not what was written, and "
                            + "is never served. "
                            + "Restore the log from a backup."))
                walk.skip(position)
                next = position.next
            } catch {
                report.add(Finding(.corruption, "\(error)"))
                break
            }
        }
        checkDictionaries(&report)
        if let damage { report.add(Finding(.corruption, at: end, "\(damage)")) }
        report.eventCount = next.index
        report.streamCount = walk.streamCount
        index?.compare(before: end, &report)
        return report
    }

    /// The sealed fields of an event must be those that its slots name.
    private func checkSealedFields(of position: Position, _ report: inout LogAuditReport) {
        var reader = RecordReader(store)
        var isWhole = true
        do throws(ReadError) {
            try reader.withRecord(at: position) { record in
                isWhole = (try? store.sealedFields(of: record))?.allSatisfy { $0?.isBound == true } ?? false
            }
        } catch {
            isWhole = false
        }
        guard !isWhole else { return }
        report.add(
            Finding(
                .corruption, at: position,
                "the sealed fields of the event at position \(position) are missing or damaged. They cannot be opened, "
                    + "the rest of the event is not concerned. Restore 'personal' from a backup."))
    }

    /// Each dictionary stands twice, so that one place may be damaged.
    private func checkDictionaries(_ report: inout LogAuditReport) {
        do throws(LMDBError) {
            for (id, placeCount) in try store.blocks.dictionaries.damaged() {
                let sentences =
                    placeCount == 1
                    ? "one of the two places of dictionary \(id) is damaged. Blocks are unpacked with the other one. "
                        + "Make a backup, which has both anew, and go on with it."
                    : "both places of dictionary \(id) are damaged. What was packed with it cannot be unpacked. "
                        + "Restore the log from a backup."
                report.add(Finding(.corruption, sentences))
            }
        } catch {
            report.add(
                Finding(
                    .corruption,
                    "the dictionaries could not be read: \(error). What was packed with them cannot be unpacked. "
                        + "Restore the log from a backup."))
        }
    }

    private static func missing(_ position: Position) -> Finding {
        Finding(
            .order, at: position,
            "the log ends before position \(position), which it held when the audit began. Events are missing. "
                + "Restore the log from a backup.")
    }

    private func openIndexAudit(_ report: inout LogAuditReport) -> IndexAudit? {
        do throws(IndexError) {
            return try IndexAudit(at: directory.index, of: identity, extractorVersion: extractor.version)
        } catch {
            report.add(
                Finding(
                    .incomplete,
                    "the index was not compared: \(error). The log itself is not concerned. "
                        + "Start rapportd once, which builds the index, and audit again."))
            return nil
        }
    }
}

/// What must hold from one event to the next.
private struct AuditWalk {
    private var revisions: [StreamName: UInt64] = [:]
    private var ids: [EventKey: Position] = [:]
    private var recorded = Timestamp(milliseconds: .min)
    private var isAfterDamage = false

    var streamCount: Int { revisions.count }

    /// Notes that a record could not be read, so that its stream's gap is not told twice.
    mutating func skip(_ position: Position) { isAfterDamage = true }

    mutating func check(_ event: RecordedEvent, _ report: inout LogAuditReport) {
        let expected = revisions[event.stream] ?? 0
        if event.revision.index != expected, !isAfterDamage {
            report.add(
                Finding(
                    .order, at: event.position,
                    "the event at position \(event.position) has revision \(event.revision) where its stream "
                        + "goes on with \(expected). "
                        + "The stream has a gap or a second copy. Restore the log from a backup."))
        }
        revisions[event.stream] = event.revision.index + 1
        if event.recorded < recorded {
            report.add(
                Finding(
                    .order, at: event.position,
                    "the event at position \(event.position) was recorded before the one in front of it. The "
                        + "order of recording is broken. "
                        + "Find out who changed the log's file."))
        }
        recorded = max(recorded, event.recorded)
        if let first = ids.updateValue(event.position, forKey: event.content.key) {
            report.add(
                Finding(
                    .order, at: event.position,
                    "the events at positions \(first) and \(event.position) have the same source and id. One of "
                        + "them is a second copy. "
                        + "Find out who changed the log's file."))
        }
    }
}
