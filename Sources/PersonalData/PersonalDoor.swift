public import CRMEvents
public import CanonicalJSON
public import EventLog
public import EventModel
public import SubjectKeys

/// Seals the personal fields of events before anything of them is hashed or stored.
///
/// Each thread has its own. It cannot be copied, since two copies would draw the same salts and nonces.
public struct PersonalDoor: ~Copyable {
    private let keys: SubjectKeys
    private var finder: SubjectFinder
    private var generator = KeyErasureGenerator()

    /// A door for one log.
    public init(_ keys: SubjectKeys, _ log: EventLog) {
        self.keys = keys
        finder = SubjectFinder(log)
    }

    /// What an event becomes: the canonical data that is recorded, and the sealed fields.
    ///
    /// Call ``commit()`` before anything of it is handed to the log.
    ///
    /// - Parameters:
    ///   - data: checked data.
    ///   - places: where its personal members stand.
    /// - Throws: ``PersonalError``.
    public mutating func seal(
        _ data: JSONNode, _ places: PersonalPlaces, type: EventTypeDefinition, in stream: StreamName, event: EventKey
    ) throws(PersonalError) -> (data: [UInt8], sealed: SealedFields) {
        let split = PersonalSplit(data, personal: places)
        do {
            let subject = try finder.subject(of: data, type: type, in: stream)
            let purpose = type.sealing.purpose ?? .identity
            let sealed = try keys.seal(
                PersonalFields(canonical: split.personal.canonicalBytes),
                for: KeyName(subject: subject, purpose: purpose.rawValue), event: event, schema: type.schema,
                using: &generator)
            return (split.open.canonicalBytes, sealed)
        } catch let error as ReadError {
            throw .log(error)
        } catch let error as SealError {
            throw .seal(error)
        } catch {
            preconditionFailure("sealing fails as it says")
        }
    }

    /// Takes down whose stream an event is about to begin; only events of ``anchoringTypes`` do.
    public mutating func announce(_ data: JSONNode, type: EventTypeDefinition, in stream: String) {
        finder.announce(data, type: type, in: stream)
    }

    /// The types whose events may say to whom a stream belongs.
    public static let anchoringTypes = JSONNames(
        Catalog.standard.types.filter { $0.terms.contains { $0.isAnchor } }.map(\.name))

    /// Puts the keys that were made on disk; returns at once if there are none.
    public func commit() throws(PersonalError) {
        do throws(KeyStoreError) {
            try keys.commitNewKeys()
        } catch {
            throw .keys(error)
        }
    }
}

/// Why personal fields were not taken or not shown.
public enum PersonalError: ExplainedError, Hashable {
    case log(ReadError)
    case seal(SealError)
    case keys(KeyStoreError)

    private var cause: any ExplainedError {
        switch self {
        case .log(let error): error
        case .seal(let error): error
        case .keys(let error): error
        }
    }

    public var code: ErrorCode { cause.code }
    public var description: String { cause.description }
}
