public import CanonicalJSON

extension Catalog {
    /// The JSON Schema (draft 2020-12) of what a producer sends as `data`, personal members included; `nil` for a name
    /// that the catalog does not hold.
    ///
    /// It accepts every event that the check accepts. What it cannot refuse is listed in ``beyondJSONSchema``.
    public func jsonSchema(of type: String) -> JSON? { self[type].map { SchemaWriter.schema(of: $0) } }

    /// What the check refuses and JSON Schema has no words for.
    public static let beyondJSONSchema = [
        "the stream that an event belongs to",
        "totals that are not the sum of their lines",
        "dates, instants and positions that are not in order",
        "two lists of different lengths that belong together",
        "stages of a pipeline that stand twice or go back",
        "the same member name twice, and whatever else is not I-JSON (RFC 7493)",
        "a source of more than 128 bytes that has at most 128 characters",
        "days that the calendar lacks, for validators that do not assert the format date",
        "definitions of fields that are not sound, or contradict an earlier one",
        "types in a rule of retention that the catalog does not hold",
        "more than 28 references in one event",
    ]
}

extension DataRule {
    /// Whether JSON Schema can say the rule.
    public var isInJSONSchema: Bool {
        switch self {
        case .amountsNeedCurrency, .ruleBody, .negativeOnly, .only, .eachHasOne, .eachHasBoth: true
        case .totalOfLines, .ordered, .sameCount, .fieldDefinition: false
        }
    }
}

/// Writes definitions as JSON Schema.
enum SchemaWriter {
    /// The schema of a whole type, with the address that events name as their `dataschema`.
    static func schema(of type: EventTypeDefinition) -> JSON {
        var members = object(type.allFields, isOpen: type.isOpen)
        members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        members["$id"] = .text("urn:rapport:\(type.name):\(type.schema)")
        members["title"] = .text(type.name)
        members["description"] = .text(type.summary)
        var demands = type.rules.flatMap { conditions(of: $0, type) }
        if !type.exactlyOneOf.isEmpty {
            let choice = type.exactlyOneOf.map { name -> JSON in ["required": [.text(name)]] }
            demands.append(["oneOf": .array(choice)])
        }
        if !demands.isEmpty { members["allOf"] = .array(demands) }
        return .object(members)
    }

    private static func object(_ fields: [Field], isOpen: Bool = false) -> JSON.Members {
        var properties: JSON.Members = [:]
        for field in fields {
            var schema = value(field.kind)
            switch field.personal {
            case .always: schema["x-personal"] = "always"
            case .ifNaturalPerson: schema["x-personal"] = "if the account is a natural person"
            case nil: break
            }
            if let unit = field.unit { schema["x-unit"] = .text(unit) }
            if field.isDeprecated { schema["deprecated"] = true }
            properties[field.name] = .object(schema)
        }
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": .boolean(isOpen),
            "required": .array(fields.filter(\.isRequired).map { .text($0.name) }),
        ]
    }

    private static func value(_ kind: FieldKind) -> JSON.Members {
        switch kind {
        case .id, .party, .event, .text, .code, .url, .sha256, .currency, .civilDay: text(kind)
        case .boolean: ["type": "boolean"]
        case .integer: integer("a whole number")
        case .basisPoints: integer("hundredths of a percent")
        case .money: integer("minor units of the currency")
        case .instant:
            integer("milliseconds since 1970 in UTC", CheckTable.instants.lowerBound, CheckTable.instants.upperBound)
        case .seconds: integer("seconds", 0)
        case .enumeration(let words): ["enum": .array(words.map { .text($0) })]
        case .list(let element): ["type": "array", "items": .object(value(element))]
        case .object(let fields): object(fields)
        case .line: object(Field.line)
        case .anyObject: ["type": "object"]
        case .map(_, let element):
            [
                "type": "object", "propertyNames": .object(text(.code)),
                "additionalProperties": .object(value(element)),
            ]
        case .changes(let fields): ["type": "array", "items": ["oneOf": .array(fields.map { change(of: $0) })]]
        case .anyChanges:
            [
                "type": "array",
                "items": [
                    "type": "object", "required": ["field"], "additionalProperties": false,
                    "properties": ["field": .object(text(.code)), "old": true, "new": true],
                ],
            ]
        }
    }

    private static func change(of field: Field) -> JSON {
        let value: JSON = ["anyOf": [["type": "null"], .object(value(field.kind))]]
        return [
            "type": "object", "required": ["field"], "additionalProperties": false,
            "properties": ["field": ["const": .text(field.name)], "old": value, "new": value],
        ]
    }

    private static func integer(
        _ words: String, _ least: Int64 = -9_007_199_254_740_991, _ most: Int64 = 9_007_199_254_740_991
    ) -> JSON.Members {
        ["type": "integer", "description": .text(words), "minimum": .integer(least), "maximum": .integer(most)]
    }

    private static func text(_ kind: FieldKind) -> JSON.Members {
        var schema: JSON.Members = ["type": "string", "description": .text(kind.allowed)]
        switch kind {
        case .id: schema["pattern"] = "^[A-Za-z0-9_.~:-]{1,128}$"
        case .party:
            schema["pattern"] = "^(account|contact|lead|party)-[A-Za-z0-9_.~:-]+$"
            schema["maxLength"] = 128
        case .event: schema["pattern"] = "^([^\\n]{1,128} )?[A-Za-z0-9_.~:-]{1,128}$"
        case .code: schema["pattern"] = "^[a-z0-9_]{1,64}$"
        case .url: schema["pattern"] = "^[^?]*$"
        case .sha256: schema["pattern"] = "^[0-9a-f]{64}$"
        case .currency: schema["pattern"] = "^[A-Z]{3}$"
        case .civilDay:
            schema["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
            schema["format"] = "date"
        default: break
        }
        switch kind {
        case .id, .party: schema["not"] = ["pattern": .text(mobile)]
        case .event: schema["not"] = ["pattern": .text("@|\\+.*[0-9]{7}|\(mobile)")]
        default: break
        }
        return schema
    }

    /// A maximal run of eleven digits that form a mainland mobile number (CATALOG.md section 2).
    private static let mobile = "(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)"

    static func bodySchema(of body: RuleBody) -> JSON {
        var schema = object(body.fields)
        if body.kind == "pipeline", case .object(var properties)? = schema["properties"],
            case .object(var stages)? = properties["stages"]
        {
            stages["minItems"] = 1
            stages["maxItems"] = .integer(Int64(RuleBody.stageCountMax))
            properties["stages"] = .object(stages)
            schema["properties"] = .object(properties)
        }
        return .object(schema)
    }
}
