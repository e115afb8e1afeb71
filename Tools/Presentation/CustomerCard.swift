import CanonicalJSON
import EventModel

/// One customer of `customer-360` on one screen: who, how much, how content, what happened last.
enum CustomerCard {
    /// Lines of the timeline on the card; `--json` shows the whole page.
    static let timelineCountMax = 15

    static func lines(for row: JSON) -> [String] {
        let name =
            row["profile"]?["name"]?["value"]?.text ?? row["profile"]?["company_name"]?["value"]?.text
            ?? PersonText.name(row["person"])
        let kind = row["identity"]?["kind"]?.text ?? "party"
        var table = TextTable(["": .left, "": .left])
        for (label, value) in figures(row) + CustomerBlocks.lines(row) where value != "–" { table.add([label, value]) }
        var lines = ["\(kind) \(row["identity"]?["id"]?.text ?? "")  \(name)", ""]
        lines += table.lines
        lines += [""] + PersonText.lines(for: row["contacts"]) + CustomerBlocks.tables(row) + timeline(row["timeline"])
        return lines
    }

    private static func figures(_ row: JSON) -> [(String, String)] {
        let (pipeline, won, commerce) = (row["pipeline"], row["won"], row["commerce"])
        return profile(row["profile"]) + classes(row["classification"]) + [
            ("owner", row["owner"]?["id"]?.text ?? "–"),
            ("leads", row["identity"]?["leads"].map(Outline.plain) ?? "–"),
            ("converted to", row["identity"]?["account"]?.text ?? "–"),
            ("external ids", names(row["identity"]?["external_ids"], "system", "id")),
            ("known as", names(row["identity"]?["links"], "kind", "value")),
            ("touches", touches(row)),
            ("events", Quantities.count(row["events"])),
            ("open deals", amount(pipeline?["open"], pipeline?["amount"])),
            ("won deals", amount(won?["opportunities"], won?["revenue"])),
            ("orders", amount(commerce?["orders"], commerce?["revenue"])),
            ("paid", Quantities.money(commerce?["paid"])),
            ("scores", scores(row["scores"])),
        ]
    }

    private static func names(_ list: JSON?, _ kind: String, _ name: String) -> String {
        let names = (list?.elements ?? []).map { "\($0[kind]?.text ?? "") \($0[name].map(Outline.plain) ?? "–")" }
        return names.isEmpty ? "–" : names.joined(separator: ", ")
    }

    private static func touches(_ row: JSON) -> String {
        guard row["first_touch_ms"]?.integer != nil else { return "–" }
        return "\(Quantities.day(row["first_touch_ms"])) to \(Quantities.day(row["last_touch_ms"]))"
    }

    private static func profile(_ profile: JSON?) -> [(String, String)] {
        guard case .object(let fields)? = profile else { return [] }
        return fields.sorted { $0.key < $1.key }.compactMap { name, field in
            let isTold = ["name", "company_name", "account_id", "owner_id", "external_ids"].contains(name)
            guard !isTold, let value = field["value"] else {
                return nil
            }
            return (name.split(separator: "_").joined(separator: " "), Outline.plain(value))
        }
    }

    private static func classes(_ classification: JSON?) -> [(String, String)] {
        guard case .object(let classes)? = classification else { return [] }
        return classes.sorted { $0.key < $1.key }.map { ($0.key, $0.value["value"].map(Outline.plain) ?? "–") }
    }

    private static func amount(_ count: JSON?, _ sums: JSON?) -> String {
        let money = Quantities.money(sums)
        return money == "–" ? Quantities.count(count) : "\(Quantities.count(count)), \(money)"
    }

    private static func scores(_ scores: JSON?) -> String {
        let found = ["nps", "csat", "ces"].compactMap { kind -> String? in
            guard let score = scores?[kind], !score.isNull else { return nil }
            return "\(kind) \(Quantities.count(score["score"])) of \(Quantities.count(score["scale_max"]))"
                + " on \(Quantities.day(score["time_ms"]))"
        }
        return found.isEmpty ? "–" : found.joined(separator: ", ")
    }

    private static func timeline(_ timeline: JSON?) -> [String] {
        let entries = timeline?["entries"]?.elements ?? []
        var table = TextTable([
            "time": .left, "type": .left, "channel": .left, "stream": .left, "position": .right, "text": .left,
        ])
        for entry in entries.prefix(timelineCountMax) {
            table.add([
                entry["time_ms"]?.integer.map { Timestamp(milliseconds: $0).description } ?? "–",
                entry["type"]?.text ?? "", entry["channel"]?.text ?? "", entry["stream"]?.text ?? "",
                entry["position"]?.integer.map(String.init) ?? "", PersonText.prose(entry["personal"]),
            ])
        }
        var lines = table.lines
        let isCut = entries.count > timelineCountMax || timeline?["next"]?.integer != nil
        if isCut, let last = entries.prefix(timelineCountMax).last?["position"]?.integer {
            lines.append("older: add before=\(last)")
        }
        return lines
    }
}
