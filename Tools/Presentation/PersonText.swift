import CanonicalJSON

/// What a view says about persons: opened fields, or the mark in their place.
enum PersonText {
    /// Cells of a text on the timeline.
    private static let widthMax = 44

    /// Fields that hold what somebody wrote, the most telling one first.
    private static let proseFields = ["subject", "comment", "message", "text", "note", "title"]

    /// What was written, or the mark, of one entry of a timeline; empty where nothing was.
    static func prose(_ personal: JSON?) -> String {
        guard let personal, !personal.isNull else { return "" }
        if let mark = mark(personal) { return mark }
        let text = proseFields.compactMap { personal[$0]?.text }.first ?? ""
        return DisplayWidth.cut(DisplayWidth.safe(text), to: widthMax)
    }

    /// A person's name in the order of its script, or the mark in its place; empty where there is neither.
    static func name(_ person: JSON?) -> String {
        guard let person, !person.isNull else { return "" }
        if let mark = mark(person) { return mark }
        func field(_ name: String) -> String? { person[name]?["value"]?.text }
        if let name = field("name") { return name }
        let (family, given) = (field("family_name") ?? "", field("given_name") ?? "")
        let isWide = DisplayWidth.of(family) > family.count
        return isWide ? family + given : [given, family].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The people of a customer, a line each.
    static func lines(for contacts: JSON?) -> [String] {
        let entries = contacts?["entries"]?.elements ?? []
        guard !entries.isEmpty else { return [] }
        var table = TextTable(["contact": .left, "name": .left, "role": .left, "e-mail": .left, "phone": .left])
        for entry in entries {
            table.add([
                entry["contact_id"]?.text ?? "", name(entry["person"]), entry["role"]?.text ?? "",
                entry["person"]?["email"]?["value"]?.text ?? "", entry["person"]?["phone"]?["value"]?.text ?? "",
            ])
        }
        return table.lines + (contacts?["more"]?.boolean == true ? ["and more"] : []) + [""]
    }

    private static func mark(_ personal: JSON) -> String? {
        if personal["erased"]?["position"]?.integer != nil { return "(erased)" }
        if personal["sealed"]?["purpose"]?.text != nil { return "(sealed)" }
        return nil
    }
}
