import EventModel
import SubjectKeys

/// Times sealing and opening with three personal fields: `swift run -c release SealBenchmarks DIRECTORY [ROUNDS]`.
@main
struct SealBenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: SealBenchmarks EMPTY-DIRECTORY [ROUNDS]")
            return
        }
        let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
        var random = KeyErasureGenerator()
        let root = try FileKeyRoot.create(at: arguments[1] + "/root.key", using: &random)
        let keys = try SubjectKeys(
            at: arguments[1] + "/keys", epochsAt: arguments[1] + "/epochs", root: root, origin: "rapport.example/log",
            using: &random)
        let values = [
            PersonalField(path: "given_name", value: Array(#""Ann""#.utf8)),
            PersonalField(path: "family_name", value: Array(#""Example""#.utf8)),
            PersonalField(path: "email", value: Array(#""a@example.com""#.utf8)),
        ]
        let personal = try PersonalFields(values)
        let name = KeyName(subject: "contact-17", purpose: "identity")
        let event = EventKey(source: "/crm/web", id: "01JA0000000000000000000001")
        let sealed = try keys.seal(personal, for: name, event: event, schema: 1, using: &random)
        try keys.commitNewKeys()

        try time("three fields to one object", rounds) { _ = try PersonalFields(values) }
        var system = SystemRandomNumberGenerator()
        time("44 random bytes from the system", rounds) { _ = SealRandomness(using: &system) }
        time("44 random bytes", rounds) { _ = SealRandomness(using: &random) }
        try time("seal an object under a known key", rounds) {
            _ = try keys.seal(personal, for: name, event: event, schema: 1, using: &random)
        }
        try time("seal three fields under a known key", rounds) {
            _ = try keys.seal(try PersonalFields(values), for: name, event: event, schema: 1, using: &random)
            try keys.commitNewKeys()
        }
        try time("open under a cached key", rounds) {
            _ = try keys.open(sealed.slot, sealed.blob, event: event, schema: 1, right: .every)
        }
        var person = 0
        try time("seal three fields of a new person", rounds) {
            person += 1
            let name = KeyName(subject: "contact-\(person + 1000)", purpose: "identity")
            _ = try keys.seal(try PersonalFields(values), for: name, event: event, schema: 1, using: &random)
        }
        try time("commit those keys, per key", 1, counting: rounds) { try keys.commitNewKeys() }
    }

    /// Prints the fastest and the median of 15 parts, in nanoseconds per call: other load only ever adds.
    private static func time(
        _ what: String, _ rounds: Int, counting: Int? = nil, _ body: () throws -> Void
    ) rethrows {
        let clock = ContinuousClock()
        let part = max(1, rounds / 15)
        var parts: [Duration] = []
        for _ in 0..<min(15, rounds) { parts.append(try clock.measure { for _ in 0..<part { try body() } }) }
        parts.sort()
        let figures = [parts[0], parts[parts.count / 2]].map { "\(nanoseconds($0) / Int64(counting ?? part))" }
        print("\(figures[0]) ns (median \(figures[1])): \(what)")
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
