internal import CRMEvents
internal import EventLog
internal import EventModel
internal import NIOCore
internal import PersonalData
internal import WireProtocol

/// Takes the appends of all connections of one event loop, and hands them to the log together.
///
/// What the loop reads in one turn of its sockets becomes one submission, and its outcomes come back in one hop: so
/// the cost of both is shared by all who wait, and a lone request waits for nobody. A bulk importer is left out of
/// that: it submits in its own name, and the log serves names in turn. Confined to its loop.
final class AppendDesk {
    /// Requests of one command from which on its connection counts as a bulk importer.
    private static let bulkRequestCountMin = 64
    /// Commands of one connection in a row from which on they are handed over, so that the next are prepared while
    /// these are written.
    private static let pipelinedCountMin = 24
    /// Requests of one submission, at most; more are handed over at once.
    private static let requestCountMax = 1024
    /// Bytes of one submission from which it is handed over at once.
    private static let byteCountMax = 1 << 20

    private let log: EventLog
    private let customs: CustomCatalog
    private let loop: any EventLoop
    private var intake: Intake
    private var gathered: PreparedRequests
    private var orders: [Order] = []
    /// How many of the newest orders one connection sent in a row.
    private var pipelinedCount = 0

    /// What one command asked for: the next so many requests, and who gets the answer.
    private struct Order {
        let session: SessionHandler
        let ticket: SessionState.Ticket
        let content: Content

        enum Content {
            /// One request, with an answer for each of these streams.
            case append([StreamName])
            /// Nothing: the command was refused as a whole.
            case refused(RESPValue)
            /// So many lines; the refused ones by their places.
            case ingest(lineCount: Int, refused: [Int: RESPValue])
        }
    }

    init(_ log: EventLog, _ door: consuming PersonalDoor, _ customs: CustomCatalog, _ loop: any EventLoop) {
        self.log = log
        self.customs = customs
        self.loop = loop
        intake = Intake(door, customs)
        gathered = PreparedRequests(for: log)
    }

    /// Appends all or nothing. The session gets one reply, not before this call returned.
    func append(_ draft: AppendDraft, for session: SessionHandler, _ ticket: SessionState.Ticket) {
        take(1, for: session, ticket) { intake, requests in
            do throws(Refusal) {
                try intake.add(draft, to: &requests)
                return .append(draft.streams.map(\.stream))
            } catch {
                return .refused(error.reply)
            }
        }
    }

    /// Appends each line by itself: a line that is refused leaves the others alone.
    func ingest(_ lines: [[UInt8]], for session: SessionHandler, _ ticket: SessionState.Ticket) {
        take(lines.count, for: session, ticket) { intake, requests in
            var refused: [Int: RESPValue] = [:]
            if requests.isEmpty {
                requests.reserveCapacity(lineCount: lines.count, byteCount: lines.reduce(0) { $0 + $1.count })
            }
            for (place, line) in lines.enumerated() {
                do throws(Refusal) {
                    try intake.add(line: line, to: &requests)
                } catch {
                    refused[place] = error.reply
                }
            }
            return .ingest(lineCount: lines.count, refused: refused)
        }
    }

    private func take(
        _ requestCount: Int, for session: SessionHandler, _ ticket: SessionState.Ticket,
        _ prepare: (inout Intake, inout PreparedRequests) -> Order.Content
    ) {
        // What one connection sends keeps its order, so it goes one way as long as anything of it is on the way.
        if session.openAppendCount == 0 { session.isImporter = requestCount >= Self.bulkRequestCountMin }
        session.openAppendCount += 1
        if session.isImporter {
            var requests = PreparedRequests(for: log)
            let content = prepare(&intake, &requests)
            return submit(requests, [Order(session: session, ticket: ticket, content: content)], from: session.id)
        }
        if orders.isEmpty {
            // Runs when the loop has looked after every socket that is ready now.
            loop.assumeIsolated().execute { self.submitGathered() }
        }
        let content = prepare(&intake, &gathered)
        pipelinedCount = orders.last?.session === session ? pipelinedCount + 1 : 1
        orders.append(Order(session: session, ticket: ticket, content: content))
        if pipelinedCount >= Self.pipelinedCountMin || gathered.count >= Self.requestCountMax
            || gathered.byteCount >= Self.byteCountMax
        {
            submitGathered()
        }
    }

    private func submitGathered() {
        guard !orders.isEmpty else { return }
        let (requests, customers) = (gathered, orders)
        gathered = PreparedRequests(for: log)
        // The next turn of the loop brings about as much as this one.
        gathered.reserveCapacity(lineCount: requests.count, byteCount: requests.byteCount)
        orders = []
        orders.reserveCapacity(customers.count)
        submit(requests, customers, from: 0)
    }

    private func submit(_ requests: consuming PreparedRequests, _ orders: [Order], from source: UInt64) {
        let work = NIOLoopBound((desk: self, orders: orders), eventLoop: loop)
        do throws(Refusal) {
            try intake.commitKeys()
        } catch {
            let refused = orders.map { order in
                Order(session: order.session, ticket: order.ticket, content: .refused(error.reply))
            }
            // Not before this call returned: the session counts on that.
            let work = NIOLoopBound((desk: self, orders: refused), eventLoop: loop)
            return loop.execute { work.value.desk.deliver(.none, to: work.value.orders) }
        }
        let hasDefinitions = intake.takeDefinitions()
        // Who asks alone waits for the disk anyhow; where many ask, the loop prepares the next meanwhile.
        let isMoreComing = orders.count > 1 || orders.contains { $0.session.isImporter }
        log.submit(requests, from: source, isMoreComing: isMoreComing) { [loop] outcomes in
            loop.execute {
                let (desk, orders) = work.value
                // Whoever is told that a definition stands may use it at once.
                if hasDefinitions { try? desk.customs.catchUp(in: desk.log) }
                desk.deliver(outcomes, to: orders)
            }
        }
    }

    /// Gives every session its replies first, then sends what each has.
    private func deliver(_ outcomes: AppendOutcomes, to orders: [Order]) {
        var next = 0
        for order in orders {
            order.session.openAppendCount -= 1
            order.session.deliver(order.ticket, Self.reply(to: order.content, outcomes, &next))
        }
        for order in orders { order.session.flush() }
    }

    private static func reply(to content: Order.Content, _ outcomes: AppendOutcomes, _ next: inout Int) -> Reply {
        switch content {
        case .refused(let refusal): return .value(refusal)
        case .append(let streams):
            next += 1
            switch outcomes[next - 1] {
            case .success(let receipts):
                return .receipts(
                    zip(streams, receipts).map { stream, receipt in
                        AppendReceipt(
                            stream: stream, position: receipt.position, revision: receipt.revision,
                            isDuplicate: receipt.isDuplicate)
                    })
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
                switch outcomes[next] {
                case .success(let receipts):
                    // A line is one event of one stream.
                    for receipt in receipts {
                        lines.append(.recorded(receipt.position, isDuplicate: receipt.isDuplicate))
                    }
                case .failure(let error): lines.append(.refused(.refusal(error)))
                }
                next += 1
            }
            return .lines(lines)
        }
    }
}
