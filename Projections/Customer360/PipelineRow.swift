import CRMEvents
import EventModel
import ProjectionRuntime

/// A version of a pipeline.
struct PipelineKey: RowKey {
    let pipeline: String
    let version: UInt64

    init(_ pipeline: String, _ version: Int64) {
        self.pipeline = pipeline
        self.version = UInt64(clamping: version)
    }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(pipeline)
        encoder.unsigned(version)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        pipeline = try decoder.text()
        version = try decoder.unsigned()
    }
}

/// How probable a win is from each stage, in basis points, as a version of the rule says.
struct PipelineRow: RowValue, Equatable {
    struct Stage: Equatable, Sendable {
        let id: String
        let probability: Int64
    }

    /// In the order of publication, without those that have no probability.
    let stages: [Stage]
    /// From when on the version holds, in milliseconds since 1970.
    let effectiveFrom: Int64
    /// Of the publication.
    let position: UInt64

    init(_ stages: [PipelineStage], from effectiveFrom: Int64, position: UInt64) {
        (self.effectiveFrom, self.position) = (effectiveFrom, position)
        self.stages = stages.compactMap { stage in stage.probability.map { Stage(id: stage.stageID, probability: $0) } }
    }

    subscript(stage: String) -> Int64? { stages.first { $0.id == stage }?.probability }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(stages) { encoder, stage in
            encoder.text(stage.id)
            encoder.integer(stage.probability)
        }
        encoder.integer(effectiveFrom)
        encoder.integer(Int64(bitPattern: position))
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        stages = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Stage in
            Stage(id: try decoder.text(), probability: try decoder.integer())
        }
        effectiveFrom = try decoder.integer()
        position = UInt64(bitPattern: try decoder.integer())
    }
}

/// The weighted amount of open deals: Σ amount × probability, each currency rounded once, half up.
struct WeightedPipeline {
    private(set) var sums = CurrencySums()
    /// Deals of stages without a probability: they are left out of the sums.
    private(set) var unweightedCount: Int64 = 0
    /// The versions whose probabilities were looked up, by pipeline and version.
    private(set) var rules: [(pipeline: String, version: Int64)] = []
    /// Of their publications.
    private(set) var positions: Set<UInt64> = []

    init(_ deals: OpenDeals, in snapshot: ViewSnapshot) throws(ViewError) {
        let moment = (snapshot.asOf ?? snapshot.latestTime)?.milliseconds ?? .max
        var rules: [PipelineKey: (version: UInt64, row: PipelineRow)?] = [:]
        var exact: [String: Int128] = [:]
        for entry in deals.entries {
            var probability: Int64? = entry.place.probability < 0 ? nil : entry.place.probability
            if probability == nil {
                let key = PipelineKey(entry.place.pipeline, entry.place.version)
                if rules[key] == nil { rules[key] = try Self.rule(key, at: moment, in: snapshot) }
                probability = rules[key]??.row[entry.place.stage]
            }
            guard let probability else {
                unweightedCount &+= entry.count
                continue
            }
            exact[entry.place.currency, default: 0] += Int128(entry.amount) * Int128(probability)
        }
        // A deal that names no version goes by the one in force, which another deal may name.
        let found = Set(
            rules.compactMap { key, rule in
                rule.map { PipelineKey(key.pipeline, Int64(clamping: $0.version)) }
            })
        positions = Set(rules.values.compactMap { $0?.row.position })
        self.rules = found.map { ($0.pipeline, Int64(clamping: $0.version)) }.sorted { $0 < $1 }
        for (currency, sum) in exact { sums.add(Int64(clamping: roundedHalfUp(sum, by: 10_000)), currency) }
    }

    /// The version that a deal names; for a deal that moved here, whose version nobody told, the newest whose day has
    /// come (CATALOG.md 6.1), or the oldest where all lie ahead.
    private static func rule(
        _ key: PipelineKey, at moment: Int64, in snapshot: ViewSnapshot
    ) throws(ViewError) -> (version: UInt64, row: PipelineRow)? {
        guard key.version == 0 else {
            return try snapshot.row(Customer360.pipelineTable, key).map { (key.version, $0) }
        }
        var inForce: (version: UInt64, row: PipelineRow)?
        try snapshot.forEach(Customer360.pipelineTable, of: key.pipeline) { found, row in
            if inForce == nil || row.effectiveFrom <= moment { inForce = (found.version, row) }
        }
        return inForce
    }
}

/// Quotient of integers, halves away from below: −1.5 gives −1, 1.5 gives 2.
func roundedHalfUp(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let doubled = 2 * dividend + divisor
    let quotient = doubled / (2 * divisor)
    return doubled < 0 && quotient * 2 * divisor != doubled ? quotient - 1 : quotient
}
