import EventClient
import EventModel
import ImportMapping

/// Sends events in batches, several at once on one connection, and settles their answers in order.
///
/// A batch is on its way before the next one is made, and the server takes up the commands of one connection in the
/// order in which they arrive. So events of one stream keep their order.
///
/// Where the server is busy, everything on its way is settled first, then what it turned away goes again, and from then
/// on one batch is under way at a time. What was on its way behind the first batch that was turned away may have been
/// taken before it; whoever cannot have even that sends one batch at a time from the start (`--in-flight 1`).
struct Importer {
    private struct Flight {
        let batch: EventBatch
        let answer: Task<Result<[Result<IngestReceipt, AppendError>], AppendError>, Never>
    }

    private let client: EventClient
    private let tally: Tally
    private let batchCountMax: Int
    private var flightCountMax: Int
    private var batch = EventBatch()
    private var flights: [Flight] = []
    private var turnedAway: [MappedEvent] = []

    /// How long to wait for a busy server: at first, and at most.
    private static let pauses = (first: Duration.milliseconds(50), last: Duration.seconds(2))

    init(_ client: EventClient, _ tally: Tally, batch: Int, inFlight: Int) {
        self.client = client
        self.tally = tally
        batchCountMax = batch
        flightCountMax = inFlight
    }

    /// Imports everything, or until the interruption; what was sent is settled in either case.
    mutating func run(_ source: inout EventSource, until interruption: Interruption) async throws {
        reading: while let items = try source.next() {
            for item in items {
                if interruption.isRequested { break reading }
                switch item {
                case .row: tally.countRow()
                case .event(let event): try await add(event)
                case .rejected(let rejection): try tally.reject(rejection)
                }
            }
        }
        if !interruption.isRequested { try await send() }
        try await settleAll()
    }

    private mutating func add(_ event: MappedEvent) async throws {
        if batch.take(event, countMax: batchCountMax) { return }
        try await send()
        _ = batch.take(event, countMax: batchCountMax)
    }

    private mutating func send() async throws {
        guard !batch.events.isEmpty else { return }
        while flights.count >= flightCountMax { try await settleOldest() }
        if !turnedAway.isEmpty { try await settleAll() }
        depart(batch)
        batch = EventBatch()
    }

    /// Starts at once, up to the first suspension: by then the client has queued the command.
    private mutating func depart(_ batch: EventBatch) {
        let client = client
        let lines = batch.events.map(\.bytes)
        let answer = Task.immediate { () async -> Result<[Result<IngestReceipt, AppendError>], AppendError> in
            do throws(AppendError) {
                return .success(try await client.ingest(lines: lines))
            } catch {
                return .failure(error)
            }
        }
        flights.append(Flight(batch: batch, answer: answer))
    }

    private mutating func settleAll() async throws {
        while !flights.isEmpty { try await settleOldest() }
        if !turnedAway.isEmpty { flightCountMax = 1 }
        var pause = Self.pauses.first
        while !turnedAway.isEmpty {
            tally.showProgress(isBusy: true)
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.pauses.last)
            var again = turnedAway[...]
            turnedAway = []
            while let first = again.first, turnedAway.isEmpty {
                var retry = EventBatch()
                _ = retry.take(first, countMax: 1)
                again.removeFirst()
                while let event = again.first, retry.take(event, countMax: batchCountMax) { again.removeFirst() }
                depart(retry)
                try await settleOldest()
            }
            turnedAway += again
        }
    }

    private mutating func settleOldest() async throws {
        let flight = flights.removeFirst()
        switch await flight.answer.value {
        case .success(let results):
            for (event, result) in zip(flight.batch.events, results) { try settle(event, result) }
        case .failure(let error) where error.code == .busy:
            turnedAway += flight.batch.events
        case .failure(let error):
            throw Failure(error)
        }
        tally.showProgress()
    }

    private mutating func settle(_ event: MappedEvent, _ result: Result<IngestReceipt, AppendError>) throws {
        switch result {
        case .success(let receipt): tally.countAnswer(isDuplicate: receipt.isDuplicate)
        case .failure(let error):
            switch error.code {
            case .busy: turnedAway.append(event)
            case .logFull, .logFailed, .unavailable: throw Failure(error)
            default:
                try tally.reject(
                    Rejection(
                        line: event.line, code: error.code.rawValue, reason: error.description,
                        text: String(decoding: event.bytes, as: UTF8.self)))
            }
        }
    }
}
