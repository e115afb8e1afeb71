public import CanonicalJSON

/// Where the personal members of one event's data stand: what the door takes out and seals.
///
/// A list that is filled again for every event without new memory. The members of a personal object whose fields the
/// catalog names stand there one by one; of a personal change stand `old` and `new`, each as far as it is there.
public struct PersonalPlaces: Sendable {
    private var places: [JSONPlace] = []

    /// A list without places.
    public init() {}

    /// Number of places.
    public var count: Int { places.count }

    /// A place, in the order of the document.
    public subscript(index: Int) -> JSONPlace { places[index] }

    /// Forgets the places and keeps the memory.
    mutating func removeAll() { places.removeAll(keepingCapacity: true) }

    mutating func append(_ place: JSONPlace) { places.append(place) }
}
