internal import CRMEvents
internal import EventLog
internal import EventModel
internal import PersonalData
internal import ProjectionRuntime
internal import WireProtocol

/// What a connection can ask for, by family of requests.
struct Services: Sendable {
    let reads: ReadService
    let types: TypeService
    let views: ViewService
    let admin: AdminService
    let backups: BackupService
    let seals: SealService

    init(
        _ log: EventLog, _ personal: PersonalReader, _ customs: CustomCatalog, _ runtime: ProjectionRuntime,
        _ connections: Connections, version: String
    ) {
        reads = ReadService(log: log, personal: personal)
        types = TypeService(customs: customs)
        views = ViewService(views: runtime)
        admin = AdminService(log: log, views: runtime, connections: connections, version: version)
        backups = BackupService(log)
        seals = SealService(log)
    }

    /// Carries out a request that is no append: those go through an ``AppendDesk``, and small pages are read by
    /// ``ReadService/smallPage(_:)`` where their connection is. `completion` is called once, on any
    /// thread.
    ///
    /// Returns what can be cancelled: reads and questions, which may wait.
    func carryOut(_ request: Request, completion: @escaping @Sendable (Reply) -> Void) -> Task<Void, Never>? {
        switch request {
        case .log(.read(let page)): return Task { completion(await reads.page(page)) }
        case .log(.stream(let name)): return Task { completion(.value(await reads.stream(name))) }
        case .log(.types(let request)): completion(.value(types.reply(to: request)))
        case .view(let request): return Task { completion(.value(await views.reply(to: request))) }
        case .admin(.backup(let path)): return Task { completion(.value(await backups.backup(to: path))) }
        case .admin(.seal): return Task { completion(.value(await seals.seal())) }
        case .admin(.status): completion(.value(admin.status))
        case .admin(.info(let sections)): completion(.value(admin.info(sections)))
        case .connection: preconditionFailure("the session answers what concerns the connection alone")
        case .log(.append), .log(.ingest): preconditionFailure("the desk of the event loop takes appends")
        }
        return nil
    }
}

extension CustomCatalog {
    /// Reads the definitions that the log has and this catalog does not know yet.
    func catchUp(in log: EventLog) throws(ReadError) {
        try catchUp { (position) throws(ReadError) in
            try log.read(ReadRequest(.query(CatalogHistory.definitions), from: position.index, count: 256))
        }
    }
}
