import CanonicalJSON

extension CRMEvent {
    /// The party that the event itself or its own stream names.
    ///
    /// Anchors, conversions and merges widen this; that takes a history.
    public var party: PartyReference? { .closer(named, ownParty) }

    /// The party whose own stream this is.
    var ownParty: PartyReference? {
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
