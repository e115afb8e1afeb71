import EventTestKit
import Foundation
import Testing

@testable import ProjectionRuntime

@Suite struct `A generation and the boot it was opened in` {
    @Test func `is not believed when another boot left it open`() throws {
        let directory = try TemporaryDirectory()
        _ = try Generation(at: directory.path, of: OwnerTally.self)
        try Data("another boot".utf8).write(to: URL(fileURLWithPath: directory.path + "/BOOT"))
        #expect { try Generation(at: directory.path, of: OwnerTally.self) } throws: { error in
            if case .storage? = error as? ViewError { true } else { false }
        }
    }

    @Test func `is believed after it was settled`() throws {
        let directory = try TemporaryDirectory()
        let generation = try Generation(at: directory.path, of: OwnerTally.self)
        #expect(FileManager.default.fileExists(atPath: directory.path + "/BOOT"))
        try generation.settle()
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/BOOT"))
    }
}
