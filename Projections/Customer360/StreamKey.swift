import CRMEvents
import EventModel
import ProjectionRuntime

/// The key of what belongs to a stream: its name, its common beginning replaced by a number.
///
/// What remains is short enough to lie inside the key itself, so probing a table of half a million streams compares
/// keys without following pointers. On disk the key is the whole name.
struct StreamKey: RowKey {
    private let category: UInt8
    private let rest: String

    /// The key of the event's stream.
    init(_ event: CRMEvent) {
        let name = event.stream.text
        let expected = Self.category(of: event.body)
        if expected > 0, name.hasPrefix(Self.prefixes[Int(expected)]) {
            self.init(name, category: expected)
        } else {
            self.init(name: name)
        }
    }

    private init(name: String) {
        self.init(name, category: UInt8(Self.prefixes.lastIndex { name.hasPrefix($0) } ?? 0))
    }

    private init(_ name: String, category: UInt8) {
        self.category = category
        rest = String(name.utf8.dropFirst(Self.prefixes[Int(category)].utf8.count)) ?? name
    }

    /// The number of a category is its index here; none of them begins with another but the first, which is for the
    /// streams of no category in this list.
    private static let prefixes = [
        "", "opportunity-", "interaction-", "behavior-", "campaign-", "order-", "payment-", "survey-", "rule-",
    ]

    /// Where an event of this kind is normally found, so that one comparison settles the category.
    private static func category(of body: borrowing CRMEvent.Body) -> UInt8 {
        switch body {
        case .opportunity: 1
        case .interaction: 2
        case .behavior: 3
        case .campaign: 4
        case .order: 5
        case .payment: 6
        case .survey: 7
        case .rule: 8
        default: 0
        }
    }

    func encode(to encoder: inout KeyEncoder) { encoder.text(Self.prefixes[Int(category)] + rest) }

    init(from decoder: inout KeyDecoder) throws(RowError) { self.init(name: try decoder.text()) }
}
