import CanonicalJSON
import EventModel

/// Integers as people read them.
enum Quantities {
    /// Digits in groups of three: 1234567 is 1,234,567.
    static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return number < 0 ? "-" + result : result
    }

    /// A count, or a dash where there is none.
    static func count(_ json: JSON?) -> String { json?.integer.map(grouped) ?? "–" }

    /// Minor units in the currency's own decimals (ISO 4217): 123456 CNY is 1,234.56 CNY.
    static func money(_ amount: Int64, _ currency: String) -> String {
        let decimals = ["JPY", "KRW", "VND", "CLP", "ISK"].contains(currency) ? 0 : threeDecimals(currency) ? 3 : 2
        var scale: Int64 = 1
        for _ in 0..<decimals { scale *= 10 }
        let (whole, rest) = amount.quotientAndRemainder(dividingBy: scale)
        let sign = amount < 0 && whole == 0 ? "-" : ""
        guard decimals > 0 else { return "\(grouped(whole)) \(currency)" }
        let digits = String(rest.magnitude)
        let fraction = String(repeating: "0", count: decimals - digits.count) + digits
        return "\(sign)\(grouped(whole)).\(fraction) \(currency)"
    }

    private static func threeDecimals(_ currency: String) -> Bool {
        ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].contains(currency)
    }

    /// Sums by currency, as `{"CNY": minor units}`; a dash for none.
    static func money(_ sums: JSON?) -> String {
        guard case .object(let members)? = sums, !members.isEmpty else { return "–" }
        return members.sorted { $0.key < $1.key }
            .map { currency, amount in amount.integer.map { money($0, currency) } ?? currency }
            .joined(separator: " + ")
    }

    /// A fraction of a whole in decimals: `fixed(625576, 10_000)` is 62.6, with one decimal rounded half up.
    static func tenths(_ value: Int64, per whole: Int64) -> String {
        let scaled = (value * 10 + whole / 2) / whole
        return "\(grouped(scaled / 10)).\((scaled % 10).magnitude)"
    }

    /// Basis points as a percentage; a dash for none.
    static func percent(_ basisPoints: JSON?) -> String {
        basisPoints?.integer.map { tenths($0, per: 100) + " %" } ?? "–"
    }

    /// A rate `{numerator, denominator, bp}` with its parts.
    static func rate(_ json: JSON?) -> String {
        "\(percent(json?["bp"])) (\(count(json?["numerator"])) of \(count(json?["denominator"])))"
    }

    /// Milliseconds in days with one decimal; a dash for none.
    static func days(_ milliseconds: JSON?) -> String {
        milliseconds?.integer.map { tenths($0, per: Timestamp.millisecondsPerDay) + " d" } ?? "–"
    }

    /// Milliseconds since the epoch as a civil day in UTC; a dash for none.
    static func day(_ milliseconds: JSON?) -> String {
        milliseconds?.integer.map { Timestamp(milliseconds: $0).day.description } ?? "–"
    }

    /// A bar of at most `cells` cells for a share of the greatest value, in eighths of a cell.
    static func bar(_ value: Int64, of greatest: Int64, cells: Int64) -> String {
        guard greatest > 0, value > 0 else { return "" }
        let eighths = max(1, (value * cells * 8 + greatest / 2) / greatest)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: Int(eighths / 8)) + parts[Int(eighths % 8)]
    }
}
