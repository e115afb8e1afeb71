import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import Presentation
import WireProtocol

extension Churn {
    struct Signal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Raise a signal for every customer who became amber or red, and clear those of who recovered.",
            discussion: """
                EXAMPLES
                  rapport churn signal --dry-run               what would be said
                  rapport churn signal                         once a day, from cron
                  rapport follow --types signal.raised         whoever has to act on it

                The bands are those of churn-signals, hysteresis included; the log says which
                signals stand. Only the differences are appended: churn_amber and churn_red
                each have a signal of their own, with the risk, the ids of the events behind
                it and the version of the rule. Nobody is told twice, also if this is cut off
                or runs twice at once: run it again.
                """)

        @Option(help: "The customers as of this day or moment, which is the time of the signals too.")
        var asOf: String?

        @Flag(help: "Only show what would be appended.")
        var dryRun = false

        @OptionGroup var options: ServerOptions

        /// Customers on one page, and reasons' events named with a signal.
        private static let pageRowCount: Int64 = 10_000
        private static let evidenceCountMax = 20

        func run() async throws {
            let moment = try asOf.map { text throws(Failure) in try Input.moment(text, isEndOfDay: true) }
            try await options.withClient { client in
                let customers = try await Self.customers(client, ViewOptions(asOf: moment))
                let standing = try await Self.standing(client)
                let known = Set(customers.map(\.account))
                let gone = standing.keys.filter { !known.contains($0) }.map(CustomerRisk.init(gone:))
                let crossings = (customers + gone).filter { (standing[$0.account] ?? .init()).isCrossed(by: $0) }
                var said: [JSON] = []
                for customer in crossings.sorted(by: { $0.account < $1.account }) {
                    let signals = standing[customer.account] ?? StandingSignals()
                    let evidence = try await Self.evidence(client, customer, ViewOptions(asOf: moment))
                    let contents = signals.crossing(to: customer, evidence: evidence)
                    if !dryRun {
                        _ = try await client.append(
                            contents.map { ProposedEvent($0, time: moment) },
                            to: Input.stream("signal-account-\(customer.account)"),
                            expecting: signals.revision.map { .exactly($0) } ?? .noStream)
                    }
                    said += contents.map { Self.line(customer, $0) }
                }
                show(said)
            }
        }

        /// Everybody whom the view knows, at one position.
        private static func customers(
            _ client: EventClient, _ options: ViewOptions
        ) async throws -> [CustomerRisk] {
            var options = options
            var customers: [CustomerRisk] = []
            var parameters: JSON.Members = ["limit": .integer(pageRowCount)]
            repeat {
                options.parameters = JSON.object(parameters).canonicalBytes
                let page = try await client.scan(Churn.view, options)
                options.at = page?["position"]?.integer.map { Position(UInt64(clamping: $0)) }
                customers += (page?["rows"]?.elements ?? []).compactMap(CustomerRisk.init)
                parameters["from"] = page?["next"]?.text.map { .text($0) }
            } while parameters["from"] != nil
            return customers
        }

        private static func standing(_ client: EventClient) async throws -> [String: StandingSignals] {
            var standing: [String: StandingSignals] = [:]
            let query = EventQuery([EventQuery.Item(types: ["signal.raised", "signal.cleared"], terms: [])])
            var request = ReadRequest(.query(query), from: nil, direction: .forward)
            request.count = Limits.pageEventCountMax
            while true {
                let page = try await client.read(request)
                for event in page {
                    guard let account = StandingSignals.account(of: event.stream) else { continue }
                    standing[account, default: StandingSignals()].take(event)
                }
                guard let last = page.last else { return standing }
                request.from = last.position.index + 1
            }
        }

        private static func evidence(
            _ client: EventClient, _ customer: CustomerRisk, _ options: ViewOptions
        ) async throws -> [String] {
            guard customer.band != .green else { return [] }
            let answer = try await client.why(customer.account, field: "risk_bp", of: Churn.view, options)
            return (answer?["why"]?["events"]?.elements ?? []).prefix(evidenceCountMax).compactMap { $0["id"]?.text }
        }

        private static func line(_ customer: CustomerRisk, _ content: EventContent) -> JSON {
            let data = try? JSON(parsing: content.data)
            return [
                "account_id": .text(customer.account), "type": .text(content.type),
                "signal_id": data?["signal_id"] ?? .null, "band": .text(customer.band.rawValue),
                "risk_bp": .integer(customer.risk),
            ]
        }

        private func show(_ said: [JSON]) {
            guard !options.json else {
                for line in said { Console.say(line.canonicalText) }
                return
            }
            if !said.isEmpty { Console.say(Outline.table(of: said) + [""]) }
            let raised = said.count { $0["type"] == "signal.raised" }
            Console.say(
                "\(raised) signals \(dryRun ? "would be " : "")raised, \(said.count - raised) cleared")
        }
    }
}
