import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel

struct Append: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Append one event.",
        discussion: """
            EXAMPLES
              rapport append campaign-c1 campaign.created \\
                '{"campaign_id":"c1","name":"Spring","type":"email"}' --expect none
              rapport append lead-l7 lead.assigned '{"owner_id":"u2"}' --expect 0 --id a7
              rapport append account-a1 account.owner_assigned \\
                '{"owner_id":"u2","mode":"manual"}' \\
                --unless 'TYPES account.owner_assigned TERMS account:a1' --after 1041
              rapport append order-o9 order.placed @order.json --time 2026-01-05T09:30:00Z

            The id makes a retry safe: the same id with the same content is recognised,
            however often it is sent. Without --id a new one is made, so give one
            wherever the command may be run twice.

            --unless appends nothing if an event matches the query past --after, or at
            all without it: read with the same query, decide, and append after the
            newest position that you found.
            """)

    @Argument(help: "The stream, such as lead-l7.")
    var stream: String

    @Argument(help: "The event's type, such as lead.assigned.")
    var type: String

    @Argument(help: "Its data as JSON, @FILE, or - for standard input.")
    var data: String

    @Option(help: "What you believe about the stream: any, none, exists, or its revision.")
    var expect = "any"

    @Option(help: "Append nothing if an event matches: 'TYPES a,b TERMS x,y', OR between several.")
    var unless: String?

    @Option(help: "For --unless: the newest position that you know; matches up to it are no conflict.")
    var after: UInt64?

    @Option(help: "The event's id, unique within its source.")
    var id: String?

    @Option(help: "Who produced it.")
    var source = "/rapport"

    @Option(help: "When it happened, RFC 3339. (default: now, by the server's clock)")
    var time: String?

    @Option(help: "Why, as a code of a-z, 0-9 and _.")
    var reason = ""

    @Option(help: "The id of the event that caused this one.")
    var causation = ""

    @Option(help: "An id that events of one matter share.")
    var correlation = ""

    @OptionGroup var options: ServerOptions

    func run() async throws {
        guard let expecting = ExpectedRevision(expect) else {
            throw Failure(.usage, "--expect is none of any, none, exists and a revision. Nothing was sent. Choose one.")
        }
        let name = try Input.stream(stream)
        let id = id ?? Input.newID()
        let content = EventContent(
            type: type, key: EventKey(source: source, id: id), correlation: correlation, causation: causation,
            reason: reason, data: try Input.json(data, as: "the event's data").canonicalBytes)
        let time = try time.map { text throws(Failure) in try Input.moment(text, isEndOfDay: false) }
        let event = ProposedEvent(content, time: time)
        let condition = try condition()
        try await options.withClient { client in
            do throws(AppendError) {
                show(try await client.append([event], to: name, expecting: expecting, unless: condition), id)
            } catch {
                guard case .outcomeUnknown = error else { throw error }
                throw Failure(.unreachable, "\(error) The id was \(id): repeat the command with --id \(id).")
            }
        }
    }

    private func condition() throws(Failure) -> AppendCondition? {
        guard let unless else {
            guard after == nil else {
                throw Failure(.usage, "--after has no --unless. Nothing was sent. Name the query that it belongs to.")
            }
            return nil
        }
        return AppendCondition(unless: try Input.query(unless), after: after.map { Position($0) })
    }

    private func show(_ receipt: AppendReceipt, _ id: String) {
        guard options.json else {
            let note = receipt.isDuplicate ? "was there already" : "appended"
            return Console.say(
                "\(note): \(receipt.stream) revision \(receipt.revision), position \(receipt.position), id \(id)")
        }
        let answer: JSON = [
            "stream": .text(receipt.stream.text), "revision": .integer(Int64(clamping: receipt.revision.index)),
            "position": .integer(Int64(clamping: receipt.position.index)), "duplicate": .boolean(receipt.isDuplicate),
            "id": .text(id),
        ]
        Console.say(answer.canonicalText)
    }
}
