import CanonicalJSON
import Glibc
import ProjectionRuntime

/// How good what we know about a customer is (READ_MODELS.md section 11), each part in basis points.
///
/// The score is the mean of four parts of equal weight. A part that cannot be judged, because there is nothing to check
/// or because the reader may not see it, is left out of the mean and `null`.
struct DataQuality {
    private(set) var completeness: Int64?
    private(set) var validity: Int64?
    private(set) var uniqueness: Int64
    private(set) var freshness: Int64?

    /// Fields without which a record is not complete, of a company and of a natural person.
    static let companyFields = ["name", "unified_credit_code", "industry", "domain"]
    static let personFields = ["name", "phone", "email"]

    init(
        _ record: GoldenRecord, _ person: PersonRow.Seen?, _ identity: CustomerIdentity, at moment: Int64,
        in snapshot: ViewSnapshot
    ) throws(ViewError) {
        let isPerson = record["natural_person"] == .boolean(true)
        var values: [String: String] = [:]
        for field in record.fields { values[field.name] = field.value.text ?? "" }
        var isHidden = false
        switch person {
        case .fields(let row):
            for field in row.fields { values[field.name] = field.assertions.last?.value.text ?? "" }
        case .mark: isHidden = true
        case nil: break
        }
        let names = isPerson ? Self.personFields : Self.companyFields
        if !(isPerson && isHidden) {
            let filled = names.filter { values[$0] != nil }.count + (record.owner == nil ? 0 : 1)
            completeness = Self.share(filled, of: names.count + 1)
        }
        let checks = values.compactMap { name, value in Self.isValid(name, value) }
        if !checks.isEmpty { validity = Self.share(checks.filter(\.self).count, of: checks.count) }
        uniqueness = try Self.isSuspected(identity, in: snapshot) ? 0 : 10_000
        if let last = record.lastUpdate {
            let age = Double(max(0, moment - last)) / 86_400_000
            freshness = Int64((10_000 * exp2(-age / 365)).rounded())
        }
    }

    /// The mean of the parts that could be judged, rounded half up.
    var score: Int64 {
        let parts = [completeness, validity, uniqueness, freshness].compactMap(\.self)
        return (2 * parts.reduce(0, +) + Int64(parts.count)) / (2 * Int64(parts.count))
    }

    var json: JSON {
        [
            "score_bp": .integer(score), "completeness_bp": .from(completeness), "validity_bp": .from(validity),
            "uniqueness_bp": .integer(uniqueness), "freshness_bp": .from(freshness),
        ]
    }

    private static func share(_ part: Int, of whole: Int) -> Int64 {
        Int64((2 * part * 10_000 + whole) / (2 * whole))
    }

    /// `nil` for a field that nothing is known about but that it is there.
    private static func isValid(_ name: String, _ value: String) -> Bool? {
        switch name {
        case "unified_credit_code": isCreditCode(value)
        case "email": isAddress(value)
        case "phone": isPhoneNumber(value)
        default: nil
        }
    }

    /// Whether somebody suspects a duplicate and nobody has looked.
    private static func isSuspected(_ identity: CustomerIdentity, in snapshot: ViewSnapshot) throws(ViewError) -> Bool {
        var isSuspected = false
        for member in identity.members {
            try snapshot.forEach(Customer360.duplicateTable, from: OwnedKey(member, "")) {
                (key, row) throws(ViewError) -> Bool in
                guard key.party == member else { return false }
                isSuspected = row.isOpen
                return !isSuspected
            }
        }
        return isSuspected
    }
}

/// Whether a text is a unified social credit code with the right check digit (GB 32100-2015).
func isCreditCode(_ text: String) -> Bool {
    let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    let values = text.utf8.map { alphabet.firstIndex(of: $0) }
    guard values.count == 18 else { return false }
    var sum = 0
    var weight = 1
    for value in values.dropLast() {
        guard let value else { return false }
        sum += value * weight
        weight = weight * 3 % 31
    }
    return values[17] == (31 - sum % 31) % 31
}

/// Whether a text is a telephone number as E.164 writes it: a plus sign and up to fifteen digits.
func isPhoneNumber(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.utf8.first == UInt8(ascii: "+") && (2...15).contains(digits.count)
        && digits.first != UInt8(ascii: "0")
        && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

/// Whether a text is an address in the common form of RFC 5322: a dot-atom, an at sign, a domain with a dot.
func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count <= 64, parts[1].utf8.count <= 255, parts[1].contains(".") else {
        return false
    }
    let atoms = parts.map { $0.split(separator: ".", omittingEmptySubsequences: false) }
    func isAtom(_ atom: Substring, _ special: String) -> Bool {
        !atom.isEmpty
            && atom.utf8.allSatisfy { byte in
                byte >= 0x80 || special.utf8.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
    }
    return atoms[0].allSatisfy { isAtom($0, "!#$%&'*+-/=?^_`{|}~") }
        && atoms[1].allSatisfy { isAtom($0, "-") && $0.first != "-" && $0.last != "-" }
}
