import CanonicalJSON
import ProjectionRuntime

/// The last answer of a party per kind of survey, by (time, position).
struct LastScores: RowValue, Equatable {
    /// One answer; `scaleMax` is the best answer that the survey offered.
    struct Score: Equatable, Sendable {
        var value: Int64
        var scaleMax: Int64
        var time: Int64
        var position: UInt64
    }

    /// The kinds that have a meaning of their own; answers to other surveys are counted as events only.
    static let kinds = ["nps", "csat", "ces"]

    /// In the order of ``kinds``; empty while there is no answer at all.
    private var scores: [Score?] = []

    init() {}

    /// The last answer to a kind of survey.
    subscript(kind: String) -> Score? {
        guard !scores.isEmpty, let index = Self.kinds.firstIndex(of: kind) else { return nil }
        return scores[index]
    }

    /// Keeps an answer unless a later one is known already.
    mutating func take(_ score: Score, of kind: String) {
        guard let index = Self.kinds.firstIndex(of: kind) else { return }
        if scores.isEmpty { scores = Array(repeating: nil, count: Self.kinds.count) }
        if let last = scores[index], (score.time, score.position) < (last.time, last.position) { return }
        scores[index] = score
    }

    /// Takes the answers of another party in.
    mutating func add(_ other: LastScores) {
        for kind in Self.kinds {
            if let score = other[kind] { take(score, of: kind) }
        }
    }

    /// Every kind, `null` where there is no answer.
    var json: JSON { .object(JSON.Members(Self.kinds.map { ($0, json($0)) })) }

    /// The last answer to a kind of survey; `null` where there is none.
    func json(_ kind: String) -> JSON {
        guard let score = self[kind] else { return .null }
        return [
            "position": .integer(Int64(clamping: score.position)), "scale_max": .integer(score.scaleMax),
            "score": .integer(score.value), "time_ms": .integer(score.time),
        ]
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(scores) { encoder, score in
            encoder.boolean(score != nil)
            guard let score else { return }
            encoder.integer(score.value)
            encoder.integer(score.scaleMax)
            encoder.integer(score.time)
            encoder.integer(Int64(bitPattern: score.position))
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        scores = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Score? in
            guard try decoder.boolean() else { return nil }
            return Score(
                value: try decoder.integer(), scaleMax: try decoder.integer(), time: try decoder.integer(),
                position: UInt64(bitPattern: try decoder.integer()))
        }
        guard scores.isEmpty || scores.count == Self.kinds.count else {
            throw damagedRow()
        }
    }
}
