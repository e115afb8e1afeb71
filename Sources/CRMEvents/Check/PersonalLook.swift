import CanonicalJSON
public import EventModel

extension Catalog {
    /// Refuses a stream name that looks personal, because names are kept forever and cannot be sealed.
    public static func checkName(_ stream: StreamName) throws(InvalidName) {
        if looksPersonal(stream.text) { throw InvalidName(what: "stream name", problem: .looksPersonal) }
    }

    /// Refuses a stream name, given as its UTF-8 bytes, that looks personal.
    public static func checkName(stream: Span<UInt8>) throws(InvalidName) {
        if looksPersonal(stream) { throw InvalidName(what: "stream name", problem: .looksPersonal) }
    }

    /// Refuses an event's own id, given as its UTF-8 bytes, that looks personal.
    public static func checkName(eventID: Span<UInt8>) throws(InvalidName) {
        if looksPersonal(eventID) { throw InvalidName(what: "event id", problem: .looksPersonal) }
    }

    /// Refuses an event's own id that looks personal, for the same reason. Its length and bytes are not checked.
    public static func checkName(eventID: String) throws(InvalidName) {
        if looksPersonal(eventID) { throw InvalidName(what: "event id", problem: .looksPersonal) }
    }
}

/// Whether a name looks like an e-mail address or a telephone number (CATALOG.md section 2).
func looksPersonal(_ name: String) -> Bool { looksPersonal(name.utf8.span) }

/// Whether a name looks like an e-mail address or a telephone number (CATALOG.md section 2).
func looksPersonal(_ name: Span<UInt8>) -> Bool {
    // Names proper hold neither `@` nor `+`, so only a mobile number can be personal in them.
    Surrogate.bytes.containsAll(of: name) ? holdsMobileNumber(name) : holdsContact(name)
}

/// Whether a text holds an e-mail address or a telephone number.
///
/// That is: `@` anywhere; `+` and somewhere after it seven digits in a row; or a maximal run of exactly eleven
/// digits that form a mainland mobile number, `1[3-9]` and nine more. Other numbers are legal: old systems
/// have numeric ids.
private func holdsContact(_ name: Span<UInt8>) -> Bool {
    var digitCount = 0
    var startsLikeMobile = false
    var hasPlus = false
    for index in name.indices {
        let byte = name[index]
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            digitCount += 1
            switch digitCount {
            case 1: startsLikeMobile = byte == UInt8(ascii: "1")
            case 2: startsLikeMobile = startsLikeMobile && byte >= UInt8(ascii: "3")
            default: break
            }
            if hasPlus && digitCount == 7 { return true }
        case UInt8(ascii: "@"): return true
        default:
            if digitCount == mobileDigitCount && startsLikeMobile { return true }
            digitCount = 0
            hasPlus = hasPlus || byte == UInt8(ascii: "+")
        }
    }
    return digitCount == mobileDigitCount && startsLikeMobile
}

/// Whether a maximal run of exactly eleven digits forms a mainland mobile number.
///
/// Such a run covers one of every eleven bytes, so most names are settled by a look at two of theirs.
func holdsMobileNumber(_ name: Span<UInt8>) -> Bool {
    func isDigit(_ index: Int) -> Bool { name[index] &- UInt8(ascii: "0") < 10 }
    var index = mobileDigitCount - 1
    while index < name.count {
        if isDigit(index) {
            var (start, end) = (index, index + 1)
            // One digit too many settles it, so a long run costs no more than a short one.
            while start > 0, end - start <= mobileDigitCount, isDigit(start - 1) { start -= 1 }
            while end < name.count, end - start <= mobileDigitCount, isDigit(end) { end += 1 }
            if end - start == mobileDigitCount, name[start] == UInt8(ascii: "1"), name[start + 1] >= UInt8(ascii: "3") {
                return true
            }
        }
        index += mobileDigitCount
    }
    return false
}

/// Digits of a mainland Chinese mobile number without its country code.
private let mobileDigitCount = 11
