import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// Why personal fields are not shown: a typed mark in their place, never an empty text.
enum Withheld: Equatable, Sendable {
    /// The person was erased by the event at this position.
    case erased(at: UInt64)
    /// Whoever folded the view could not open them.
    case sealed(purpose: String)

    /// As `LOG.READ` says it, too.
    var json: JSON {
        switch self {
        case .erased(let position): ["erased": ["position": .integer(Int64(clamping: position))]]
        case .sealed(let purpose): ["sealed": ["purpose": .text(purpose)]]
        }
    }

    func encode(to encoder: inout RowEncoder) {
        switch self {
        case .erased(let position):
            encoder.boolean(true)
            encoder.integer(Int64(bitPattern: position))
        case .sealed(let purpose):
            encoder.boolean(false)
            encoder.text(purpose)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        self =
            try decoder.boolean()
            ? .erased(at: UInt64(bitPattern: try decoder.integer())) : .sealed(purpose: try decoder.text())
    }
}

extension PersonalPart {
    /// The mark in place of fields that cannot be seen; `nil` where there are none or they can.
    var withheld: Withheld? {
        switch self {
        case .nothing, .opened: nil
        case .erased(let position): .erased(at: position.index)
        case .sealed(let purpose): .sealed(purpose: purpose)
        }
    }
}
