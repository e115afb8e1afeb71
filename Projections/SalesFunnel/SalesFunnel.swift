public import CRMEvents
import EventModel
public import ProjectionRuntime

/// The sales funnel: where opportunities stand and stood, and what became of leads.
///
/// The rows hold the steps of every deal and lead, and the published pipelines; all figures are drawn
/// from them when somebody asks. A report is a pure function over the rows, so the order in which
/// streams were imported, and a pipeline that is published late, change nothing.
///
/// A row is changed by the events of its own stream only: an opportunity, a lead, a rule, or a party that others were
/// merged into.
public final class SalesFunnel: ReadModel {
    public static let name = "sales-funnel"
    public static let version: UInt32 = 4
    public static let handles: Set<EventGroup> = [.opportunity, .lead, .rule, .party]

    static let dealTable = TableName<String, DealRow>("deals")
    static let leadTable = TableName<String, LeadRow>("leads")
    static let mergeTable = TableName<String, MergeRow>("merges")
    static let pipelineTable = TableName<String, PipelineRow>("pipelines")

    private let deals: Table<String, DealRow>
    private let leads: Table<String, LeadRow>
    private let merges: Table<String, MergeRow>
    private let pipelines: Table<String, PipelineRow>

    public init(tables: TableSet) {
        deals = tables.open(Self.dealTable)
        leads = tables.open(Self.leadTable)
        merges = tables.open(Self.mergeTable)
        pipelines = tables.open(Self.pipelineTable)
    }

    public static func entity(of event: CRMEvent) -> EntityKey { EntityKey(event.stream.text) }

    public func apply(_ event: CRMEvent) {
        let (time, position) = (event.time.milliseconds, Int64(clamping: event.position.index))
        switch event.body {
        case .opportunity(let body):
            deals.update(String(event.stream.id), orInsert: DealRow()) { $0.take(body, at: time, position: position) }
        case .lead(let body):
            leads.update(String(event.stream.id), orInsert: LeadRow()) { $0.take(body, at: time, position: position) }
        case .rule(.published(let rule)):
            guard let version = PipelineVersion(rule, position: position) else { return }
            pipelines.update(rule.ruleID, orInsert: PipelineRow()) { $0.publications.append(version) }
        case .party(let body):
            switch body {
            case .merged, .unmerged:
                merges.update(event.stream.text, orInsert: MergeRow()) { $0.take(body, at: time, position: position) }
            default: break  // Of nobody's identity.
            }
        default: break  // Of another group: the runtime hands none over.
        }
    }
}
