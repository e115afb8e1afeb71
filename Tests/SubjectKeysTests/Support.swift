import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import SubjectKeys

/// Reads hexadecimal digits, whitespace between them ignored.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 255) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

let ann = KeyName(subject: "contact-17", purpose: "identity")

/// Fields from paths and JSON texts.
func fields(_ members: (String, String)...) throws -> PersonalFields {
    try PersonalFields(members.map { PersonalField(path: $0.0, value: Array($0.1.utf8)) })
}

/// A random object: one to four fields, some of them nested, with values of every kind.
func randomFields(using random: inout SplitMix64) throws -> PersonalFields {
    let paths = [
        "email", "given_name", "姓名", "person.email", "person.phone", "changes.note.new", "a-b", "\u{10000}", "\u{E000}",
    ]
    let count = Int.random(in: 1...4, using: &random)
    return try PersonalFields(
        paths.shuffled(using: &random).prefix(count).map { path in
            let length = Int.random(in: 0...90, using: &random)
            let text = String(repeating: ["x", "é", "\\n", "公"].randomElement(using: &random) ?? "x", count: length)
            let number = Int.random(in: -9...9, using: &random)
            let values = ["\"\(text)\"", "\(number)", "null", "true", "[1,{\"k\":[]}]"]
            return PersonalField(path: path, value: Array((values.randomElement(using: &random) ?? "0").utf8))
        })
}

/// A directory with a root key, epoch keys and a key store, which can be opened again and again.
final class KeyDirectory {
    let directory: TemporaryDirectory
    var random: SplitMix64

    init(seed: UInt64 = 1) throws {
        directory = try TemporaryDirectory()
        random = SplitMix64(seed: seed)
        _ = try FileKeyRoot.create(at: rootPath, using: &random)
    }

    var rootPath: String { directory.path + "/root.key" }
    var epochPath: String { directory.path + "/epochs" }
    var storePath: String { directory.path + "/keys" }

    func open(cachedKeyCountMax: Int = 1000, origin: String = "rapport.example/log") throws -> SubjectKeys {
        try SubjectKeys(
            at: storePath, epochsAt: epochPath, root: FileKeyRoot(at: rootPath), origin: origin,
            cachedKeyCountMax: cachedKeyCountMax, mapByteCount: 64 << 20, using: &random)
    }

    func seal(
        _ fields: PersonalFields, for name: KeyName = ann, id: String = "1", in keys: SubjectKeys
    ) throws -> SealedFields {
        try keys.seal(fields, for: name, event: EventKey(source: "/crm/web", id: id), schema: 1, using: &random)
    }
}

extension SubjectKeys {
    /// Opens what ``KeyDirectory/seal(_:for:id:in:)`` has sealed.
    func open(_ sealed: SealedFields, id: String = "1", right: ReadingRight = .every) throws(SealedFieldsError)
        -> PersonalReading
    {
        try open(sealed.slot, sealed.blob, event: EventKey(source: "/crm/web", id: id), schema: 1, right: right)
    }
}
