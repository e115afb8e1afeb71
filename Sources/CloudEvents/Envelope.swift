import CanonicalJSON
import EventModel

/// The top-level members of one event, each in its place and not yet checked.
///
/// A member that is `null` counts as absent (CloudEvents JSON format 1.0, section 2.2), except `data`.
struct Envelope {
    var specversion: JSONNode?
    var id: JSONNode?
    var source: JSONNode?
    var type: JSONNode?
    var subject: JSONNode?
    var time: JSONNode?
    var dataschema: JSONNode?
    var datacontenttype: JSONNode?
    var actor: JSONNode?
    var correlation: JSONNode?
    var causation: JSONNode?
    var reason: JSONNode?
    var expect: JSONNode?
    var position: JSONNode?
    var revision: JSONNode?
    var recorded: JSONNode?
    var data: JSONNode?
    /// Everything else: the later `meta`.
    var extensions: [(name: String, value: JSONNode)] = []

    init(_ node: JSONNode) throws(CloudEventError) {
        guard node.kind == .object else {
            throw CloudEventError("outermost value", found: node.found, allowed: "one JSON object per event")
        }
        for (name, value) in node.members where !value.isNull || name == "data" {
            try place(name, value)
        }
    }

    private mutating func place(_ name: String, _ value: JSONNode) throws(CloudEventError) {
        switch name {
        case "specversion": specversion = value
        case "id": id = value
        case "source": source = value
        case "type": type = value
        case "subject": subject = value
        case "time": time = value
        case "dataschema": dataschema = value
        case "datacontenttype": datacontenttype = value
        case "actor": actor = value
        case "correlation": correlation = value
        case "causation": causation = value
        case "reason": reason = value
        case "expect": expect = value
        case "position": position = value
        case "revision": revision = value
        case "recorded": recorded = value
        case "data": data = value
        case "data_base64":
            throw CloudEventError("data_base64", found: value.found, allowed: "the data as a JSON object in 'data'")
        default: extensions.append((name, value))
        }
    }
}

extension JSONNode {
    /// What stands here, in words and without its content.
    var found: String {
        switch kind {
        case .object: "an object of \(count) members"
        case .array: "a list of \(count) elements"
        case .text: "a text of \(text?.utf8.count ?? 0) bytes"
        case .integer: "an integer"
        case .boolean: "a Boolean"
        case .null: "null"
        }
    }
}
