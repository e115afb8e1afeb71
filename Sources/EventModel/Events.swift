/// The idempotency key of an event: kept forever, unique in the log.
public struct EventKey: Hashable, Sendable {
    /// The producer, 1–128 bytes, for example `/crm/web`.
    public let source: String
    /// The producer's id of the event, 1–128 bytes.
    public let id: String

    /// A key from source and id.
    public init(source: String, id: String) {
        self.source = source
        self.id = id
    }
}

/// What producer and recorded event have in common: everything but place and time of recording.
public struct EventContent: Hashable, Sendable {
    /// The catalog name, such as `opportunity.stage_changed`.
    public var type: String
    /// The schema version of `data`, from 1.
    public var schema: UInt32
    /// The idempotency key.
    public var key: EventKey
    /// Who did it: `user:u7`, `service:billing`; empty when unknown.
    public var actor: String
    /// For what: an id that several events share; empty when absent.
    public var correlation: String
    /// Because of what: the id of the event that caused this one; empty when absent.
    public var causation: String
    /// Why: a code `[a-z0-9_]{1,64}`, never prose; empty when absent.
    public var reason: String
    /// Other CloudEvents extensions as one flat canonical JSON object.
    public var meta: [UInt8]
    /// The public part as canonical JSON (RFC 8785, integers only).
    public var data: [UInt8]

    /// The empty canonical object `{}`.
    public static let emptyObject: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "}")]

    /// Content from its parts.
    public init(
        type: String, schema: UInt32 = 1, key: EventKey, actor: String = "",
        correlation: String = "", causation: String = "", reason: String = "",
        meta: [UInt8] = EventContent.emptyObject, data: [UInt8] = EventContent.emptyObject
    ) {
        self.type = type
        self.schema = schema
        self.key = key
        self.actor = actor
        self.correlation = correlation
        self.causation = causation
        self.reason = reason
        self.meta = meta
        self.data = data
    }
}

/// An event that somebody wants recorded. Its data is canonical and its terms are known.
public struct ProposedEvent: Hashable, Sendable {
    /// What is to be recorded.
    public var content: EventContent
    /// When it happened; the server's clock when absent.
    public var time: Timestamp?
    /// The references of the catalog, such as `account:42`; at most ``Limits/termCountMax`` less four.
    public var terms: [String]
    /// Its personal fields, sealed; at most ``Limits/slotCountMax``.
    public var sealed: [SealedFields]

    /// A proposal from its parts.
    public init(
        _ content: EventContent, time: Timestamp? = nil, terms: [String] = [], sealed: [SealedFields] = []
    ) {
        self.content = content
        self.time = time
        self.terms = terms
        self.sealed = sealed
    }
}

/// The place of sealed personal fields of an event; the fields themselves lie elsewhere.
public struct PersonalSlot: Hashable, Sendable {
    /// The key id, a random surrogate.
    public var key: String
    /// The purpose of the key, such as `identity`.
    public var purpose: String
    /// The Merkle root over the salted field commitments, 32 bytes.
    public var fieldRoot: [UInt8]
    /// SHA-256 of the sealed blob, 32 bytes.
    public var ciphertextHash: [UInt8]
    /// Length of the sealed blob in bytes.
    public var ciphertextByteCount: UInt32

    /// A slot from its parts.
    public init(
        key: String, purpose: String, fieldRoot: [UInt8], ciphertextHash: [UInt8],
        ciphertextByteCount: UInt32
    ) {
        self.key = key
        self.purpose = purpose
        self.fieldRoot = fieldRoot
        self.ciphertextHash = ciphertextHash
        self.ciphertextByteCount = ciphertextByteCount
    }
}

/// Personal fields of one slot, sealed.
public struct SealedFields: Hashable, Sendable {
    /// What the record and the Merkle leaf keep.
    public let slot: PersonalSlot
    /// What is stored apart and can be deleted.
    public let blob: [UInt8]
    /// Equal for equal fields under the same key, 32 bytes: a retry is compared by it. Deleted with the blob.
    public let contentTag: [UInt8]

    /// Sealed fields from their parts.
    public init(slot: PersonalSlot, blob: [UInt8], contentTag: [UInt8]) {
        self.slot = slot
        self.blob = blob
        self.contentTag = contentTag
    }
}

/// What a slot of personal fields holds for a reader.
public enum PersonalContent: Hashable, Sendable {
    /// The fields, as one canonical JSON object.
    case opened([UInt8])
    /// Nothing any more: their key was erased by the event at this position.
    case erased(at: Position)
    /// Fields that the reader has no right to see.
    case sealed(purpose: String)
}

/// An event as the log holds it.
public struct RecordedEvent: Hashable, Sendable {
    /// Its index in the log.
    public var position: Position
    /// The stream it belongs to.
    public var stream: StreamName
    /// Its index in the stream.
    public var revision: Revision
    /// When it happened, by the producer's clock.
    public var time: Timestamp
    /// When it was written, by the server's clock; never below that of the position before.
    public var recorded: Timestamp
    /// What the producer said.
    public var content: EventContent
    /// What ties the append to its credential, 32 bytes; zeros for embedded use.
    public var auth: [UInt8]
    /// Slots of sealed personal fields.
    public var slots: [PersonalSlot]
    /// What the slots hold for the reader who opened them, in their order; empty where nobody has.
    public var personal: [PersonalContent] = []

    /// 32 zero bytes: no credential.
    public static let noCredential = [UInt8](repeating: 0, count: 32)

    /// A recorded event from its parts.
    public init(
        position: Position, stream: StreamName, revision: Revision, time: Timestamp,
        recorded: Timestamp, content: EventContent, auth: [UInt8] = RecordedEvent.noCredential,
        slots: [PersonalSlot] = []
    ) {
        self.position = position
        self.stream = stream
        self.revision = revision
        self.time = time
        self.recorded = recorded
        self.content = content
        self.auth = auth
        self.slots = slots
    }
}
