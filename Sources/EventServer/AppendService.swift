internal import EventLog
internal import EventModel
internal import WireProtocol

/// Carries out appends: intake on the connection's own thread, then the writer, then the reply.
struct AppendService: Sendable {
    let log: EventLog
    private let intake = Intake()

    init(_ log: EventLog) { self.log = log }

    /// Appends all or nothing. `completion` is called once, on any thread.
    func append(_ drafts: [StreamDraft], completion: @escaping @Sendable (RESPValue) -> Void) {
        do throws(Refusal) {
            log.submit([try intake.request(drafts: drafts)]) { outcomes in
                switch outcomes[0] {
                case .success(let receipts): completion(.array(receipts.map(Self.reply)))
                case .failure(let error): completion(.refusal(error))
                }
            }
        } catch {
            completion(error.reply)
        }
    }

    /// Appends each line by itself: a line that is refused leaves the others alone.
    func ingest(_ lines: [[UInt8]], completion: @escaping @Sendable (RESPValue) -> Void) {
        var requests: [AppendRequest] = []
        var refusals: [Int: RESPValue] = [:]
        for (place, line) in lines.enumerated() {
            do throws(Refusal) {
                requests.append(try intake.request(line: line))
            } catch {
                refusals[place] = error.reply
            }
        }
        guard !requests.isEmpty else { return completion(.array(lines.indices.map { refusals[$0] ?? .null })) }
        log.submit(requests) { [refusals] outcomes in
            var decided = outcomes.makeIterator()
            completion(
                .array(
                    lines.indices.map { place in
                        if let refusal = refusals[place] { return refusal }
                        switch decided.next() {
                        case .success(let receipts)?: return Self.lineReply(receipts[0])
                        case .failure(let error)?: return .refusal(error)
                        case nil: preconditionFailure("every request has an outcome")
                        }
                    }))
        }
    }

    private static func reply(_ receipt: AppendReceipt) -> RESPValue {
        .fields([
            "stream": .text(receipt.stream.text), "position": .position(receipt.position),
            "revision": .revision(receipt.revision), "duplicate": .boolean(receipt.isDuplicate),
        ])
    }

    private static func lineReply(_ receipt: AppendReceipt) -> RESPValue {
        .fields(["position": .position(receipt.position), "duplicate": .boolean(receipt.isDuplicate)])
    }
}
