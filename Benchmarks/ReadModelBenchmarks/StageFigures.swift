/// What is counted of one stage.
struct StageFigures {
    /// How a stay can end, in the order of the counts.
    enum Exit: Int, CaseIterable {
        case advanced, regressed, lateral, won, lost, moved, open
    }

    let pipeline: Int
    let ordinal: Int64
    var visits: Int64 = 0
    var entered: Int64 = 0
    var exited: Int64 = 0
    var reached: Int64 = 0
    var exits = [7 of Int64](repeating: 0)
    var stays: [Int64] = []

    init(pipeline: Int, ordinal: Int64) {
        self.pipeline = pipeline
        self.ordinal = ordinal
    }
}
