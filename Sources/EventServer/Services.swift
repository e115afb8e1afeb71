internal import EventLog
internal import ProjectionRuntime
internal import WireProtocol

/// What a connection can ask for, by family of requests.
struct Services: Sendable {
    let appends: AppendService
    let reads: ReadService
    let views: ViewService
    let admin: AdminService

    init(_ log: EventLog, _ runtime: ProjectionRuntime, version: String) {
        appends = AppendService(log)
        reads = ReadService(log: log)
        views = ViewService(views: runtime)
        admin = AdminService(log: log, views: runtime, version: version)
    }

    /// Carries out a request. `completion` is called once, on any thread.
    ///
    /// Returns what can be cancelled: reads and questions, which may wait.
    func carryOut(
        _ request: Request, connectionCount: Int, completion: @escaping @Sendable (RESPValue) -> Void
    ) -> Task<Void, Never>? {
        switch request {
        case .log(.append(let drafts)): appends.append(drafts, completion: completion)
        case .log(.ingest(let lines)): appends.ingest(lines, completion: completion)
        case .log(.read(let page)): return Task { completion(await reads.page(page)) }
        case .log(.stream(let name)): return Task { completion(await reads.stream(name)) }
        case .view(let request): return Task { completion(await views.reply(to: request)) }
        case .admin(let request): completion(admin.reply(to: request, connectionCount: connectionCount))
        case .connection: preconditionFailure("the session answers what concerns the connection alone")
        }
        return nil
    }
}
