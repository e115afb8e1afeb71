import CanonicalJSON
public import EventModel

extension Catalog {
    /// The catalog's references as the value that the log takes, since the log does not know the catalog.
    ///
    /// Total: data that is no strict JSON, which no append path lets in, has no references.
    public static let termExtractor = TermExtractor(version: termsVersion) { type, stream, data in
        guard let document = try? JSONDocument(parsing: data) else { return [] }
        return terms(type: type, stream: stream, data: document.root)
    }
}
