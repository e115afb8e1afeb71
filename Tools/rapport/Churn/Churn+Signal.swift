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

        @Option(help: "The customers as of this day or moment, which is the time of the signals too. (default: now)")
        var asOf: String?

        @Flag(help: "Only show what would be appended.")
        var dryRun = false

        @OptionGroup var options: ServerOptions

        private static let pageRowCount: Int64 = 10_000

        func run() async throws {
            let moment = try asOf.map { text throws(Failure) in try Input.moment(text, isEndOfDay: true) } ?? Input.now
            try await options.withClient { client in
                let standing = try await Self.standing(client)
                if let latest = standing.values.compactMap(\.latest).max(), latest > moment {
                    throw Failure(
                        .usage,
                        "signals were raised or cleared as of \(latest) already. Nothing was appended, since what came "
                            + "before would judge what came after. Ask as of that moment or later.")
                }
                let customers = try await Self.customers(client, ViewOptions(asOf: moment))
                let known = Set(customers.map(\.account))
                let gone = standing.keys.filter { !known.contains($0) }.map(CustomerRisk.init(gone:))
                let crossings = (customers + gone).filter { (standing[$0.account] ?? .init()).isCrossed(by: $0) }
                var tally = (raised: 0, cleared: 0, refused: 0)
                for customer in crossings.sorted(by: { $0.account < $1.account }) {
                    do {
                        let said = try await say(customer, at: moment, client)
                        tally.raised += said.count { $0.type == "signal.raised" }
                        tally.cleared += said.count { $0.type == "signal.cleared" }
                    } catch let error as any ExplainedError where error.code != .unavailable {
                        tally.refused += 1
                        Console.complain("rapport: \(customer.account): \(error)")
                    }
                }
                try end(tally)
            }
        }

        /// Says of a customer what its stream does not say yet.
        private func say(
            _ customer: CustomerRisk, at moment: Timestamp, _ client: EventClient
        ) async throws -> [EventContent] {
            let stream = try StreamName("signal-account-" + customer.account)
            var signals = StandingSignals()
            try await Self.forEach(of: .stream(stream), client) { signals.take($0) }
            guard signals.isCrossed(by: customer) else { return [] }
            let contents = signals.crossing(to: customer, evidence: try await Self.ids(of: customer.evidence, client))
            if !dryRun {
                _ = try await client.append(
                    contents.map { ProposedEvent($0, time: moment) }, to: stream,
                    expecting: signals.revision.map { .exactly($0) } ?? .noStream)
            }
            for content in contents { show(customer, content) }
            return contents
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
            try await forEach(of: .query(query), client) { event in
                guard let account = StandingSignals.account(of: event.stream) else { return }
                standing[account, default: StandingSignals()].take(event)
            }
            return standing
        }

        /// Lends every event of a selection, from the first one on.
        private static func forEach(
            of selection: ReadSelection, _ client: EventClient, _ body: (RecordedEvent) -> Void
        ) async throws {
            var request = ReadRequest(selection, from: nil, direction: .forward)
            request.count = Limits.pageEventCountMax
            while true {
                let page = try await client.read(request)
                page.forEach(body)
                guard let last = page.last else { return }
                request.from = selection.index(of: last) + 1
            }
        }

        private static func ids(of positions: [UInt64], _ client: EventClient) async throws -> [String] {
            var ids: [String] = []
            for position in positions {
                var request = ReadRequest(.all, from: position, direction: .forward)
                request.count = 1
                ids += try await client.read(request).map(\.content.key.id)
            }
            return ids
        }

        private func show(_ customer: CustomerRisk, _ content: EventContent) {
            let data = try? JSON(parsing: content.data)
            let line: JSON = [
                "account_id": .text(customer.account), "type": .text(content.type),
                "signal_id": data?["signal_id"] ?? .null, "band": .text(customer.band.rawValue),
                "risk_bp": .integer(customer.risk),
            ]
            guard !options.json else { return Console.say(line.canonicalText) }
            let id = data?["signal_id"]?.text ?? ""
            Console.say("\(content.type)  \(id)  \(customer.band) at \(customer.risk) bp")
        }

        private func end(_ tally: (raised: Int, cleared: Int, refused: Int)) throws(Failure) {
            if !options.json {
                let would = dryRun ? "would be " : ""
                Console.say("\(tally.raised) signals \(would)raised, \(tally.cleared) \(would)cleared")
            }
            guard tally.refused > 0 else { return }
            throw Failure(
                .someRejected,
                "\(tally.refused) customers were refused, as said above. "
                    + (dryRun ? "Nothing was appended. " : "All others were told. ")
                    + "Run it again, or mend what the server refuses.")
        }
    }
}
