import ProjectionRuntime

/// What the projection keeps of one published pipeline: every publication, in the order of the log.
///
/// Deals are folded without it, so a pipeline that is published late or changed restates no row; whoever asks joins.
struct PipelineRow: Equatable, Sendable {
    var publications: [PipelineVersion] = []

    /// The versions as known through a position, ascending; of a version that was published twice, the later one.
    func versions(through position: Int64?) -> [PipelineVersion] {
        var latest: [Int64: PipelineVersion] = [:]
        for publication in publications where position.map({ publication.position <= $0 }) ?? true {
            latest[publication.version] = publication
        }
        return latest.values.sorted { $0.version < $1.version }
    }
}

/// One version of a pipeline's rule.
struct PipelineVersion: Equatable, Sendable {
    /// The rule's version, from 1.
    var version: Int64
    /// From when it holds, in milliseconds since the epoch.
    var effectiveFrom: Int64
    /// The publication's index in the log.
    var position: Int64 = 0
    /// The stages, with the ordinals that order them; equal ordinals are parallel.
    var stages: [ListedStage]
}

/// A stage as a pipeline lists it.
struct ListedStage: Equatable, Sendable {
    var stage: String
    var ordinal: Int64
    /// How probable a win is from here, in basis points.
    var probability: Int64?
}

// A row is the list of publications: version, effective from, position, then stage, ordinal, probability of each stage.

extension PipelineRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.list(publications) { encoder, version in
            encoder.integer(version.version)
            encoder.integer(version.effectiveFrom)
            encoder.integer(version.position)
            encoder.list(version.stages) { encoder, listed in
                encoder.text(listed.stage)
                encoder.integer(listed.ordinal)
                encoder.optionalInteger(listed.probability)
            }
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        publications = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            PipelineVersion(
                version: try decoder.integer(), effectiveFrom: try decoder.integer(), position: try decoder.integer(),
                stages: try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
                    ListedStage(
                        stage: try decoder.text(), ordinal: try decoder.integer(),
                        probability: try decoder.optionalInteger())
                })
        }
    }
}
