import EventModel
import EventTestKit
import Foundation
import LMDB
import SeededRandom
import Testing

@testable import SubjectKeys

@Suite struct `The key store` {
    @Test func `opens after a restart what was sealed before`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("email", #""a@example.com""#))
        let sealed: SealedFields
        do {
            let keys = try home.open()
            sealed = try home.seal(personal, in: keys)
            try keys.commitNewKeys()
        }
        let keys = try home.open()
        #expect(try keys.open(sealed) == .opened(personal))
        let again = try home.seal(personal, in: keys)
        #expect(again.slot.key == sealed.slot.key)
        #expect(again.contentTag == sealed.contentTag)
        #expect(again.blob != sealed.blob)
    }

    @Test func `gives every subject and purpose a key of its own`() throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        let personal = try fields(("email", #""a@example.com""#))
        // The last two names have the same letters in the same order.
        let names = [
            ann, KeyName(subject: "contact-17", purpose: "sales"), KeyName(subject: "contact-18", purpose: "identity"),
            KeyName(subject: "a", purpose: "bc"), KeyName(subject: "ab", purpose: "c"),
        ]
        let sealed = try names.map { try home.seal(personal, for: $0, in: keys) }
        #expect(Set(sealed.map(\.slot.key)).count == names.count)
        #expect(Set(sealed.map(\.contentTag)).count == names.count)
        #expect(sealed.map(\.slot.purpose) == names.map(\.purpose))
        try keys.commitNewKeys()
        for one in sealed { #expect(try keys.open(one) == .opened(personal)) }
    }

    /// A crash after sealing and before the sync: the key is gone, and so must be everything under it.
    @Test func `forgets a key that was never committed`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("email", "1"))
        let lost = try home.seal(personal, in: try home.open())
        let keys = try home.open()
        #expect(throws: SealedFieldsError.unknownKey) { try keys.open(lost) }
        #expect(try home.seal(personal, in: keys).slot.key != lost.slot.key)
    }

    /// A crash between the commit of a key and the event that would use it: the key is there, and is used next time.
    @Test func `keeps a key whose event was never recorded`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("email", "1"))
        let keyID: String
        do {
            let keys = try home.open()
            keyID = try home.seal(personal, in: keys).slot.key
            try keys.commitNewKeys()
        }
        #expect(try home.seal(personal, in: try home.open()).slot.key == keyID)
    }

    @Test func `has one key per name, however many threads ask at once`() async throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        let personal = try fields(("email", "1"))
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for seed in 0..<8 {
                group.addTask {
                    var random = SplitMix64(seed: UInt64(seed) + 100)
                    return try (0..<200).map { person in
                        let event = EventKey(source: "/t", id: "\(seed)-\(person)")
                        let name = KeyName(subject: "contact-\(person)", purpose: "identity")
                        let sealed = try keys.seal(personal, for: name, event: event, schema: 1, using: &random)
                        try keys.commitNewKeys()
                        let opened = try keys.open(sealed.slot, sealed.blob, event: event, schema: 1, right: .every)
                        return opened == .opened(personal) ? sealed.slot.key : "not opened"
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ids).count == 1)
        #expect(Set(ids[0]).count == 200)
        #expect(try keys.store.rows(of: .keys).count == 200)
    }

    @Test func `keeps no more keys in memory than it may`() throws {
        let home = try KeyDirectory()
        let keys = try home.open(cachedKeyCountMax: 10)
        let personal = try fields(("email", "1"))
        var all: [SealedFields] = []
        for person in 0..<100 {
            let name = KeyName(subject: "contact-\(person)", purpose: "identity")
            all.append(try home.seal(personal, for: name, in: keys))
            try keys.commitNewKeys()
            #expect(keys.cachedKeyCount <= 10)
        }
        for sealed in all.shuffled(using: &home.random) {
            #expect(try keys.open(sealed) == .opened(personal))
            #expect(keys.cachedKeyCount <= 10)
        }
    }

    @Test func `shows nothing without the right, and says when the key was never there`() throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        let personal = try fields(("email", "1"))
        var sealed = try home.seal(personal, in: keys)
        try keys.commitNewKeys()
        #expect(try keys.open(sealed, right: .only(["sales"])) == .sealed)
        #expect(try keys.open(sealed, right: .only([])) == .sealed)
        #expect(try keys.open(sealed, right: .only(["sales", "identity"])) == .opened(personal))
        let event = EventKey(source: "/crm/web", id: "1")
        #expect(throws: SealedFieldsError.noBlob) {
            try keys.open(sealed.slot, nil, event: event, schema: 1, right: .every)
        }
        for keyID in ["", "k-0", String(repeating: "x", count: 600), "k\0"] {
            var slot = sealed.slot
            slot.key = keyID
            sealed = SealedFields(slot: slot, blob: sealed.blob, contentTag: sealed.contentTag)
            #expect(throws: SealedFieldsError.unknownKey) { try keys.open(sealed) }
        }
    }

    @Test(arguments: [0, 129, 70_000]) func `refuses names of no or too many bytes`(count: Int) throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        let name = String(repeating: "x", count: count)
        for bad in [KeyName(subject: name, purpose: "p"), KeyName(subject: "s", purpose: name)] {
            #expect(throws: SealError.nameByteCount(count)) {
                try home.seal(try fields(("a", "1")), for: bad, in: keys)
            }
        }
    }

    @Test func `is not opened with another root key, nor without its epoch keys`() throws {
        let home = try KeyDirectory()
        do {
            let keys = try home.open()
            _ = try home.seal(try fields(("a", "1")), in: keys)
            try keys.commitNewKeys()
            try keys.rewrap(using: &home.random)
        }
        let other = home.directory.path + "/other.key"
        let root = try FileKeyRoot.create(at: other, using: &home.random)
        func open(_ root: FileKeyRoot, epochs: String) throws -> SubjectKeys {
            try SubjectKeys(
                at: home.storePath, epochsAt: epochs, root: root, origin: "o", mapByteCount: 64 << 20,
                using: &home.random)
        }
        #expect(throws: KeyStoreError.root(.otherRoot)) { try open(root, epochs: home.epochPath) }
        #expect(throws: KeyStoreError.epochsStale(stored: 2, known: 1)) {
            try open(try FileKeyRoot(at: home.rootPath), epochs: home.directory.path + "/fresh")
        }
        _ = try home.open()
    }

    /// LMDB 0.9 returns damaged bytes as they are: a flip in a row is found by the checksum, or by the cipher.
    @Test func `finds a flipped bit in every byte of a key's rows`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("a", "1"))
        let sealed: SealedFields
        do {
            let keys = try home.open()
            sealed = try home.seal(personal, in: keys)
            try keys.commitNewKeys()
        }
        let path = home.storePath + "/g1/data.mdb"
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var found = 0
        for needle in [ann.bytes, Array(sealed.slot.key.utf8)] {
            for start in whole.indices where whole[start...].starts(with: needle) {
                for place in start..<min(start + needle.count + 20, whole.count) {
                    var damaged = whole
                    damaged[place] ^= 1 << (place % 8)
                    try Data(damaged).write(to: URL(fileURLWithPath: path))
                    let keys = try home.open()
                    let opened = try? keys.open(sealed)
                    // What is opened is never something else. A flip beside the row, or in a key, hides a row.
                    #expect(opened == nil || opened == .opened(personal))
                    found += opened == nil ? 1 : 0
                }
            }
        }
        #expect(found > 50)
    }

    @Test func `refuses rows of any bytes without a trap`() throws {
        let seed = UInt64(77)
        var random = SplitMix64(seed: seed)
        let stored = StoredKey(epoch: 7, name: ann, wrapped: [UInt8](repeating: 9, count: WrappedKey.byteCount))
        let rows = [NameRow.live(keyID: "k-1").bytes, KeyRow.live(stored).bytes, Position(5).tombstone, ann.bytes]
        #expect(KeyRow(rows[1]) == .live(stored))
        for round in 0..<20_000 {
            var row = rows[round % rows.count]
            switch random.next() % 3 {
            case 0: row.removeLast(Int.random(in: 1...row.count, using: &random))
            case 1: row += random.bytes(Int.random(in: 1...9, using: &random))
            default: row = random.bytes(Int.random(in: 0...120, using: &random))
            }
            // Other lengths than their own are never taken for rows; random bytes may be a row by chance.
            let read: [[UInt8]?] = [NameRow(row)?.bytes, KeyRow(row)?.bytes, KeyName(row)?.bytes]
            for bytes in read { #expect(bytes == nil || bytes == row, "seed \(seed), round \(round)") }
            for table in KeyTable.allCases {
                #expect(throws: table.damaged, "seed \(seed), round \(round)") { try table.value(of: row, for: [1]) }
            }
        }
    }

    @Test func `says that there is no room as the log does`() {
        let full = KeyStoreError.noRoom
        #expect(full.code == .logFull && full.description.components(separatedBy: ". ").count == 3)
        #expect(KeyStoreError.storage(.diskFull).isOutOfSpace && !KeyStoreError.storage(.mapFull).isOutOfSpace)
    }

    @Test func `names neither people nor keys in its errors`() throws {
        let errors: [any ExplainedError] = [
            SealError.unfit(.name), SealError.nameByteCount(7), SealError.erased(at: Position(3)),
            SealError.cipherFailed, SealedFieldsError.unknownKey, SealedFieldsError.otherKey, SealedFieldsError.noBlob,
            SealedFieldsError.otherBlob,
            SealedFieldsError.form, SealedFieldsError.notAuthentic, SealedFieldsError.otherFields,
            KeyStoreError.damagedRow("keys"),
            KeyStoreError.epochMissing(3), KeyStoreError.epochsStale(stored: 2, known: 1), KeyStoreError.root(.missing),
        ]
        for error in errors {
            #expect(error.description.split(separator: ". ").count == 3, "\(error.description)")
            #expect(error.description.first?.isLowercase == true && error.description.hasSuffix("."))
        }
    }
}
