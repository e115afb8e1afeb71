import CanonicalJSON

/// What a company has added to the catalog of the build: its own types, and the types of the build that it gave fields.
///
/// Each of them is a small catalog of one type, with a table of its own. So a new field builds one small table, all
/// others are shared from snapshot to snapshot, and the table of the build is never touched.
final class CustomTypes: Sendable {
    /// The names of the types.
    let names: JSONNames
    /// One catalog for each name.
    let catalogs: [Catalog]

    static let none = CustomTypes(JSONNames([]), [])

    private init(_ names: JSONNames, _ catalogs: [Catalog]) {
        self.names = names
        self.catalogs = catalogs
    }

    /// The catalog of one type; `nil` for a type that the company did not change.
    subscript(type: String) -> Catalog? { names.index(of: type).map { catalogs[$0] } }

    /// The catalog of one type, named by its UTF-8 bytes.
    func catalog(of type: Span<UInt8>) -> Catalog? { names.index(of: type).map { catalogs[$0] } }

    /// The same with one type added or replaced.
    func with(_ type: EventTypeDefinition, personalNames: Set<String> = []) -> CustomTypes {
        let catalog = Catalog([type], personalNames: personalNames)
        var catalogs = catalogs
        if let place = names.index(of: type.name) {
            catalogs[place] = catalog
            return CustomTypes(names, catalogs)
        }
        return CustomTypes(JSONNames(names.names + [type.name]), catalogs + [catalog])
    }

    /// Types that a company adds or changes at most.
    static let countMax = 256
}
