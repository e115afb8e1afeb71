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
        var own: ProfileRow?
        var isHidden = false
        switch person {
        case .fields(let row): own = row
        case .mark: isHidden = true
        case nil: break
        }
        func value(_ name: String) -> FieldValue? {
            own?.fields.first { $0.name == name }?.assertions.last?.value ?? record[name]
        }
        let names = isPerson ? Self.personFields : Self.companyFields
        if !(isPerson && isHidden) {
            let filled = names.count(where: { value($0) != nil }) + (record.owner?.id == nil ? 0 : 1)
            completeness = Self.share(filled, of: names.count + 1)
        }
        let checks = Self.checks.compactMap { name, isValid in value(name).map { isValid($0.text ?? "") } }
        if !checks.isEmpty { validity = Self.share(checks.count(where: \.self), of: checks.count) }
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
            "completeness_bp": .from(completeness), "freshness_bp": .from(freshness), "score_bp": .integer(score),
            "uniqueness_bp": .integer(uniqueness), "validity_bp": .from(validity),
        ]
    }

    private static func share(_ part: Int, of whole: Int) -> Int64 {
        Int64((2 * part * 10_000 + whole) / (2 * whole))
    }

    /// Of other fields nothing is known but whether they are there.
    private static let checks: [(field: String, isValid: @Sendable (String) -> Bool)] = [
        ("unified_credit_code", isCreditCode), ("email", isAddress), ("phone", isPhoneNumber),
    ]

    /// Whether somebody suspects a duplicate and nobody has looked.
    private static func isSuspected(_ identity: CustomerIdentity, in snapshot: ViewSnapshot) throws(ViewError) -> Bool {
        var isSuspected = false
        for member in identity.members {
            try snapshot.forEach(Customer360.duplicateTable, of: member) { _, row in
                isSuspected = isSuspected || row.isOpen
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
