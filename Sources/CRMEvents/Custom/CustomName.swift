/// Names in a tenant's own namespace (CATALOG.md section 2): types `x_<tenant>.<name>`, fields `x_<tenant>_<name>`,
/// stream categories `x_<tenant>` and `x_<tenant>_…`.
///
/// A tenant is 1 to 32 bytes of `a-z 0-9`, without `_`, so that no name can belong to two tenants.
enum CustomName {
    /// Whose a type is; `nil` for a name that no company may define.
    static func tenant(ofType name: String) -> String? { parts(name, separator: UInt8(ascii: "."))?.tenant }

    /// Whose a field of a type of the catalog is; `nil` for a name that no company may define there.
    static func tenant(ofField name: String) -> String? { parts(name, separator: UInt8(ascii: "_"))?.tenant }

    /// Whether a type is named as those that companies define.
    static func isType(_ name: String) -> Bool { tenant(ofType: name) != nil }

    /// Whether a name may be a field of a company's own type: a code that begins with a letter, and that no field of
    /// another namespace has.
    static func isPlain(_ name: String) -> Bool { isName(name.utf8[...]) && !name.hasPrefix(prefix) }

    /// The category of a tenant's streams, or what its categories begin with.
    static func category(of tenant: String) -> String { prefix + tenant }

    private static func parts(_ name: String, separator: UInt8) -> (tenant: String, name: String)? {
        guard name.hasPrefix(prefix), name.utf8.count <= nameByteCountMax else { return nil }
        let rest = name.utf8.dropFirst(prefix.utf8.count)
        guard let end = rest.firstIndex(of: separator) else { return nil }
        let (tenant, own) = (rest[..<end], rest[rest.index(after: end)...])
        guard (1...tenantByteCountMax).contains(tenant.count), tenant.allSatisfy({ isLetter($0) || isDigit($0) }),
            isName(own), !looksPersonal(name)
        else { return nil }
        return (String(Substring(tenant)), String(Substring(own)))
    }

    private static func isName(_ name: Substring.UTF8View) -> Bool {
        guard name.count <= nameByteCountMax, let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static let prefix = "x_"
    private static let tenantByteCountMax = 32
    private static let nameByteCountMax = 64
}
