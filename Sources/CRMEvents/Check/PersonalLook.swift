public import EventModel

extension Catalog {
    /// Refuses a stream name that looks personal, because names are kept forever and cannot be sealed.
    public static func checkName(_ stream: StreamName) throws(InvalidName) {
        if looksPersonal(stream.text) { throw InvalidName(what: "stream name", problem: .looksPersonal) }
    }

    /// Refuses an event's own id that looks personal, for the same reason. Its length and bytes are not checked.
    public static func checkName(eventID: String) throws(InvalidName) {
        if looksPersonal(eventID) { throw InvalidName(what: "event id", problem: .looksPersonal) }
    }
}

/// Whether a name looks like an e-mail address or a telephone number (CATALOG.md section 2).
///
/// That is: `@` anywhere; `+` and somewhere after it seven digits in a row; or a maximal run of exactly eleven
/// digits that form a mainland mobile number, `1[3-9]` and nine more. Other numbers are legal: old systems
/// have numeric ids.
func looksPersonal(_ name: String) -> Bool {
    var digitCount = 0
    var startsLikeMobile = false
    var hasPlus = false
    for byte in name.utf8 {
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

/// Digits of a mainland Chinese mobile number without its country code.
private let mobileDigitCount = 11
