internal import CloudEvents
internal import EventLog
internal import EventModel
internal import NIOCore
internal import PersonalData
internal import RecordFormat
internal import WireProtocol

/// Carries out reads of the log, off the connections' threads.
struct ReadService: Sendable {
    let log: EventLog
    let personal: PersonalReader

    /// A page of events, each as one CloudEvents line. With `BLOCK` an empty page waits for the first event.
    @concurrent
    func page(_ request: PageRequest) async -> Reply {
        var read = request.read
        let deadline = request.blockMilliseconds.map { ContinuousClock.now + .milliseconds($0) }
        var rest = Duration.zero
        while true {
            let end = log.end
            if let reply = await page(of: read) { return reply }
            guard let deadline, !Task.isCancelled else { return .value(.array([])) }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return .value(.array([])) }
            // What does not match up to here need not be looked at again.
            switch read.selection {
            case .all, .query: read.from = max(read.from ?? 0, end.index)
            case .stream: break  // counted by revision
            }
            // A crowd of followers of what hardly ever comes would look through every commit.
            if rest > .zero { try? await Task.sleep(for: min(rest, left)) }
            rest = min(rest * 2 + .milliseconds(5), Self.restMax)
            await log.waitForEvent(at: end, atMost: max(deadline - ContinuousClock.now, .zero))
        }
    }

    /// How long a follower, after several looks in vain, leaves the log alone before it waits for the next event.
    private static let restMax = Duration.milliseconds(50)

    /// A page that is small and waits for nothing, on the caller's thread; `nil` for any other.
    ///
    /// Handing such a page to another thread and back would cost more than reading it.
    func smallPage(_ request: PageRequest) -> Reply? {
        guard request.read.count <= Self.smallEventCountMax, request.read.recorded == .always,
            request.read.time == .always
        else { return nil }
        if case .query = request.read.selection { return nil }
        var page = PageBuilder(capacity: request.read.count * 512)
        do throws(ReadError) {
            guard try add(to: &page, request.read, goingOnAt: nil) == nil else { return nil }
        } catch {
            return .refusal(error)
        }
        guard page.count == 0 else { return .encoded(page.finish()) }
        return request.blockMilliseconds == nil ? .value(.array([])) : nil
    }

    /// Events of a page that an event loop reads itself.
    private static let smallEventCountMax = 128

    private static let givenUp =
        "the connection ends before the search does. What was found is not known. Connect again and repeat the request."

    /// A page with an event, or why there is none; `nil` if nothing was found.
    ///
    /// A search through many records gives way after some thousand: all reads and questions share a few threads.
    private func page(of read: ReadRequest) async -> Reply? {
        var page = PageBuilder(capacity: min(read.count, 1024) * 512)
        do throws(ReadError) {
            var place = try add(to: &page, read, goingOnAt: nil)
            while place != nil {
                await Task.yield()
                if Task.isCancelled { throw .refused(.unavailable, Self.givenUp) }
                place = try add(to: &page, read, goingOnAt: place)
            }
        } catch {
            return .refusal(error)
        }
        return page.count > 0 ? .encoded(page.finish()) : nil
    }

    /// Adds what is found of a page in one go. Returns where to go on if that is nothing.
    private func add(
        to page: inout PageBuilder, _ read: ReadRequest, goingOnAt place: UInt64?
    ) throws(ReadError) -> UInt64? {
        var failure: ReadError?
        let next = try log.readRecords(read, goingOnAt: place) { record in
            do throws(ReadError) {
                let personal = record.hasSlots ? try self.personal.line(of: record) : []
                page.append { line in
                    Self.append(record, to: &line)
                    if !personal.isEmpty { CloudEvent.append(personal: personal, to: &line) }
                }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return next
    }

    private static func append(_ record: borrowing RecordView, to line: inout [UInt8]) {
        CloudEvent.append(
            position: record.position, revision: record.revision, time: record.time, recorded: record.recorded,
            schema: record.schema, stream: record.utf8(.stream), type: record.utf8(.type),
            source: record.utf8(.source), id: record.utf8(.id), actor: record.utf8(.actor),
            correlation: record.utf8(.correlation), causation: record.utf8(.causation),
            reason: record.utf8(.reason), meta: record.meta, data: record.data, to: &line)
    }

    /// How far a stream has come.
    @concurrent
    func stream(_ name: StreamName) async -> RESPValue {
        do throws(ReadError) {
            guard let state = try log.stream(name) else { return .null }
            return .fields([
                "stream": .text(name.text), "revision": .revision(state.revision),
                "first": .position(state.first), "last": .position(state.last),
            ])
        } catch {
            return .refusal(error)
        }
    }
}
