import EventModel
import EventTestKit
import Foundation
import Testing

@testable import SubjectKeys

@Suite struct `An erased person` {
    @Test func `is gone for every reader, now and after a restart`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("email", #""a@example.com""#))
        let event = EventKey(source: "/crm/web", id: "1")
        var sealed: [SealedFields] = []
        do {
            let keys = try home.open()
            for purpose in ["identity", "sales", "finance"] {
                sealed.append(try home.seal(personal, for: KeyName(subject: "contact-17", purpose: purpose), in: keys))
            }
            try keys.commitNewKeys()
            #expect(try keys.open(sealed[0]) == .opened(personal))
            let fence = try Self.fence(at: 9, purposes: ["identity", "sales", "service"], keys)
            #expect(fence.keyIDs == [sealed[0].slot.key, sealed[1].slot.key])
            try keys.erase(fence)
            try keys.erase(fence)
            #expect(try keys.open(sealed[0]) == .erased(at: Position(9)))
        }
        let keys = try home.open()
        #expect(try keys.appliedPosition == Position(10))
        for one in sealed[..<2] {
            #expect(try keys.open(one) == .erased(at: Position(9)))
            #expect(try keys.open(one.slot, nil, event: event, schema: 1, right: .every) == .erased(at: Position(9)))
        }
        #expect(try keys.open(sealed[2]) == .opened(personal))
        // Also a purpose that never had a key gets none now.
        for purpose in ["identity", "sales", "service"] {
            #expect(throws: SealError.erased(at: Position(9))) {
                try home.seal(personal, for: KeyName(subject: "contact-17", purpose: purpose), in: keys)
            }
        }
    }

    @Test func `is gone although the key was not even committed`() throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        let sealed = try home.seal(try fields(("a", "1")), in: keys)
        try keys.erase(
            ErasureFence(
                position: Position(4), subjects: ["contact-17"], purposes: ["identity"], keyIDs: [], fingerprints: []))
        #expect(try keys.open(sealed) == .erased(at: Position(4)))
        try keys.commitNewKeys()
        #expect(try keys.open(sealed) == .erased(at: Position(4)))
        #expect(throws: SealError.erased(at: Position(4))) { try home.seal(try fields(("a", "1")), in: keys) }
    }

    @Test func `stays gone when an old key store is restored`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("a", "1"))
        let backup = home.directory.path + "/backup"
        let sealed: SealedFields
        let fence: ErasureFence
        do {
            let keys = try home.open()
            sealed = try home.seal(personal, in: keys)
            try keys.commitNewKeys()
            try FileManager.default.copyItem(atPath: home.storePath, toPath: backup)
            fence = try Self.fence(at: 9, purposes: ["identity"], keys)
            try keys.erase(fence)
        }
        try FileManager.default.removeItem(atPath: home.storePath)
        try FileManager.default.copyItem(atPath: backup, toPath: home.storePath)
        do {
            // The rolled-back store knows nothing, and says so by its position: the fences from there on are applied.
            let keys = try home.open()
            #expect(try keys.appliedPosition == nil)
            #expect(try keys.open(sealed) == .opened(personal))
            // By fingerprint alone, as when the key had come back under another id.
            try keys.erase(
                ErasureFence(
                    position: Position(9), subjects: [], purposes: [], keyIDs: [], fingerprints: fence.fingerprints))
            #expect(try keys.open(sealed) == .erased(at: Position(9)))
            #expect(throws: SealError.erased(at: Position(9))) { try home.seal(personal, in: keys) }
            try keys.rewrap(using: &home.random)
            #expect(try keys.store.row(of: ann) == .erased(at: Position(9)))
            #expect(try keys.open(sealed) == .erased(at: Position(9)))
        }
    }

    @Test func `is in no byte of the store after a rewrap, and in no backup after the epoch's end`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("a", "1"))
        let backup = home.directory.path + "/backup"
        let (erased, kept): (SealedFields, SealedFields)
        let wrapped: [UInt8]
        do {
            let keys = try home.open()
            erased = try home.seal(personal, in: keys)
            kept = try home.seal(personal, for: KeyName(subject: "contact-18", purpose: "identity"), in: keys)
            try keys.commitNewKeys()
            try FileManager.default.copyItem(atPath: home.storePath, toPath: backup)
            guard case .live(let stored) = try keys.store.row(of: erased.slot.key) else {
                Issue.record("the key is not there")
                return
            }
            wrapped = stored.wrapped
            #expect(try Self.files(below: home.storePath, contain: wrapped))
            try keys.erase(try Self.fence(at: 9, purposes: ["identity"], keys))
            #expect(try keys.rewrap(using: &home.random) == 2)
            #expect(try !Self.files(below: home.storePath, contain: wrapped))
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.storePath).sorted() == ["CURRENT", "g2"])
            #expect(try keys.open(kept) == .opened(personal))
            #expect(try keys.open(erased) == .erased(at: Position(9)))
            try keys.destroyEpochs(before: 2)
        }
        do {
            let keys = try home.open()
            #expect(try keys.open(kept) == .opened(personal))
            #expect(try keys.open(erased) == .erased(at: Position(9)))
        }
        // The backup still holds the wrapped key, and nothing opens it any more.
        #expect(try Self.files(below: backup, contain: wrapped))
        try FileManager.default.removeItem(atPath: home.storePath)
        try FileManager.default.copyItem(atPath: backup, toPath: home.storePath)
        let keys = try home.open()
        #expect(throws: SealedFieldsError.store(.epochMissing(1))) { try keys.open(erased) }
        #expect(throws: SealError.store(.epochMissing(1))) { try home.seal(personal, in: keys) }
    }

    /// A crash in the middle of a rewrap leaves the old generation or the new one, and rests of the other.
    @Test func `is as it was when a rewrap is cut off`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("a", "1"))
        let sealed: SealedFields
        let old = home.directory.path + "/old"
        do {
            let keys = try home.open()
            sealed = try home.seal(personal, in: keys)
            try keys.commitNewKeys()
            try FileManager.default.copyItem(atPath: home.storePath, toPath: old)
            try keys.rewrap(using: &home.random)
        }
        // Before CURRENT is replaced: generation 2 stands beside generation 1, which counts.
        let files = FileManager.default
        try files.copyItem(atPath: old + "/g1", toPath: home.storePath + "/g1")
        try files.removeItem(atPath: home.storePath + "/CURRENT")
        try files.copyItem(atPath: old + "/CURRENT", toPath: home.storePath + "/CURRENT")
        do {
            let keys = try home.open()
            #expect(try keys.open(sealed) == .opened(personal))
            #expect(try files.contentsOfDirectory(atPath: home.storePath).sorted() == ["CURRENT", "g1"])
            #expect(try keys.rewrap(using: &home.random) == 3)
            #expect(try keys.open(sealed) == .opened(personal))
        }
        // After: generation 1 was not removed yet.
        try files.copyItem(atPath: old + "/g1", toPath: home.storePath + "/g1")
        let keys = try home.open()
        #expect(try keys.open(sealed) == .opened(personal))
        #expect(try files.contentsOfDirectory(atPath: home.storePath).sorted() == ["CURRENT", "g2"])
    }

    @Test func `does not take others along when an epoch ends before the rewrap has`() throws {
        let home = try KeyDirectory()
        let personal = try fields(("a", "1"))
        let sealed: SealedFields
        do {
            let keys = try home.open()
            sealed = try home.seal(personal, in: keys)
            // What a rewrap leaves that is cut off after its first step.
            try keys.epochs.advance(using: &home.random)
            #expect(try keys.destroyEpochs(before: 2) == 1)
        }
        let keys = try home.open()
        #expect(try keys.open(sealed) == .opened(personal))
        #expect(try keys.rewrap(using: &home.random) == 3)
        #expect(try keys.destroyEpochs(before: .max) == 3)
        #expect(try keys.open(sealed) == .opened(personal))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: home.epochPath).sorted() == ["CURRENT", "epoch-3.key"])
    }

    @Test func `changes the count by which a writer finds seals from before`() throws {
        let home = try KeyDirectory()
        let keys = try home.open()
        _ = try home.seal(try fields(("a", "1")), in: keys)
        let before = keys.erasureCount
        try keys.commitNewKeys()
        #expect(keys.erasureCount == before)
        try keys.erase(try Self.fence(at: 1, purposes: ["identity"], keys))
        #expect(keys.erasureCount > before)
    }

    /// Random histories against a model of what must be readable.
    @Test(arguments: [11, 12, 13, 14] as [UInt64]) func `and all others are as a model says`(seed: UInt64) throws {
        let home = try KeyDirectory(seed: seed)
        var keys: SubjectKeys? = try home.open(cachedKeyCountMax: 4)
        var recorded: [(sealed: SealedFields, fields: PersonalFields, name: KeyName)] = []
        var erased: [KeyName: Position] = [:]
        var position: UInt64 = 0
        for round in 0..<300 {
            let comment: Comment = "seed \(seed), round \(round)"
            let name = KeyName(
                subject: "contact-\(Int.random(in: 0..<12, using: &home.random))",
                purpose: Bool.random(using: &home.random) ? "identity" : "sales")
            switch Int.random(in: 0..<20, using: &home.random) {
            case 0:
                keys = nil
                keys = try home.open(cachedKeyCountMax: 4)
            case 1: try keys?.rewrap(using: &home.random)
            case 2...3:
                guard erased[name] == nil, let keys else { continue }
                position += 1
                let named = try keys.keys(of: [name.subject], purposes: [name.purpose])
                try keys.erase(
                    ErasureFence(
                        position: Position(position), subjects: [name.subject], purposes: [name.purpose],
                        keyIDs: named.map(\.id), fingerprints: named.map(\.fingerprint)))
                erased[name] = Position(position)
            case 4...9:
                guard let one = recorded.randomElement(using: &home.random) else { continue }
                let expected = erased[one.name].map { PersonalReading.erased(at: $0) } ?? .opened(one.fields)
                #expect(try keys?.open(one.sealed) == expected, comment)
            default:
                guard let keys else { continue }
                let personal = try randomFields(using: &home.random)
                if let at = erased[name] {
                    #expect(throws: SealError.erased(at: at), comment) { try home.seal(personal, for: name, in: keys) }
                } else {
                    recorded.append((try home.seal(personal, for: name, in: keys), personal, name))
                    try keys.commitNewKeys()
                }
            }
        }
        #expect(erased.count > 2 && recorded.count > 50)
    }

    private static func fence(at index: UInt64, purposes: [String], _ keys: SubjectKeys) throws -> ErasureFence {
        let named = try keys.keys(of: ["contact-17"], purposes: purposes)
        return ErasureFence(
            position: Position(index), subjects: ["contact-17"], purposes: purposes, keyIDs: named.map(\.id),
            fingerprints: named.map(\.fingerprint))
    }

    /// Whether a file below a directory holds some bytes.
    private static func files(below directory: String, contain needle: [UInt8]) throws -> Bool {
        try FileManager.default.subpathsOfDirectory(atPath: directory).contains { path in
            let contents = FileManager.default.contents(atPath: directory + "/" + path)
            return contents?.range(of: Data(needle)) != nil
        }
    }
}
