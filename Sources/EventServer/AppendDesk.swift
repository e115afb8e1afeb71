internal import EventLog
internal import EventModel
internal import NIOCore
internal import WireProtocol

/// Takes the appends of all connections of one event loop, and hands them to the log together.
///
/// What the loop reads in one turn of its sockets becomes one submission, and its outcomes come back in one hop: so
/// the cost of both is shared by all who wait, and a lone request waits for nobody. A bulk importer is left out of
/// that: it submits in its own name, and the log serves names in turn. Confined to its loop.
final class AppendDesk {
    /// Requests of one command from which on its connection counts as a bulk importer.
    private static let bulkRequestCountMin = 64
    /// Requests of one submission, at most; more are handed over at once.
    private static let requestCountMax = 1024
    /// Bytes of one submission from which it is handed over at once.
    private static let byteCountMax = 1 << 20

    private let log: EventLog
    private let loop: any EventLoop
    private let intake = Intake()
    private var requests: [AppendRequest] = []
    private var orders: [Order] = []
    private var gatheredByteCount = 0

    /// What one command asked for: the next so many requests, and who gets the answer.
    private struct Order {
        let session: SessionHandler
        let ticket: SessionState.Ticket
        let content: Content

        enum Content {
            case append
            /// Nothing: the command was refused as a whole.
            case refused(RESPValue)
            /// So many lines; the refused ones by their places.
            case ingest(lineCount: Int, refused: [Int: RESPValue])
        }
    }

    init(_ log: EventLog, _ loop: any EventLoop) {
        self.log = log
        self.loop = loop
    }

    /// Appends all or nothing. The session gets one reply, not before this call returned.
    func append(_ draft: AppendDraft, for session: SessionHandler, _ ticket: SessionState.Ticket) {
        do throws(Refusal) {
            var request = try intake.request(drafts: draft.streams)
            request.condition = draft.condition
            take(Order(session: session, ticket: ticket, content: .append), [request])
        } catch {
            take(Order(session: session, ticket: ticket, content: .refused(error.reply)), [])
        }
    }

    /// Appends each line by itself: a line that is refused leaves the others alone.
    func ingest(_ lines: [[UInt8]], for session: SessionHandler, _ ticket: SessionState.Ticket) {
        var accepted: [AppendRequest] = []
        accepted.reserveCapacity(lines.count)
        var refused: [Int: RESPValue] = [:]
        for (place, line) in lines.enumerated() {
            do throws(Refusal) {
                accepted.append(try intake.request(line: line))
            } catch {
                refused[place] = error.reply
            }
        }
        let content = Order.Content.ingest(lineCount: lines.count, refused: refused)
        take(Order(session: session, ticket: ticket, content: content), accepted)
    }

    private func take(_ order: Order, _ accepted: [AppendRequest]) {
        let session = order.session
        // What one connection sends keeps its order, so it goes one way as long as anything of it is on the way.
        if session.openAppendCount == 0 { session.isImporter = accepted.count >= Self.bulkRequestCountMin }
        session.openAppendCount += 1
        guard !session.isImporter else { return submit(accepted, [order], from: session.id) }
        if orders.isEmpty {
            // Runs when the loop has looked after every socket that is ready now.
            loop.assumeIsolated().execute { self.submitGathered() }
        }
        orders.append(order)
        requests += accepted
        for request in accepted { gatheredByteCount += request.dataByteCount }
        if requests.count >= Self.requestCountMax || gatheredByteCount >= Self.byteCountMax { submitGathered() }
    }

    private func submitGathered() {
        guard !orders.isEmpty else { return }
        let (gathered, customers) = (requests, orders)
        requests = []
        orders = []
        gatheredByteCount = 0
        submit(gathered, customers, from: 0)
    }

    private func submit(_ requests: [AppendRequest], _ orders: [Order], from source: UInt64) {
        let work = NIOLoopBound((desk: self, orders: orders), eventLoop: loop)
        guard !requests.isEmpty else { return loop.execute { work.value.desk.deliver([], to: work.value.orders) } }
        log.submit(requests, from: source) { [loop] outcomes in
            loop.execute { work.value.desk.deliver(outcomes, to: work.value.orders) }
        }
    }

    /// Gives every session its replies first, then sends what each has.
    private func deliver(_ outcomes: [Result<[AppendReceipt], AppendError>], to orders: [Order]) {
        var next = outcomes.makeIterator()
        for order in orders {
            order.session.openAppendCount -= 1
            order.session.deliver(order.ticket, Self.reply(to: order.content, &next))
        }
        for order in orders { order.session.flush() }
    }

    private static func reply(
        to content: Order.Content, _ outcomes: inout IndexingIterator<[Result<[AppendReceipt], AppendError>]>
    ) -> Reply {
        func next() -> Result<[AppendReceipt], AppendError> {
            guard let outcome = outcomes.next() else { preconditionFailure("every request has an outcome") }
            return outcome
        }
        switch content {
        case .refused(let refusal): return .value(refusal)
        case .append:
            switch next() {
            case .success(let receipts): return .receipts(receipts)
            case .failure(let error): return .refusal(error)
            }
        case .ingest(let lineCount, let refused):
            var lines: [Reply.LineOutcome] = []
            lines.reserveCapacity(lineCount)
            for place in 0..<lineCount {
                if !refused.isEmpty, let refusal = refused[place] {
                    lines.append(.refused(refusal))
                    continue
                }
                switch next() {
                case .success(let receipts):
                    lines.append(.recorded(receipts[0].position, isDuplicate: receipts[0].isDuplicate))
                case .failure(let error): lines.append(.refused(.refusal(error)))
                }
            }
            return .lines(lines)
        }
    }
}
