public import EventModel

/// Makes events that the catalog accepts, so that one test can run against the log and against a server.
public enum Proposal {
    /// An account was given to an owner: the type with a reference (`owner:<owner>`), any number per stream.
    public static func assigned(
        to owner: String = "u7", id: String, source: String = "/test", actor: String = "", time: Timestamp? = nil
    ) -> ProposedEvent {
        ProposedEvent(
            EventContent(
                type: "account.owner_assigned", key: EventKey(source: source, id: id), actor: actor,
                data: Array(#"{"mode":"manual","owner_id":"\#(owner)"}"#.utf8)),
            time: time, terms: ["owner:" + owner])
    }

    /// An account was put into a tier: the type without a reference.
    public static func classified(
        as tier: String = "a", id: String, source: String = "/test", actor: String = "", time: Timestamp? = nil
    ) -> ProposedEvent {
        ProposedEvent(
            EventContent(
                type: "account.classified", key: EventKey(source: source, id: id), actor: actor,
                data: Array(#"{"scheme":"tier","value":"\#(tier)"}"#.utf8)),
            time: time)
    }

    /// An event whose data has exactly this many bytes, at least 31.
    public static func classified(dataByteCount: Int, id: String) -> ProposedEvent {
        let empty = classified(as: "", id: id).content.data.count
        return classified(as: String(repeating: "x", count: dataByteCount - empty), id: id)
    }
}

extension StreamName {
    /// The stream of an account, for tests.
    public static func account(_ id: String) -> StreamName {
        guard let name = try? StreamName("account-" + id) else { preconditionFailure("'\(id)' is an id") }
        return name
    }
}
