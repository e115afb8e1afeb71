internal import EventLog
internal import EventModel
internal import ProjectionRuntime
internal import WireProtocol

/// Says how the server is: as a map for programs, and as the text that Redis tools expect of `INFO`.
struct AdminService: Sendable {
    let log: EventLog
    let views: ProjectionRuntime
    let connections: Connections
    let version: String
    let started = ContinuousClock.now

    private var uptimeSeconds: Int64 { (ContinuousClock.now - started).components.seconds }

    var status: RESPValue {
        let log = log.status
        return .fields([
            "version": .text(version), "uptime_seconds": .integer(uptimeSeconds),
            "connections": .integer(Int64(connections.count)), "durability": .text(LogStatus.durability),
            "log": Self.log(log),
            "views": .array(views.status.map(Self.view)),
        ])
    }

    static func log(_ status: LogStatus) -> RESPValue {
        .fields([
            "state": .text(status.isWritable ? "open" : "failed"), "events": .position(status.end),
            "sealed_events": .position(status.sealedEnd),
            "unsealed_bytes": .integer(Int64(status.unsealedByteCount)),
            "used_bytes": .integer(Int64(status.usedByteCount)), "max_bytes": .integer(Int64(status.maxByteCount)),
            "disk_free_bytes": status.freeByteCount.map { .integer(Int64($0)) } ?? .null,
            "disk_reserve_bytes": status.reserveByteCount.map { .integer(Int64($0)) } ?? .null,
            "recorded_ahead_ms": .integer(status.recordedAheadMilliseconds),
            "sealing_failure": status.sealingFailure.map(RESPValue.text) ?? .null,
            "indexed_events": .integer(Int64(clamping: status.indexedEventCount)),
            "index_bytes": .integer(Int64(status.indexByteCount)),
            "index_failure": status.indexFailure.map(RESPValue.text) ?? .null,
        ])
    }

    private static func view(_ status: ProjectionRuntime.Status) -> RESPValue {
        .fields([
            "name": .text(status.name), "version": .integer(Int64(status.version)), "state": .text(status.state),
            "events": .position(status.next), "lag_events": .integer(Int64(clamping: status.lagEventCount)),
            "lag_ms": .integer(status.lagMilliseconds), "failure": status.failure.map(RESPValue.text) ?? .null,
        ])
    }

    func info(_ sections: [String]) -> RESPValue {
        let log = log.status
        let all = [
            ("Server", ["rapport_version:\(version)", "uptime_in_seconds:\(uptimeSeconds)"]),
            ("Clients", ["connected_clients:\(connections.count)", "maxclients:\(connections.countMax)"]),
            (
                "Log",
                [
                    "log_state:\(log.isWritable ? "open" : "failed")", "log_events:\(log.end)",
                    "log_used_bytes:\(log.usedByteCount)", "log_max_bytes:\(log.maxByteCount)",
                ]
            ),
            (
                "Views",
                views.status.map {
                    "\($0.name):state=\($0.state),version=\($0.version),events=\($0.next),lag=\($0.lagEventCount)"
                }
            ),
        ]
        let wanted = Set(sections.map { $0.lowercased() })
        let chosen = all.filter { wanted.isEmpty || wanted.contains($0.0.lowercased()) }
        return .text(chosen.map { "# \($0.0)\r\n" + $0.1.map { $0 + "\r\n" }.joined() }.joined(separator: "\r\n"))
    }
}
