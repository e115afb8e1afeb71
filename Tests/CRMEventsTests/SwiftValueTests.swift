import CanonicalJSON
import EventModel
import Foundation
import Testing

@testable import CRMEvents

@Suite struct `Swift values of the catalog` {
    /// The folder of the sources beside this test.
    private static let events = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/CRMEvents/Events")

    @Test func `are those that the definitions make: else run rapport catalog swift`() throws {
        let files = SwiftValues.files()
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.events.path)
        #expect(Set(found) == Set(files.map(\.name)))
        for file in files {
            let source = try String(contentsOf: Self.events.appending(path: file.name), encoding: .utf8)
            #expect(source == file.source, "\(file.name) is not what the definitions make")
        }
    }

    @Test func `exist for every type, in the group of its definition`() throws {
        for type in Catalog.standard.types {
            let example = try #require(Catalog.standard.example(of: type.name, .full, personal: .leftOut))
            let event = try decoded(type.name, example.stream, example.data)
            #expect(event.group == type.group && event.type == type.name)
            if case .other = event.body { Issue.record("\(type.name) has no value of its own") }
        }
    }

    @Test(arguments: [false, true])
    func `read every public field of every type as the parser does`(isFull: Bool) throws {
        for type in Catalog.standard.types {
            let example = try #require(
                Catalog.standard.example(of: type.name, isFull ? .full : .minimal, personal: .leftOut))
            let event = try decoded(type.name, example.stream, example.data)
            let fields = DataFields(event.page, places: Int(event.entry.places))
            for (place, field) in FieldTable.publicFields(type.fields).enumerated() {
                let expected = example.data[field.name]
                #expect(fields.has(place) == (expected != nil), "\(type.name) \(field.name)")
                #expect(fields.json(place) == expected ?? .null, "\(type.name) \(field.name)")
                switch expected {
                case .text(let text): #expect(fields.text(place) == text)
                case .integer(let integer): #expect(fields.optionalInteger(place) == integer)
                case .boolean(let boolean): #expect(fields.boolean(place) == boolean)
                case .array(let elements):
                    if elements.allSatisfy({ $0.text != nil }) {
                        #expect(fields.texts(place) == elements.compactMap(\.text))
                    }
                default: break
                }
            }
        }
    }

    @Test func `read lines, changes and inner objects`() throws {
        let order = try Example.of("order.placed")
        guard case .order(.placed(let placed)) = try decoded("order.placed", order.stream, order.full).body else {
            Issue.record("not an order")
            return
        }
        let lines = try #require(order.full["lines"]?.elements)
        #expect(placed.lines.map(\.lineID) == lines.compactMap { $0["line_id"]?.text })
        #expect(placed.lines.map(\.unitPrice) == lines.compactMap { $0["unit_price"]?.integer })
        #expect(placed.lines.map(\.quantityMilli) == lines.compactMap { $0["quantity_milli"]?.integer })
        let plan: JSON = [
            "plan_id": "p1", "order_id": "r9", "currency": "CNY",
            "instalments": [["no": 1, "due_date": "2026-03-31", "amount": 500], ["no": 2, "amount": 700]],
        ]
        let event = try decoded("payment_plan.scheduled", "payment_plan-p1", plan)
        guard case .payment(.paymentPlanScheduled(let agreed)) = event.body else {
            Issue.record("not a plan")
            return
        }
        #expect(agreed.instalments.map(\.amount) == [500, 700])
        #expect(agreed.instalments.map(\.dueDate) == ["2026-03-31", nil])
    }

    @Test func `resolve escapes, and pass over names that only look like a field's`() throws {
        let data: JSON = [
            "\"by": "no", "b\\y": "no", "by_": "no", "stage": "mql", "criteria_version": 1,
            "by": "a \"quoted\" \\ name\n",
        ]
        guard case .lead(.qualified(let event)) = try decoded("lead.qualified", "lead-9", data).body else {
            Issue.record("not a qualification")
            return
        }
        #expect(event.by == "a \"quoted\" \\ name\n" && event.stage == "mql" && event.criteriaVersion == 1)
    }

    @Test func `of a batch are those of single events`() throws {
        var batch = EventBatch()
        var single: [CRMEvent] = []
        for (index, type) in Catalog.standard.types.enumerated() {
            let example = try #require(Catalog.standard.example(of: type.name, .full, personal: .leftOut))
            let event = try recorded(type.name, example.stream, example.data, at: UInt64(index))
            event.withView { batch.append($0) }
            single.append(try CRMEvent(event))
        }
        let events = try batch.events()
        #expect(events.map(\.type) == single.map(\.type) && events.map(\.stream) == single.map(\.stream))
        #expect(events.map(\.data) == single.map(\.data) && events.map(\.party) == single.map(\.party))
        #expect(events.map(\.id) == single.map(\.id) && events.map(\.position) == single.map(\.position))
    }
}
