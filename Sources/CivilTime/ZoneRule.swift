internal import EventModel

/// When a zone changes its offset every year, as the last line of a TZif file says: the `TZ` text of POSIX 8.3, such
/// as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Equatable {
    /// A moment of every year.
    struct Turn: Equatable {
        enum Day: Equatable {
            /// The week (1 to 4, 5 is the last) and the weekday (0 is Sunday) of a month.
            case weekday(month: Int, week: Int, weekday: Int)
            /// From 1 to 365, February 29 never counted.
            case withoutLeapDay(Int)
            /// From 0 to 365.
            case ofYear(Int)
        }

        let day: Day
        /// Seconds after midnight, by the clock before the turn.
        let seconds: Int64
    }

    /// Seconds east of UTC in standard time, and in summer time.
    let standard: Int64
    let summer: Int64
    /// When summer time begins and ends; `nil` in a zone without.
    let turns: (begin: Turn, end: Turn)?

    static func == (left: ZoneRule, right: ZoneRule) -> Bool {
        left.standard == right.standard && left.summer == right.summer && left.turns?.begin == right.turns?.begin
            && left.turns?.end == right.turns?.end
    }

    /// Reads the text; `nil` when it is not one.
    init?(_ text: String) {
        var rest = text[...]
        guard rest.takeName(), let west = rest.takeDuration() else { return nil }
        standard = -west
        guard !rest.isEmpty else {
            summer = standard
            turns = nil
            return
        }
        guard rest.takeName() else { return nil }
        summer = rest.first == "," ? standard + 3600 : -(rest.takeDuration() ?? -standard - 3600)
        let parts = rest.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, let begin = Turn(parts[1]), let end = Turn(parts[2]) else {
            return nil
        }
        turns = (begin, end)
    }

    /// Seconds east of UTC at a moment in seconds since the epoch.
    func offset(at moment: Int64) -> Int64 {
        guard let turns else { return standard }
        let day = CivilDay(daysSinceEpoch: Int((moment + standard).floorDivided(by: 86_400)))
        let year = day.components.year
        let (begin, end) = (turns.begin.moment(in: year) - standard, turns.end.moment(in: year) - summer)
        let isSummer = begin < end ? moment >= begin && moment < end : moment >= begin || moment < end
        return isSummer ? summer : standard
    }
}

extension ZoneRule.Turn {
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard let first = parts.first else { return nil }
        if first.hasPrefix("M") {
            let numbers = first.dropFirst().split(separator: ".").compactMap { Int($0) }
            guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
                (0...6).contains(numbers[2])
            else { return nil }
            day = .weekday(month: numbers[0], week: numbers[1], weekday: numbers[2])
        } else if first.hasPrefix("J") {
            guard let number = Int(first.dropFirst()), (1...365).contains(number) else { return nil }
            day = .withoutLeapDay(number)
        } else {
            guard let number = Int(first), (0...365).contains(number) else { return nil }
            day = .ofYear(number)
        }
        guard parts.count == 2 else {
            seconds = 7200
            return
        }
        var rest = parts[1]
        guard let duration = rest.takeDuration(), rest.isEmpty else { return nil }
        seconds = duration
    }

    /// The moment in a year, in seconds since the epoch as if local time were UTC.
    fileprivate func moment(in year: Int) -> Int64 {
        Int64(daysSinceEpoch(in: year)) * 86_400 + seconds
    }

    private func daysSinceEpoch(in year: Int) -> Int {
        let newYear = firstDay(ofMonth: 1, in: year)
        switch day {
        case .ofYear(let number): return newYear + number
        case .withoutLeapDay(let number):
            let isLeap = firstDay(ofMonth: 3, in: year) - newYear == 60
            return newYear + number - 1 + (isLeap && number > 59 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = firstDay(ofMonth: month, in: year)
            // 1970-01-01 was a Thursday, day 4 of the week.
            let toWeekday = ((weekday - (first + 4)) % 7 + 7) % 7
            let day = first + toWeekday + 7 * (week - 1)
            let next = month == 12 ? firstDay(ofMonth: 1, in: year + 1) : firstDay(ofMonth: month + 1, in: year)
            return day < next ? day : day - 7
        }
    }

    private func firstDay(ofMonth month: Int, in year: Int) -> Int {
        CivilDay(year: year, month: month, day: 1)?.daysSinceEpoch ?? 0
    }
}

extension Substring {
    /// Takes the name of a time: letters, or anything between angle brackets.
    fileprivate mutating func takeName() -> Bool {
        if first == "<" {
            guard let end = firstIndex(of: ">") else { return false }
            self = self[index(after: end)...]
            return true
        }
        let name = prefix { $0.isASCII && $0.isLetter }
        self = dropFirst(name.count)
        return name.count >= 3
    }

    /// Takes hours, and perhaps minutes and seconds, as seconds.
    fileprivate mutating func takeDuration() -> Int64? {
        let isNegative = first == "-"
        if first == "-" || first == "+" { self = dropFirst() }
        let text = prefix { $0.isASCII && $0.isNumber || $0 == ":" }
        self = dropFirst(text.count)
        let numbers = text.split(separator: ":").compactMap { Int64($0) }
        guard (1...3).contains(numbers.count), numbers[0] <= 167 else { return nil }
        let seconds = zip(numbers, [3600, 60, 1]).reduce(Int64(0)) { $0 + $1.0 * $1.1 }
        return isNegative ? -seconds : seconds
    }
}
