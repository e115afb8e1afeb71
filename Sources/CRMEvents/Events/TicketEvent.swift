// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `ticket`.
public enum TicketEvent: Sendable {
    /// A customer asked for help or complained.
    case opened(Opened)
    /// A ticket's kind, class, priority or severity was set.
    case classified(Classified)
    /// An agent or a team became responsible for a ticket.
    case assigned(Assigned)
    /// Somebody answered on a ticket.
    case responded(Responded)
    /// A ticket waits for somebody else, or no longer.
    case statusChanged(StatusChanged)
    /// A ticket went to a higher level of support.
    case escalated(Escalated)
    /// A ticket's question was answered or its problem solved.
    case resolved(Resolved)
    /// A solved ticket came back.
    case reopened(Reopened)
    /// A ticket has a promise to keep, and a clock runs.
    case slaApplied(SlaApplied)
    /// A promise on a ticket was kept, broken or dropped.
    case slaConcluded(SlaConcluded)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "ticket.opened": { .ticket(.opened(.init(view: $0))) },
        "ticket.classified": { .ticket(.classified(.init(view: $0))) },
        "ticket.assigned": { .ticket(.assigned(.init(view: $0))) },
        "ticket.responded": { .ticket(.responded(.init(view: $0))) },
        "ticket.status_changed": { .ticket(.statusChanged(.init(view: $0))) },
        "ticket.escalated": { .ticket(.escalated(.init(view: $0))) },
        "ticket.resolved": { .ticket(.resolved(.init(view: $0))) },
        "ticket.reopened": { .ticket(.reopened(.init(view: $0))) },
        "sla.applied": { .ticket(.slaApplied(.init(view: $0))) },
        "sla.concluded": { .ticket(.slaConcluded(.init(view: $0))) },
    ]
}

extension TicketEvent {
    /// `ticket.opened`.
    ///
    /// Personal, in ``CRMEvent/personal``: `subject`.
    public struct Opened: Sendable {
        let view: DataFields
        public var ticketID: String { view.text(9) }
        public var number: String { view.text(5) }
        public var accountID: String? { view.optionalText(0) }
        public var contactID: String? { view.optionalText(3) }
        public var channel: String { view.text(1) }
        /// `question`, `incident`, `problem`, `complaint`, `return`.
        public var kind: String { view.text(4) }
        /// `low`, `normal`, `high`, `urgent`.
        public var priority: String { view.text(7) }
        public var `class`: String? { view.optionalText(2) }
        public var productID: String? { view.optionalText(8) }
        public var orderID: String? { view.optionalText(6) }
    }
}

extension TicketEvent {
    /// `ticket.classified`.
    public struct Classified: Sendable {
        let view: DataFields
        /// `question`, `incident`, `problem`, `complaint`, `return`.
        public var kind: String? { view.optionalText(1) }
        public var `class`: String? { view.optionalText(0) }
        /// `low`, `normal`, `high`, `urgent`.
        public var priority: String? { view.optionalText(3) }
        public var severity: String? { view.optionalText(4) }
        public var previous: JSON { view.json(2) }
    }
}

extension TicketEvent {
    /// `ticket.assigned`.
    public struct Assigned: Sendable {
        let view: DataFields
        public var assigneeID: String? { view.optionalText(0) }
        public var teamID: String? { view.optionalText(2) }
        public var previousAssigneeID: String? { view.optionalText(1) }
    }
}

extension TicketEvent {
    /// `ticket.responded`.
    public struct Responded: Sendable {
        let view: DataFields
        public var interactionID: String { view.text(2) }
        /// `agent`, `bot`, `customer`.
        public var authorKind: String { view.text(1) }
        /// Absent means false.
        public var `public`: Bool { view.boolean(3) }
        public var articleIDs: [String] { view.texts(0) }
    }
}

extension TicketEvent {
    /// `ticket.status_changed`.
    public struct StatusChanged: Sendable {
        let view: DataFields
        public var from: String { view.text(0) }
        /// `new`, `open`, `pending`, `on_hold`, `solved`, `closed`.
        public var to: String { view.text(2) }
        public var reason: String? { view.optionalText(1) }
    }
}

extension TicketEvent {
    /// `ticket.escalated`.
    public struct Escalated: Sendable {
        let view: DataFields
        public var level: Int64 { view.integer(0) }
        public var toTeamID: String { view.text(2) }
        public var reason: String { view.text(1) }
    }
}

extension TicketEvent {
    /// `ticket.resolved`.
    public struct Resolved: Sendable {
        let view: DataFields
        public var resolutionCode: String { view.text(0) }
        public var rootCause: String? { view.optionalText(2) }
        public var resolverID: String { view.text(1) }
    }
}

extension TicketEvent {
    /// `ticket.reopened`.
    public struct Reopened: Sendable {
        let view: DataFields
        public var reason: String { view.text(0) }
        public var reopenNo: Int64 { view.integer(1) }
    }
}

extension TicketEvent {
    /// `sla.applied`.
    public struct SlaApplied: Sendable {
        let view: DataFields
        public var ticketID: String { view.text(7) }
        public var policyID: String { view.text(4) }
        public var policyVersion: Int64 { view.integer(5) }
        /// `first_reply`, `next_reply`, `requester_wait`, `agent_work`, `resolution`.
        public var metric: String { view.text(3) }
        /// In seconds.
        public var target: Int64 { view.integer(6) }
        public var calendarID: String { view.text(0) }
        public var calendarVersion: Int64 { view.integer(1) }
        /// Milliseconds since 1970 in UTC.
        public var dueAt: Int64 { view.integer(2) }
    }
}

extension TicketEvent {
    /// `sla.concluded`.
    public struct SlaConcluded: Sendable {
        let view: DataFields
        public var ticketID: String { view.text(4) }
        /// `first_reply`, `next_reply`, `requester_wait`, `agent_work`, `resolution`.
        public var metric: String { view.text(2) }
        /// `fulfilled`, `breached`, `cancelled`.
        public var outcome: String { view.text(3) }
        /// In seconds.
        public var elapsed: Int64 { view.integer(1) }
        /// Milliseconds since 1970 in UTC.
        public var at: Int64 { view.integer(0) }
    }
}
