import ProjectionRuntime

/// What the projection keeps of one published pipeline: every version, ascending.
struct PipelineRow: Equatable, Sendable {
    var versions: [PipelineVersion] = []

    /// Takes a publication; publishing a version again replaces it.
    mutating func publish(_ new: PipelineVersion) {
        versions.removeAll { $0.version == new.version }
        let index = versions.firstIndex { $0.version > new.version } ?? versions.endIndex
        versions.insert(new, at: index)
    }
}

/// One version of a pipeline's rule.
struct PipelineVersion: Equatable, Sendable {
    /// The rule's version, from 1.
    var version: Int64
    /// From when it holds, in milliseconds since the epoch.
    var effectiveFrom: Int64
    /// The stages, with the ordinals that order them; equal ordinals are parallel.
    var stages: [ListedStage]
}

/// A stage as a pipeline lists it.
struct ListedStage: Equatable, Sendable {
    var stage: String
    var ordinal: Int64
}

// A row is the list of versions; a version is: version, effective from, then pairs of stage and ordinal.

extension PipelineRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.list(versions) { encoder, version in
            encoder.integer(version.version)
            encoder.integer(version.effectiveFrom)
            encoder.list(version.stages) { encoder, listed in
                encoder.text(listed.stage)
                encoder.integer(listed.ordinal)
            }
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        versions = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            PipelineVersion(
                version: try decoder.integer(), effectiveFrom: try decoder.integer(),
                stages: try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
                    ListedStage(stage: try decoder.text(), ordinal: try decoder.integer())
                })
        }
    }
}
