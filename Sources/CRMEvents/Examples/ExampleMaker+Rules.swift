import CanonicalJSON

extension ExampleMaker {
    /// Changes what the fields by themselves got wrong together.
    func satisfy(_ rule: DataRule, _ members: inout JSON.Members) {
        switch rule {
        case .amountsNeedCurrency: if members["amount"] != nil { members["currency"] = "CNY" }
        case .totalOfLines: members["total"] = total(of: members["lines"] ?? [])
        case .ruleBody: members["body"] = .object(["stages": [["stage_id": "stage1", "ordinal": 1]]])
        case .fieldDefinition:
            members["entity"] = "account.created"
            members["field"] = "x_example_motto"
            members["type"] = "s"
            members["subject_field"] = members["subject_field"].map { _ in "account_id" }
        case .negativeOnly(let number, let other): if members[other] != nil { members[number] = -1 }
        case .eachHasOne(let list, let first, let second):
            change(list, &members) { entry in
                entry[second] = nil
                entry[first] = .text(first.hasSuffix("_id") ? first.dropLast(3) + "1" : first)
            }
        case .eachHasBoth(let list, let first, let second):
            change(list, &members) { entry in
                if entry[first] == nil { entry[second] = nil }
                if entry[second] == nil { entry[first] = nil }
            }
        case .ordered, .only, .sameCount: break  // equal values of one kind, and one element in every list
        }
    }

    private func change(_ list: String, _ members: inout JSON.Members, _ body: (inout JSON.Members) -> Void) {
        let entries = members[list]?.elements?.map { entry -> JSON in
            guard case .object(var members) = entry else { return entry }
            body(&members)
            return .object(members)
        }
        if let entries { members[list] = .array(entries) }
    }

    private func total(of lines: JSON) -> JSON {
        guard let document = try? JSONDocument(parsing: lines.canonicalBytes) else { return 0 }
        return .integer(OrderTotal.sum(of: document.root.cursor).flatMap(Int64.init(exactly:)) ?? 0)
    }

    /// A stream that the rule allows for the data.
    func stream(_ rule: StreamRule, _ members: JSON.Members) -> String {
        func text(_ field: String) -> String { members[field]?.text ?? "1" }
        switch rule {
        case .entity(let category, let field), .party(let category, let field, _), .either(let category, let field, _):
            if case .either(_, _, let other) = rule, members[field] == nil { return "\(category)-\(text(other))" }
            return "\(category)-\(text(field))"
        case .category(let category): return "\(category)-1"
        case .pair(let category, let first, let second): return "\(category)-\(text(first))-\(text(second))"
        case .member(let category, let list): return "\(category)-\(members[list]?.elements?.first?.text ?? "1")"
        case .named(let field): return text(field)
        case .own(let type, let id): return "\(text(type))-\(text(id))"
        case .fixed(let name): return name
        case .namespace(let word): return "\(word)-1"
        case .any: return "account-42"
        }
    }
}
