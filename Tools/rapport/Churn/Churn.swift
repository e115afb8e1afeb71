import ArgumentParser

/// What the churn view finds out, told to the log, so that services may follow it.
struct Churn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record what the churn view finds: signals of customers at risk, and fitted models.",
        subcommands: [Signal.self, Fit.self])

    /// The view that is asked.
    static let view = "churn-signals"
    /// Who produces the events.
    static let source = "/rapport/churn"
}
