public import CRMEvents
import EventModel
public import ProjectionRuntime

/// The sales funnel: where opportunities stand and stood, and what became of leads.
///
/// The rows hold the steps of every deal and lead, and the published pipelines; all figures are drawn
/// from them when somebody asks. A report is a pure function over the rows, so the order in which
/// streams were imported, and a pipeline that is published late, change nothing.
public final class SalesFunnel: ReadModel {
    public static let name = "sales-funnel"
    public static let version: UInt32 = 1
    public static let handles: Set<EventGroup> = [.opportunity, .lead, .rule]

    static let dealTable = TableName<String, DealRow>("deals")
    static let leadTable = TableName<String, LeadRow>("leads")
    static let pipelineTable = TableName<String, PipelineRow>("pipelines")

    private let deals: Table<String, DealRow>
    private let leads: Table<String, LeadRow>
    private let pipelines: Table<String, PipelineRow>

    public init(tables: TableSet) {
        deals = tables.open(Self.dealTable)
        leads = tables.open(Self.leadTable)
        pipelines = tables.open(Self.pipelineTable)
    }

    public func apply(_ event: CRMEvent) {
        switch event.body {
        case .opportunity(let body):
            guard DealRow.keeps(body) else { return }
            deals.update(String(event.stream.id), orInsert: DealRow()) { $0.take(body, at: event.time.milliseconds) }
        case .lead(let body):
            leads.update(String(event.stream.id), orInsert: LeadRow()) { $0.take(body, at: event.time.milliseconds) }
        case .rule(.published(let rule)):
            guard let version = PipelineVersion(rule) else { return }
            pipelines.update(rule.ruleID, orInsert: PipelineRow()) { $0.publish(version) }
        default:
            break
        }
    }
}
