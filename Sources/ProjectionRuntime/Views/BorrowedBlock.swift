public import CanonicalJSON
internal import EventModel

/// A member of an entity's row that another read model knows.
///
/// Read models import none of each other (READ_MODELS.md section 1): who answers puts their blocks together. One
/// response has one pair of coordinates, so the other view is asked as of the position and the time of the row, and in
/// the time zone of the question. Where
/// it is not there, not live, behind, or knows nothing of the entity, the member stays `null`.
public struct BorrowedBlock: Sendable {
    /// The member of the row.
    public let member: String
    /// The name of the view that knows it.
    public let view: String
    /// What that view is asked besides the key.
    public let parameters: JSON
    /// The entity's key in that view; `nil` if it has none there.
    public let key: @Sendable (JSON) -> String?

    /// A block from its parts.
    public init(member: String, of view: String, _ parameters: JSON, key: @escaping @Sendable (JSON) -> String?) {
        (self.member, self.view, self.parameters, self.key) = (member, view, parameters, key)
    }
}

/// A view that lends blocks, in a state with the coordinates of the row that borrows them.
struct Lender {
    let model: any ReadModel.Type
    let snapshot: ViewSnapshot
}

extension JSON {
    /// An object with a member set.
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

extension ReadModel {
    /// A row with the blocks that others know.
    static func filled(
        _ row: JSON, _ parameters: ViewParameters, from lenders: [String: Lender]
    ) throws(ViewError) -> JSON {
        guard !lenders.isEmpty, case .object(var members) = row else { return row }
        for block in borrowedBlocks {
            guard let lender = lenders[block.view], let key = block.key(row) else { continue }
            var asked = block.parameters
            if let zone = try parameters.text("time_zone") { asked = asked.with("time_zone", .text(zone)) }
            members[block.member] = try lender.model.get(key, ViewParameters(asked), in: lender.snapshot) ?? .null
        }
        return .object(members)
    }
}
