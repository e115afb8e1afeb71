import DurableFiles
import Foundation
import Testing

@Suite struct `Durable files` {
    @Test func `are replaced as a whole`() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory + "/FORMAT"
            #expect(try DurableFiles.read(path) == nil)
            try DurableFiles.replace(path, with: Array("one".utf8))
            try DurableFiles.replace(path, with: [])
            #expect(try DurableFiles.read(path) == [])
            let large = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try DurableFiles.replace(path, with: large)
            #expect(try DurableFiles.read(path) == large)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["FORMAT"])
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `leave the old bytes when replacing fails`() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory + "/FORMAT"
            try DurableFiles.replace(path, with: [1])
            // A directory stands where the new bytes would be written first.
            try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: false)
            #expect(throws: FileError.self) { try DurableFiles.replace(path, with: [2]) }
            #expect(try DurableFiles.read(path) == [1])
        }
    }

    @Test func `say what the system answered`() throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: FileError.self) {
                try DurableFiles.replace(directory + "/nowhere/file", with: [])
            }
            #expect(error?.code == ENOENT)
            #expect(error?.description == "open: No such file or directory")
            #expect(throws: FileError.self, "a directory has no bytes") { try DurableFiles.read(directory) }
        }
    }

    @Test func `lie in directories that are made with those above them`() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory + "/a/b/c"
            #expect(!DurableFiles.isDirectory(path))
            try DurableFiles.makeDirectory(path)
            try DurableFiles.makeDirectory(path)
            #expect(DurableFiles.isDirectory(path))
            try DurableFiles.replace(directory + "/file", with: [])
            #expect(!DurableFiles.isDirectory(directory + "/file"))
            #expect(throws: FileError.self) { try DurableFiles.makeDirectory(directory + "/file/below") }
        }
    }

    @Test func `are locked by one holder at a time`() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory + "/LOCK"
            var first = try DurableFiles.lock(path)
            #expect(first != nil)
            #expect(try DurableFiles.lock(path) == nil)
            first = nil
            #expect(try DurableFiles.lock(path) != nil)
        }
    }
}
