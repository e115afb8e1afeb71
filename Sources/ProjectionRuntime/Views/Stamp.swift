internal import CanonicalJSON
internal import CivilTime
internal import EventModel

/// A published rule that answers of a view rest on.
public struct RuleVersion: Hashable, Sendable {
    /// What it rules, such as `pipeline` or `churn`.
    public let kind: String
    /// The rule's id.
    public let id: String
    /// Its version, from 1.
    public let version: Int64

    /// A rule from its parts.
    public init(kind: String, id: String, version: Int64) {
        (self.kind, self.id, self.version) = (kind, id, version)
    }

    var json: JSON { ["kind": .text(kind), "rule_id": .text(id), "version": .integer(version)] }
}

extension ReadModel {
    /// What every answer says of where it comes from (READ_MODELS.md section 0): view and version of the code, position
    /// (newest event applied), `asof` (the bound asked for) and `latest_time`, all texts in RFC 3339, the time zone of
    /// civil days with the version of the tz database (`null` in UTC, which needs none), and the rules.
    ///
    /// No view converts amounts, so there is no version of a rule of exchange rates to name.
    static func stamp(
        _ parameters: ViewParameters, of row: JSON? = nil, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON.Members {
        let zone = try parameters.zone()
        return [
            "asof": .from(snapshot.asOf?.description), "latest_time": .from(snapshot.latestTime?.description),
            "position": .from(snapshot.position.map { Int64($0.index) }),
            "rules": .array(try rules(of: row, parameters, in: snapshot).map(\.json)), "time_zone": .text(zone.name),
            "tz_data": .from(zone.release), "version": .integer(Int64(version)), "view": .text(name),
        ]
    }
}
