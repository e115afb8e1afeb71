import CanonicalJSON
import EventModel

extension CRMEvent {
    /// The party that the event itself or its own stream names.
    ///
    /// Anchors, conversions and merges widen this; that takes a history.
    public var party: PartyReference? {
        let named = named
        return named?.isAccount == true ? named : .closer(named, ownParty)
    }

    /// Streams that the anchors of its type name, apart from those of parties.
    var namedStreams: [StreamName] {
        guard entry.kind >= 0 else { return [] }
        let fields = DataFields(page, places: Int(entry.places))
        let ways = FieldTable.types[Int(entry.kind)].ways
        let single = ways.fields.compactMap { field in
            fields.optionalText(field.place).map { StreamName(recorded: field.prefix + $0) }
        }
        let pairs = ways.pairs.compactMap { pair in
            fields.optionalText(pair.type).flatMap { type in
                fields.optionalText(pair.id).map { StreamName(recorded: type + "-" + $0) }
            }
        }
        return single + pairs
    }

    /// The party whose own stream this is.
    public var ownParty: PartyReference? {
        let bytes = page.bytes
        return PartyReference(partyNamed: bytes.span.extracting(Int(entry.stream)..<Int(entry.id)))
    }

    /// The party that the fields name. A type unknown to this build may follow the conventions all the same.
    private var named: PartyReference? {
        if entry.kind >= 0 {
            let fields = DataFields(page, places: Int(entry.places))
            return PartyReference(FieldTable.types[Int(entry.kind)].party, fields)
        }
        return (try? JSONDocument(parsing: data).root).flatMap(PartyReference.init(namedIn:))
    }
}
