import CanonicalJSON
import EventModel

/// Reads the fields of one event's data by name and kind.
struct DataReader {
    /// The object in hand.
    let node: JSONNode
    private let position: Position
    private let type: String

    /// Parses the data of a recorded event.
    init(_ event: borrowing RecordedEvent) throws(UndecodableEvent) {
        try self.init(event, reading: event.content.data)
    }

    /// Parses data that stands for the event's own.
    init(_ event: borrowing RecordedEvent, reading data: [UInt8]) throws(UndecodableEvent) {
        position = event.position
        type = event.content.type
        do {
            node = try JSONDocument(parsing: data).root
        } catch {
            throw UndecodableEvent(position: position, type: type, field: "data", problem: .notAnObject)
        }
        guard node.kind == .object else { throw problem("data", .notAnObject) }
    }

    private init(_ node: JSONNode, within reader: DataReader) {
        self.node = node
        position = reader.position
        type = reader.type
    }

    /// A required text.
    func text(_ name: String) throws(UndecodableEvent) -> String {
        guard let text = try optionalText(name) else { throw problem(name, .missing) }
        return text
    }

    /// A text that may be absent.
    func optionalText(_ name: String) throws(UndecodableEvent) -> String? {
        guard let value = node[name] else { return nil }
        guard let text = value.text else { throw problem(name, .wrongKind) }
        return text
    }

    /// A required integer.
    func integer(_ name: String) throws(UndecodableEvent) -> Int64 {
        guard let integer = try optionalInteger(name) else { throw problem(name, .missing) }
        return integer
    }

    /// An integer that may be absent.
    func optionalInteger(_ name: String) throws(UndecodableEvent) -> Int64? {
        guard let value = node[name] else { return nil }
        guard let integer = value.integer else { throw problem(name, .wrongKind) }
        return integer
    }

    /// A Boolean whose absence means false.
    func boolean(_ name: String) throws(UndecodableEvent) -> Bool {
        guard let value = node[name] else { return false }
        guard let boolean = value.boolean else { throw problem(name, .wrongKind) }
        return boolean
    }

    /// A required list of texts.
    func texts(_ name: String) throws(UndecodableEvent) -> [String] {
        guard let list = node[name] else { throw problem(name, .missing) }
        guard list.kind == .array else { throw problem(name, .wrongKind) }
        var texts: [String] = []
        texts.reserveCapacity(list.count)
        for element in list.elements {
            guard let text = element.text else { throw problem(name, .wrongKind) }
            texts.append(text)
        }
        return texts
    }

    /// A list of objects; `nil` when it is absent.
    func objects<Element>(
        _ name: String, _ decode: (DataReader) throws(UndecodableEvent) -> Element
    ) throws(UndecodableEvent) -> [Element]? {
        guard let list = node[name] else { return nil }
        guard list.kind == .array else { throw problem(name, .wrongKind) }
        var objects: [Element] = []
        objects.reserveCapacity(list.count)
        for element in list.elements {
            guard element.kind == .object else { throw problem(name, .wrongKind) }
            objects.append(try decode(DataReader(element, within: self)))
        }
        return objects
    }

    /// A required list of objects.
    func requiredObjects<Element>(
        _ name: String, _ decode: (DataReader) throws(UndecodableEvent) -> Element
    ) throws(UndecodableEvent) -> [Element] {
        guard let objects = try objects(name, decode) else { throw problem(name, .missing) }
        return objects
    }

    /// A required object.
    func object(_ name: String) throws(UndecodableEvent) -> DataReader {
        guard let value = node[name] else { throw problem(name, .missing) }
        guard value.kind == .object else { throw problem(name, .wrongKind) }
        return DataReader(value, within: self)
    }

    private func problem(_ field: String, _ problem: UndecodableEvent.Problem) -> UndecodableEvent {
        UndecodableEvent(position: position, type: type, field: field, problem: problem)
    }
}
