public import EventModel

/// Why personal fields were not sealed. Nothing was written.
public enum SealError: ExplainedError, Hashable {
    /// What keeps fields from being one personal object.
    public enum Problem: Hashable, Sendable {
        /// Not JSON, not one object, or two fields of one path.
        case noJSON
        /// A value that is not in the form of RFC 8785.
        case notCanonical
        /// An object without members, or no field at all: no commitment would cover it.
        case emptyObject
        /// A name that is empty, has a dot, or makes too long a path.
        case name
        /// More bytes than an event's data may have.
        case tooLarge
    }

    /// The fields do not make one personal object.
    case unfit(Problem)
    /// The subject or the purpose is empty or longer than ``Limits/nameByteCountMax``.
    case nameByteCount(Int)
    /// The key of this subject and purpose was erased by the event at a position.
    case erased(at: Position)
    /// The key store did not answer.
    case store(KeyStoreError)
    /// The cipher refused: no input that was checked does that.
    case cipherFailed

    public var code: ErrorCode {
        switch self {
        case .unfit, .nameByteCount: .invalidEvent
        case .erased: .erased
        case .store(let error): error.code
        case .cipherFailed: .unavailable
        }
    }

    public var description: String {
        switch self {
        case .unfit(let problem):
            "the personal fields \(Self.words(problem)). Nothing was written. "
                + "Send them as one object of canonical JSON, its member names without dots."
        case .nameByteCount(let count):
            "the subject or the purpose of personal fields has \(count) bytes, and 1 to \(Limits.nameByteCountMax) are "
                + "allowed. Nothing was written. Name the subject by its surrogate."
        case .erased(let position):
            "the key for these personal fields was erased by the event at position \(position). Nothing was written. "
                + "Leave the personal fields out, or give a person who came back a new party id."
        case .store(let error): error.description
        case .cipherFailed:
            "the cipher refused to seal. Nothing was written. Report it with the type of the event."
        }
    }

    private static func words(_ problem: Problem) -> String {
        switch problem {
        case .noJSON: "are not one JSON object"
        case .notCanonical: "are not in canonical form"
        case .emptyObject: "hold an object without members"
        case .name: "have a member whose name is empty, holds a dot or is too long"
        case .tooLarge: "have more than \(Limits.eventDataByteCountMax) bytes"
        }
    }
}

/// Why sealed fields were not opened, when they are neither erased nor withheld: something is damaged.
public enum SealedFieldsError: ExplainedError, Hashable {
    /// No key of this id was ever in this store: it is older than the log, or another's.
    case unknownKey
    /// The slot names another key, or another purpose than its key has.
    case otherKey
    /// The blob is not there, although its key lives.
    case noBlob
    /// The blob is not the one whose hash and length the slot has.
    case otherBlob
    /// Blob or plaintext are not in the form that they should have.
    case form
    /// The tag does not fit key, place and ciphertext.
    case notAuthentic
    /// It opens to other fields than those that the field root commits to.
    case otherFields
    /// The key store did not answer.
    case store(KeyStoreError)

    public var code: ErrorCode {
        if case .store(let error) = self { error.code } else { .corrupt }
    }

    public var description: String {
        if case .store(let error) = self { return error.description }
        let what =
            switch self {
            case .unknownKey: "names a key that was never in this key store"
            case .otherKey: "names another key or purpose than it was sealed for"
            case .noBlob: "has lost its sealed blob"
            case .otherBlob: "has another hash or length than its sealed blob"
            case .form: "holds no personal object in a form that this build knows"
            case .notAuthentic: "does not open with its key at this place"
            case .otherFields: "opens to other fields than it committed to"
            case .store: ""
            }
        return "a personal slot \(what). The fields cannot be shown, the rest of the event is not affected. "
            + "Run the audit, and restore the key store and the sealed fields from one backup."
    }
}
