import CanonicalJSON

extension SchemaWriter {
    /// What a rule over several fields demands; nothing for a rule that JSON Schema cannot say.
    static func conditions(of rule: DataRule, _ type: EventTypeDefinition) -> [JSON] {
        switch rule {
        case .amountsNeedCurrency:
            return type.fields.compactMap { field in
                switch field.kind {
                case .money: ["dependentRequired": .object([field.name: ["currency"]])]
                case .list(of: .line):
                    [
                        "if": [
                            "required": [.text(field.name)],
                            "properties": .object([field.name: ["minItems": 1]]),
                        ],
                        "then": ["required": ["currency"]],
                    ]
                default: nil
                }
            }
        case .ruleBody:
            return RuleBody.all.map { body in
                [
                    "if": ["properties": ["kind": ["const": .text(body.kind)]], "required": ["kind"]],
                    "then": ["properties": ["body": bodySchema(of: body)]],
                ]
            }
        case .negativeOnly(let number, let other):
            return [
                [
                    "if": ["required": [.text(other)]],
                    "then": ["properties": .object([number: ["maximum": -1]])],
                    "else": ["properties": .object([number: ["minimum": 0]])],
                ]
            ]
        case .only(let field, let other):
            return [["dependentRequired": .object([field: [.text(other)]])]]
        case .eachHasOne(let list, let first, let second):
            let choice: JSON = ["oneOf": [["required": [.text(first)]], ["required": [.text(second)]]]]
            return [["properties": .object([list: ["items": choice]])]]
        case .eachHasBoth(let list, let first, let second):
            let both: JSON = ["dependentRequired": .object([first: [.text(second)], second: [.text(first)]])]
            return [["properties": .object([list: ["items": both]])]]
        case .totalOfLines, .ordered, .sameCount, .fieldDefinition: return []
        }
    }
}
