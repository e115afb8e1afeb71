import ProjectionRuntime

/// A published churn rule, as it was published.
struct RuleRow: Hashable, Sendable, RowValue {
    /// One signal of the rule.
    struct Signal: Hashable, Sendable {
        var name: String
        /// In basis points.
        var weight: Int64
        /// In seconds.
        var halfLife: Int64
        var threshold: Int64?
    }

    /// Milliseconds since 1970 in UTC: when it was published, and from when it holds.
    var time: Int64
    var effectiveFrom: Int64
    var id: String
    var version: Int64
    var signals: [Signal]
    /// In basis points.
    var bands: [Int64]
    var hysteresis: Int64?

    init(
        time: Int64, effectiveFrom: Int64, id: String, version: Int64, signals: [Signal], bands: [Int64],
        hysteresis: Int64?
    ) {
        self.time = time
        self.effectiveFrom = effectiveFrom
        self.id = id
        self.version = version
        self.signals = signals
        self.bands = bands
        self.hysteresis = hysteresis
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        time = try decoder.integer()
        effectiveFrom = try decoder.integer()
        id = try decoder.text()
        version = try decoder.integer()
        signals = try decoder.list { decoder throws(RowError) in
            Signal(
                name: try decoder.text(), weight: try decoder.integer(), halfLife: try decoder.integer(),
                threshold: try decoder.optionalInteger())
        }
        bands = try decoder.list { decoder throws(RowError) in try decoder.integer() }
        hysteresis = try decoder.optionalInteger()
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(time)
        encoder.integer(effectiveFrom)
        encoder.text(id)
        encoder.integer(version)
        encoder.list(signals) { encoder, signal in
            encoder.text(signal.name)
            encoder.integer(signal.weight)
            encoder.integer(signal.halfLife)
            encoder.optionalInteger(signal.threshold)
        }
        encoder.list(bands) { encoder, bound in encoder.integer(bound) }
        encoder.optionalInteger(hysteresis)
    }
}

/// The parameters of a model as somebody recorded them, in billionths.
struct ParameterRow: Hashable, Sendable, RowValue {
    struct Parameter: Hashable, Sendable {
        var name: String
        var nano: Int64
    }

    /// Milliseconds since 1970 in UTC.
    var time: Int64
    var model: String
    var version: Int64
    /// The last position that the fit saw.
    var inputPosition: Int64
    /// Ascending by name.
    var parameters: [Parameter]

    init(time: Int64, model: String, version: Int64, inputPosition: Int64, parameters: [Parameter]) {
        self.time = time
        self.model = model
        self.version = version
        self.inputPosition = inputPosition
        self.parameters = parameters.sorted { $0.name < $1.name }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        time = try decoder.integer()
        model = try decoder.text()
        version = try decoder.integer()
        inputPosition = try decoder.integer()
        parameters = try decoder.list { decoder throws(RowError) in
            Parameter(name: try decoder.text(), nano: try decoder.integer())
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(time)
        encoder.text(model)
        encoder.integer(version)
        encoder.integer(inputPosition)
        encoder.list(parameters) { encoder, parameter in
            encoder.text(parameter.name)
            encoder.integer(parameter.nano)
        }
    }

    /// A parameter in plain units, if it was recorded.
    func value(_ name: String) -> Double? {
        parameters.first { $0.name == name }.map { Double($0.nano) / 1_000_000_000 }
    }
}

/// A position as a key: rules and parameters lie in the order in which they were recorded.
struct PositionKey: RowKey {
    let position: UInt64

    init(_ position: UInt64) { self.position = position }
    func encode(to encoder: inout KeyEncoder) { encoder.unsigned(position) }
    init(from decoder: inout KeyDecoder) throws(RowError) { position = try decoder.unsigned() }
}
