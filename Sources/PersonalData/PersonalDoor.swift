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

    /// Whether an event of ``accountTypes`` is about an account that is a natural person.
    ///
    /// - Throws: ``PersonalError/log(_:)`` if the account's first event cannot be read.
    public mutating func isAboutPerson(_ data: JSONNode, in stream: String) throws(PersonalError) -> Bool {
        do throws(ReadError) {
            return try finder.isNaturalPerson(account: data["account_id"]?.text.map { "account-" + $0 } ?? stream)
        } catch {
            throw .log(error)
        }
    }

    /// The types whose events may say to whom a stream belongs, or that an account is a natural person.
    public static let anchoringTypes = JSONNames(
        Catalog.standard.types.filter { $0.terms.contains(where: \.isAnchor) || $0.saysWhoIsPerson }.map(\.name))

    /// The types with fields that are personal if the account is a natural person, which another event says.
    public static let accountTypes = JSONNames(
        Catalog.standard.types.filter { type in
            !type.saysWhoIsPerson && type.personalPaths.contains { $0.mark == .ifNaturalPerson }
        }.map(\.name))

    /// Puts the keys that were made on disk; returns at once if there are none.
    public func commit() throws(PersonalError) {
        do throws(KeyStoreError) {
            try keys.commitNewKeys()
        } catch {
            throw .keys(error)
        }
    }
}

extension EventTypeDefinition {
    fileprivate var saysWhoIsPerson: Bool { fields.contains { $0.name == "natural_person" } }
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
