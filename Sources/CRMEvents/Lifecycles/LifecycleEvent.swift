import CanonicalJSON
import EventModel

/// An event as its lifecycle sees it.
struct LifecycleEvent {
    /// The catalog name.
    let type: String
    /// Who did it, as the envelope says: `user:u7`.
    let actor: String
    /// What it says; nothing for data that is no strict JSON, which no append path lets in.
    let data: JSONNode?

    /// A text field; `nil` where it is absent.
    func text(_ name: String) -> String? { data?[name]?.text }

    /// An integer field; 0 where it is absent.
    func integer(_ name: String) -> Int64 { data?[name]?.integer ?? 0 }

    /// Whether a field is present.
    func has(_ name: String) -> Bool { data?[name].map { !$0.isNull } ?? false }

    /// Whether a field has this value: a text, or the word of a Boolean.
    func has(_ name: String, _ value: String) -> Bool {
        guard let field = data?[name] else { return false }
        return field.boolean.map { String($0) == value } ?? field.hasText(value)
    }

    /// The objects of a list; none where it is absent.
    func list(_ name: String) -> [JSONNode] { data?[name]?.elements.map { $0 } ?? [] }

    /// The user who did it; `nil` for a service, a rule or nobody.
    var user: String? { actor.hasPrefix("user:") ? String(actor.dropFirst(5)) : nil }
}

extension LifecycleState {
    /// Adds to a sum. What would not fit, which only thousands of absurd events could bring about, stays at the bound.
    mutating func add(_ amount: Int64, to name: String) {
        let (sum, isOverflow) = sums[name, default: 0].addingReportingOverflow(amount)
        sums[name] = isOverflow ? (amount > 0 ? .max : .min) : sum
    }

    /// A sum; 0 before its first event.
    func sum(_ name: String) -> Int64 { sums[name] ?? 0 }
}
