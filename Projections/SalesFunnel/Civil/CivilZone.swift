import DurableFiles
import EventModel
import ProjectionRuntime

/// The civil days of a time zone: where the days and months of a report begin.
struct CivilZone {
    /// The name in the tz database, such as `Asia/Shanghai`.
    let name: String
    /// The version of the tz database; `nil` in UTC, which needs none.
    let release: String?
    private let file: ZoneFile?

    /// Days of 24 hours.
    static let utc = CivilZone(name: "UTC", release: nil, file: nil)

    /// Where the system keeps the tz database.
    static let directory = "/usr/share/zoneinfo"

    /// Finds a zone in the system's tz database.
    static func named(_ name: String) throws(ViewError) -> CivilZone {
        guard name != "UTC" else { return utc }
        let unknown = ViewError.badParameter(
            name: "time_zone", found: "not a zone of this machine's tz database",
            allowed: "UTC, or a name such as Asia/Shanghai (package tzdata)")
        let isName = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/")].contains($0)
            }
        }
        guard isName, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("/") else { throw unknown }
        guard let bytes = read(name), let file = ZoneFile(bytes) else { throw unknown }
        let firstLine = read("tzdata.zi").map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
        return CivilZone(name: name, release: firstLine?.split(separator: " ").last.map(String.init), file: file)
    }

    private static func read(_ name: String) -> [UInt8]? {
        do throws(FileError) {
            return try DurableFiles.read("\(directory)/\(name)")
        } catch {
            return nil
        }
    }

    /// The civil day of a moment in milliseconds since the epoch.
    func day(of milliseconds: Int64) -> CivilDay {
        let seconds = milliseconds.floorDivided(by: 1000)
        return CivilDay(daysSinceEpoch: Int((seconds.adding(offset(at: seconds))).floorDivided(by: 86_400)))
    }

    /// The civil month of a moment, as `2026-01`.
    func month(of milliseconds: Int64) -> String { String(day(of: milliseconds).description.dropLast(3)) }

    /// The first moment of a civil day, in milliseconds since the epoch: where the clock skips midnight, the moment
    /// after the gap; where midnight comes twice, the first.
    func start(of day: CivilDay) -> Int64 {
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
        let next = file.transitions.firstIndex { moment < $0.at } ?? file.transitions.endIndex
        if next == file.transitions.endIndex, let rule = file.rule { return rule.offset(at: moment) }
        return next == 0 ? file.firstOffset : file.transitions[next - 1].offset
    }
}
