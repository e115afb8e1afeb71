internal import DurableFiles
public import EventModel

/// The civil days of a time zone: where the days and months of a report begin.
public struct CivilZone: Sendable {
    /// The name in the tz database, such as `Asia/Shanghai`.
    public let name: String
    /// The version of the tz database; `nil` in UTC, which needs none.
    public let release: String?
    private let file: ZoneFile?

    /// Days of 24 hours.
    public static let utc = CivilZone(name: "UTC", release: nil, file: nil)

    /// Where the system keeps the tz database.
    public static let directory = "/usr/share/zoneinfo"

    private init(name: String, release: String?, file: ZoneFile?) {
        (self.name, self.release, self.file) = (name, release, file)
    }

    /// Finds a zone in the system's tz database; `nil` if the machine has none of this name.
    public init?(named name: String) {
        guard name != "UTC" else {
            self = .utc
            return
        }
        let isName = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/")].contains($0)
            }
        }
        guard isName, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("/"), let bytes = Self.read(name),
            let file = ZoneFile(bytes)
        else { return nil }
        let firstLine = Self.read("tzdata.zi").map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
        self.init(name: name, release: firstLine?.split(separator: " ").last.map(String.init), file: file)
    }

    private static func read(_ name: String) -> [UInt8]? {
        do throws(FileError) {
            return try DurableFiles.read("\(directory)/\(name)")
        } catch {
            return nil
        }
    }

    /// The civil day of a moment in milliseconds since the epoch.
    public func day(of milliseconds: Int64) -> CivilDay {
        let seconds = milliseconds.floorDivided(by: 1000)
        return CivilDay(daysSinceEpoch: Int((seconds.adding(offset(at: seconds))).floorDivided(by: 86_400)))
    }

    /// The civil month of a moment, as `2026-01`.
    public func month(of milliseconds: Int64) -> String { String(day(of: milliseconds).description.dropLast(3)) }

    /// The first moment of a civil day, in milliseconds since the epoch: where the clock skips midnight, the moment
    /// after the gap; where midnight comes twice, the first.
    public func start(of day: CivilDay) -> Int64 {
        let midnight = Int64(day.daysSinceEpoch) * 86_400
        let offsets = [offset(at: midnight - 86_400), offset(at: midnight + 86_400)]
        let starts = offsets.filter { offset(at: midnight - $0) == $0 }.map { midnight - $0 }
        if let start = starts.min() { return start * 1000 }
        // The clock skips midnight somewhere between the two: local time only grows there.
        var (before, after) = (midnight - 86_400, midnight + 86_400)
        while after - before > 1 {
            let middle = (before + after) / 2
            if middle + offset(at: middle) < midnight { before = middle } else { after = middle }
        }
        return after * 1000
    }

    /// Seconds east of UTC at a moment in seconds since the epoch.
    private func offset(at moment: Int64) -> Int64 {
        guard let file else { return 0 }
        let next = file.firstTransition(after: moment)
        if next == file.transitions.endIndex, let rule = file.rule { return rule.offset(at: moment) }
        return next == 0 ? file.firstOffset : file.transitions[next - 1].offset
    }
}

/// Two zones are the same if their days are: of one name by one version of the database.
extension CivilZone: Hashable {
    public static func == (left: CivilZone, right: CivilZone) -> Bool {
        left.name == right.name && left.release == right.release
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(release)
    }
}

extension Int64 {
    /// The sum, at the end of the range where it lies beyond.
    fileprivate func adding(_ other: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other > 0 ? .max : .min) : sum
    }
}
