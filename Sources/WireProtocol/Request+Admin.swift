/// What somebody wants to know of the server.
public enum AdminRequest: Hashable, Sendable {
    /// `INFO [section …]`: as text in Redis' form; no section means all.
    case info(sections: [String])
    /// `ADMIN.STATUS`: as a map.
    case status
    /// `ADMIN.BACKUP`: a copy of the log in a directory on the server's machine.
    case backup(path: String)
    /// `ADMIN.SEAL`: what waits in the journal goes into blocks now.
    case seal

    static func info(from arguments: inout ArgumentReader) throws(RequestError) -> AdminRequest {
        guard arguments.count <= sectionCountMax else {
            throw .pastLimit(what: "sections", count: arguments.count, limit: sectionCountMax)
        }
        var sections: [String] = []
        while !arguments.isAtEnd { sections.append(try arguments.text("section").lowercased()) }
        return .info(sections: sections)
    }

    private static let sectionCountMax = 16
}
