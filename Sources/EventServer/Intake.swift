package import CRMEvents
internal import CanonicalJSON
internal import CloudEvents
package import EventLog
internal import EventModel
package import PersonalData
internal import WireProtocol

/// The door of the log: parses, canonicalises and validates what arrives, and encodes it for the writer.
///
/// There is one way in: the envelope of an event of `LOG.APPEND` is written as the CloudEvent that it means,
/// and read by the same rules as one of `LOG.INGEST`. Its data is parsed once, by itself. What is refused leaves no
/// trace among the requests.
package struct Intake: ~Copyable {
    /// The index terms of the event at the door, and where its personal members stand.
    private var terms = TermList()
    private var personal = PersonalPlaces()
    private var door: PersonalDoor
    private let customs: CustomCatalog
    /// Whether an event that was added since the last look defines types or fields.
    private var hasDefinitions = false
    /// Whether personal members were sealed since keys were put on disk.
    private var hasSealed = false

    package init(_ door: consuming PersonalDoor, _ customs: CustomCatalog) {
        self.door = door
        self.customs = customs
    }

    /// Whether what was added since the last look defines types or fields; they count once they are recorded.
    mutating func takeDefinitions() -> Bool {
        defer { hasDefinitions = false }
        return hasDefinitions
    }

    /// Makes sure that what was added since can be opened after a crash; to be called before it is handed to the log.
    mutating func commitKeys() throws(Refusal) {
        // Whoever sealed nothing does not suffer from a key store that fails.
        guard hasSealed else { return }
        hasSealed = false
        do throws(PersonalError) {
            try door.commit()
        } catch {
            throw Refusal(error)
        }
    }

    /// Adds the atomic append that a CloudEvents line asks for.
    package mutating func add(line: [UInt8], to requests: inout PreparedRequests) throws(Refusal) {
        var document = try parsed(line, "the event")
        var envelope = try Self.envelope(document.cursor)
        if let personal = envelope.personal {
            // A line of our own reads, sent again.
            document = try parsed(Self.joined(document.root, personal), "the event")
            envelope = try Self.envelope(document.cursor)
        }
        let event = document.cursor
        do throws(Refusal) {
            // Without an expectation this is an import: what a lifecycle does not allow is recorded and listed later.
            requests.openStream(expecting: envelope.expecting, recordsViolations: !envelope.isDecision)
            try add(envelope, of: event, data: document, at: envelope.data, to: &requests)
            try Self.close(&requests)
        } catch {
            requests.dropRequest()
            throw error
        }
    }

    /// Adds an event whose envelope is right, if the catalog agrees.
    mutating func add(
        _ envelope: IncomingEnvelope, of event: borrowing JSONCursor, data: JSONDocument, at place: JSONPlace?,
        to requests: inout PreparedRequests
    ) throws(Refusal) {
        requests.openEvent(schema: envelope.schema, time: envelope.time)
        for text in EventText.allCases { envelope.withText(text, of: event) { requests.append($0) } }
        try check(requests, schema: envelope.schema, data: place == nil ? Self.emptyObject : data, at: place ?? .root)
        if let place, let type = Self.anchoringType(requests) {
            door.announce(data.root.value(at: place), type: type, in: requests.string(.stream))
        }
        if let place, personal.count > 0 {
            let parts = try seal(data.root.value(at: place), requests)
            return requests.closeEvent(meta: envelope.meta, terms: terms, sealed: [parts.sealed]) { bytes in
                bytes.append(contentsOf: parts.data)
            }
        }
        requests.closeEvent(meta: envelope.meta, terms: terms) { bytes in
            guard let place else { return bytes.append(contentsOf: EventContent.emptyObject) }
            data.appendCanonical(place, to: &bytes)
        }
    }

    /// The type of the event that is open, if it may say to whom its stream belongs.
    private static func anchoringType(_ requests: borrowing PreparedRequests) -> EventTypeDefinition? {
        PersonalDoor.anchoringTypes.index(of: requests.text(.type))
            .flatMap { Catalog.standard[PersonalDoor.anchoringTypes.names[$0]] }
    }

    /// Takes the personal members out of the event that is open, and seals them.
    private mutating func seal(
        _ data: JSONNode, _ requests: borrowing PreparedRequests
    ) throws(Refusal) -> (data: [UInt8], sealed: SealedFields) {
        let (type, stream) = (requests.string(.type), requests.string(.stream))
        let event = EventKey(source: requests.string(.source), id: requests.string(.id))
        guard let type = customs.current[type], let stream = try? StreamName(stream) else {
            preconditionFailure("type and stream are checked before personal members are sealed")
        }
        hasSealed = true
        do throws(PersonalError) {
            return try door.seal(data, personal, type: type, in: stream, event: event)
        } catch {
            throw Refusal(error)
        }
    }

    /// An event with its opened personal fields back among its data.
    private static func joined(_ event: JSONNode, _ personal: JSONPlace) -> [UInt8] {
        guard case .object(var members) = JSON(event) else { return [] }
        let data = members["data"] ?? .object([:])
        members["data"] = PersonalSplit(open: data, personal: JSON(event.value(at: personal))).whole
        members["personal"] = nil
        return JSON.object(members).canonicalBytes
    }

    /// Asks the catalog about the event that is open.
    private mutating func check(
        _ requests: borrowing PreparedRequests, schema: UInt32, data: JSONDocument, at place: JSONPlace
    ) throws(Refusal) {
        do throws(InvalidName) {
            try Catalog.checkName(stream: requests.text(.stream))
            try Catalog.checkName(eventID: requests.text(.id))
        } catch {
            throw Refusal(error)
        }
        let isPerson = try isAboutPerson(requests, data, at: place)
        do throws(InvalidEvent) {
            let catalog = customs.current
            try catalog.check(
                type: requests.text(.type), schema: schema, stream: requests.text(.stream),
                data: data.cursor.value(at: place), isNaturalPerson: isPerson, terms: &terms, personal: &personal)
        } catch {
            throw Refusal(error)
        }
        if requests.has(.type, CatalogHistory.definitionType) { hasDefinitions = true }
    }

    /// Whether the event that is open is about an account that said of itself that it is a natural person.
    private mutating func isAboutPerson(
        _ requests: borrowing PreparedRequests, _ data: JSONDocument, at place: JSONPlace
    ) throws(Refusal) -> Bool {
        guard PersonalDoor.accountTypes.index(of: requests.text(.type)) != nil else { return false }
        do throws(PersonalError) {
            return try door.isAboutPerson(data.root.value(at: place), in: requests.string(.stream))
        } catch {
            throw Refusal(error)
        }
    }

    static func envelope(_ event: borrowing JSONCursor) throws(Refusal) -> IncomingEnvelope {
        do throws(CloudEventError) {
            return try IncomingEnvelope(checking: event)
        } catch {
            throw Refusal(error)
        }
    }

    static func close(
        _ requests: inout PreparedRequests, unless condition: AppendCondition? = nil
    ) throws(Refusal) {
        do throws(AppendError) {
            try requests.closeRequest(unless: condition)
        } catch {
            throw Refusal(error)
        }
    }

    func parsed(
        _ bytes: [UInt8], _ what: String, depthMax: Int = Limits.jsonDepthMax
    ) throws(Refusal) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, maximumDepth: depthMax)
        } catch {
            throw Refusal(.invalidEvent, "\(what) is not strict JSON: \(error)")
        }
    }

    private static let emptyObject: JSONDocument = {
        guard let document = try? JSONDocument(parsing: EventContent.emptyObject) else {
            preconditionFailure("'{}' is strict JSON")
        }
        return document
    }()
}
