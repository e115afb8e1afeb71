import CRMEvents
import Testing

@Suite struct `The catalog in code` {
    @Suite(.enabled(if: CatalogDocument.isThere, "shared/design/CATALOG.md is not beside the package"))
    struct `equals the document` {
        let document: CatalogDocument

        init() throws { document = try CatalogDocument() }

        @Test func `type by type`() {
            #expect(document.rows.count == 128)
            #expect(Set(document.rows.keys) == Set(Catalog.standard.types.map(\.name)))
        }

        @Test func `field by field, with kinds, words and marks`() throws {
            for type in Catalog.standard.types {
                #expect(Set(notation(of: type)) == document.rows[type.name]?.fields, "\(type.name)")
            }
        }

        @Test func `reference by reference`() throws {
            for type in Catalog.standard.types {
                let terms = type.terms.map { $0.name + ($0.isAnchor ? "⚓" : "") }
                #expect(terms == document.rows[type.name]?.terms, "\(type.name)")
            }
        }

        @Test func `subject by subject, and purpose by purpose`() throws {
            for type in Catalog.standard.types {
                let words = type.subject.map { rule in rule.purpose.map { "\(rule.words) · \($0)" } ?? rule.words }
                #expect(words ?? "" == document.rows[type.name]?.subject, "\(type.name)")
            }
        }

        @Test func `stream by stream`() throws {
            for type in Catalog.standard.types {
                let row = try #require(document.rows[type.name])
                let prefix = type.name.prefix { $0 != "." }
                switch (type.stream, row.stream) {
                case (.own, "the target's own"?), (.named, "the party's own"?), (.any, "the corrected event's"?): break
                case (.named, let remark?): #expect(remark.hasPrefix("the survivor's own"), "\(type.name)")
                case (.fixed(let name), let remark?):
                    #expect(remark == name || name == "system-log" && remark.hasPrefix("system"), "\(type.name)")
                case (_, let remark?):
                    let category = remark.prefix { $0.isLetter }
                    #expect(type.stream.category.map { $0[...] } == category, "\(type.name)")
                case (_, nil):
                    #expect(type.stream.category.map { $0[...] } == prefix, "\(type.name)")
                }
            }
        }

        /// `{party}` in a heading is a field that names a party; `{case id}` and the like are no field at all.
        @Test func `entity by entity`() throws {
            for type in Catalog.standard.types {
                let row = try #require(document.rows[type.name])
                let template: String
                switch type.stream {
                case .entity(_, let field): template = "-{\(field)}"
                case .pair(_, let first, let second): template = "-{\(first)}-{\(second)}"
                default: continue
                }
                guard let category = type.stream.category, !row.heading.isEmpty else { continue }
                let streams = row.heading.filter { $0.hasPrefix(category + "-") }
                let words = [template, template.replacing("{party_id}", with: "{party}")].map { category + $0 }
                let isMessage = type.name == "email.engaged"  // the interaction of the sent mail
                #expect(isMessage || streams.contains(where: words.contains), "\(type.name): \(streams)")
            }
        }

        @Test func `body by body of the rules`() {
            #expect(Set(RuleBody.all.map(\.kind)) == Set(document.bodies.keys))
            for body in RuleBody.all {
                #expect(Set(body.fields.map(\.notation)) == document.bodies[body.kind], "\(body.kind)")
            }
        }

        @Test func `word by word of a line`() {
            #expect(Mutator.line.map(\.notation).joined(separator: ", ") == document.line)
        }

        /// The data column in our words: a choice puts `!` on its last field.
        private func notation(of definition: EventTypeDefinition) -> [String] {
            definition.fields.map { field in
                let isLastOfChoice = field.name == definition.exactlyOneOf.last
                return isLastOfChoice ? field.notation + "!" : field.notation
            }
        }
    }

    @Test func `lists each type once, with a summary`() {
        let types = Catalog.standard.types
        #expect(Set(types.map(\.name)).count == types.count)
        for type in types {
            #expect(type.summary.hasSuffix(".") && !type.summary.contains("\n") && type.schema == 1)
            #expect(type.allFields.count <= 64 && Set(type.allFields.map(\.name)).count == type.allFields.count)
            let names = Set(type.fields.map(\.name))
            #expect(names.isSuperset(of: type.terms.map(\.field)) && names.isSuperset(of: type.exactlyOneOf))
        }
    }

    /// CATALOG.md section 3 names the purpose of a note for each section, and who the subject is then.
    @Test func `seals a note under the anchor where the document names nobody`() throws {
        for (name, purpose) in [
            ("account.classified", .identity), ("consent.granted", .identity), ("lead.assigned", .sales),
            ("task.completed", .sales), ("segment.membership_changed", .marketing), ("quote.sent", .contract),
            ("contract.signed", .contract), ("order.placed", .finance), ("subscription.started", .finance),
            ("ticket.resolved", .service), ("loyalty.enrolled", .service), ("goal.set", .staff),
            ("import.started", .staff),
        ] as [(String, Purpose)] {
            let sealing = try #require(Catalog.standard[name]).sealing
            #expect(sealing.subjects == [.anchor] && sealing.purpose == purpose, "\(name)")
        }
        #expect(try #require(Catalog.standard["event.corrected"]).sealing.purpose == nil)
    }

    @Test func `names the personal members by dotted paths`() throws {
        func paths(_ name: String) throws -> [String] { try #require(Catalog.standard[name]).personalPaths.map(\.path) }
        #expect(
            try paths("lead.captured") == [
                "person.given_name", "person.family_name", "person.email", "person.phone", "message", "note",
            ])
        #expect(
            try paths("contact.updated") == [
                "changes.given_name", "changes.family_name", "changes.email", "changes.phone", "changes.wechat_id",
                "changes.birth_date", "note",
            ])
        #expect(try paths("order.approved") == ["note"])
    }

    @Test func `decodes every type that it accepts into its group`() throws {
        for example in Example.all {
            let definition = try #require(Catalog.standard[example.type])
            #expect(try decoded(example.type, example.stream, example.minimal).group == definition.group)
        }
    }
}
