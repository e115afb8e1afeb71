import EventTestKit
import Foundation
import SeededRandom
import Testing

@testable import SubjectKeys

@Suite struct `A root key's file` {
    let directory: TemporaryDirectory
    var path: String { directory.path + "/root.key" }

    init() throws { directory = try TemporaryDirectory() }

    @Test func `is made with 32 bytes and mode 600, and never made over another`() throws {
        var random = SplitMix64(seed: 1)
        let root = try FileKeyRoot.create(at: path, using: &random)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
        let made = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: KeyRootError.exists) { try FileKeyRoot.create(at: path, using: &random) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == made)
        let key = [UInt8](repeating: 7, count: 32)
        let wrapped = try root.wrap(key, context: [1])
        #expect(try FileKeyRoot(at: path).unwrap(wrapped, context: [1]) == key)
        #expect(throws: KeyRootError.otherRoot) { try root.unwrap(wrapped, context: [2]) }
        for bit in 0..<wrapped.count * 8 {
            var flipped = wrapped
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: KeyRootError.otherRoot) { try root.unwrap(flipped, context: [1]) }
        }
        #expect(throws: KeyRootError.otherRoot) { try root.unwrap([], context: [1]) }
    }

    @Test(arguments: [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644, 0o660, 0o666, 0o700, 0o777, 0o4600])
    func `is refused when others may touch it`(mode: Int) throws {
        try write(32, mode: mode)
        #expect { try FileKeyRoot(at: path) } throws: { error in
            guard case KeyRootError.unfitFile(let why)? = error as? KeyRootError else { return false }
            return why.contains("mode is " + String(mode, radix: 8))
        }
    }

    @Test(arguments: [0o600, 0o400]) func `is taken when its owner alone may read it`(mode: Int) throws {
        try write(32, mode: mode)
        _ = try FileKeyRoot(at: path)
    }

    @Test(arguments: [0, 31, 33, 64]) func `is refused with another length`(byteCount: Int) throws {
        try write(byteCount, mode: 0o600)
        #expect(throws: KeyRootError.unfitFile("it has \(byteCount) bytes")) { try FileKeyRoot(at: path) }
    }

    @Test func `is refused when it is missing, a link or a directory`() throws {
        #expect(throws: KeyRootError.missing) { try FileKeyRoot(at: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: KeyRootError.unfitFile("it is no regular file")) { try FileKeyRoot(at: path) }
        try FileManager.default.removeItem(atPath: path)
        try write(32, mode: 0o600)
        try FileManager.default.createSymbolicLink(atPath: path + ".link", withDestinationPath: path)
        #expect(throws: KeyRootError.unfitFile("it is no regular file")) { try FileKeyRoot(at: path + ".link") }
    }

    private func write(_ byteCount: Int, mode: Int) throws {
        try Data(repeating: 1, count: byteCount).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
