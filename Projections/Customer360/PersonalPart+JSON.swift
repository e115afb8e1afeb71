import CRMEvents
import CanonicalJSON
import EventModel

extension PersonalPart {
    /// Whether the event has personal fields, seen or not: a public fact, since its record has a slot for them.
    var exists: Bool {
        if case .nothing = self { false } else { true }
    }

    /// Bytes of one entry's fields at most, so that a page of ``TimelinePage/limitMax`` entries stays below 1 MiB.
    static var byteCountMax: Int { 1_536 }

    /// The fields as `LOG.READ` gives them, or the typed mark in their place, never an empty text. Fields too long for
    /// a page are read there: a mark says how long they are.
    var json: JSON {
        switch self {
        case .nothing: return .null
        case .erased(let position): return ["erased": ["position": .integer(Int64(clamping: position.index))]]
        case .sealed(let purpose): return ["sealed": ["purpose": .text(purpose)]]
        case .opened(let fields):
            let json = JSON(fields)
            let byteCount = json.canonicalBytes.count
            return byteCount > Self.byteCountMax ? ["long": ["bytes": .integer(Int64(byteCount))]] : json
        }
    }
}
