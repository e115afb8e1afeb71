internal import DurableFiles

/// The generations of one data directory: `views/NAME-vVERSION-NUMBER/`, and which of them are live.
///
/// The first line of `views/NAME.live` is the directory name of the live generation, those below name what was live
/// before it. It is replaced in one step, so a reader sees the old generation or the new one. Retired generations stay
/// until somebody deletes them.
struct GenerationStore: Sendable {
    private let directory: String

    init(_ directory: String) throws(ViewError) {
        self.directory = directory
        try Self.attempt { () throws(FileError) in try DurableFiles.makeDirectory(directory) }
    }

    /// A generation by its place.
    struct Entry: Hashable, Sendable {
        let name: String
        let version: UInt32
        let number: Int
        let directory: String
    }

    /// The live generation of a projection; `nil` before the first was promoted.
    func live(_ name: String) throws(ViewError) -> Entry? {
        guard let folder = try liveFolder(name) else { return nil }
        guard let entry = entry(folder, of: name) else { throw .storage("'\(name).live' names no generation") }
        return entry
    }

    /// What `NAME.live` says, whatever it is; `nil` before the first generation was promoted.
    func liveFolder(_ name: String) throws(ViewError) -> String? {
        try pastFolders(name).first
    }

    /// Every generation of a projection, by version and number.
    func entries(of name: String) throws(ViewError) -> [Entry] {
        let folders = try Self.attempt { () throws(FileError) in try DurableFiles.names(in: directory) }
        return folders.compactMap { entry($0, of: name) }
            .sorted { ($0.version, $0.number) < ($1.version, $1.number) }
    }

    /// The number in the name of a generation's directory.
    func number(ofDirectory directory: String) -> Int { directory.split(separator: "-").last.flatMap { Int($0) } ?? 0 }

    /// The generations that were live before the one that is, the newest first, as far as they are there and known.
    func predecessors(of name: String) throws(ViewError) -> [Entry] {
        let entries = try entries(of: name)
        return try pastFolders(name).dropFirst().compactMap { folder in
            entries.first { $0.directory == "\(directory)/\(folder)" }
        }
    }

    /// The folders that `NAME.live` names: the live one, and what was live before it.
    private func pastFolders(_ name: String) throws(ViewError) -> [String] {
        let bytes = try Self.attempt { () throws(FileError) in try DurableFiles.read(pointer(name)) } ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Whether a generation was built to its end, or was live at some time.
    func isFinished(_ entry: Entry) throws(ViewError) -> Bool {
        if try has("BUILT", in: entry.directory) { return true }
        return try wasPromoted(entry)
    }

    /// Whether a generation was live at some time.
    func wasPromoted(_ entry: Entry) throws(ViewError) -> Bool { try has("PROMOTED", in: entry.directory) }

    private func has(_ mark: String, in directory: String) throws(ViewError) -> Bool {
        try Self.attempt { () throws(FileError) in try DurableFiles.read(directory + "/" + mark) } != nil
    }

    private func entry(_ folder: String, of name: String) -> Entry? {
        let parts = folder.dropFirst(name.count + 2).split(separator: "-")
        guard folder.hasPrefix(name + "-v"), parts.count == 2, let version = UInt32(parts[0]),
            let number = Int(parts[1])
        else { return nil }
        return Entry(name: name, version: version, number: number, directory: directory + "/" + folder)
    }

    /// A generation to build: the newest one that somebody began and nobody finished, else a new one.
    ///
    /// A promoted generation has a file `PROMOTED`; it may be live or retired. One that was built for somebody to
    /// promote has a file `BUILT`, one that contradicts itself a file `REFUSED`. None of them is ever built again.
    func building(_ name: String, version: UInt32) throws(ViewError) -> String {
        var number = max(1, (try? live(name))?.number ?? 1)
        while DurableFiles.isDirectory(path(name, version, number + 1)) { number += 1 }
        var directory = path(name, version, number)
        var isFinished = false
        for mark in ["PROMOTED", "BUILT", "REFUSED"] where !isFinished { isFinished = try has(mark, in: directory) }
        if isFinished || (try? live(name))?.directory == directory || isLocked(directory) {
            directory = path(name, version, number + 1)
        }
        try Self.attempt { () throws(FileError) in try DurableFiles.makeDirectory(directory) }
        return directory
    }

    /// A generation to build from the start: one that nobody began.
    func fresh(_ name: String, version: UInt32) throws(ViewError) -> String {
        var number = 1
        while DurableFiles.isDirectory(path(name, version, number)) { number += 1 }
        let directory = path(name, version, number)
        try Self.attempt { () throws(FileError) in try DurableFiles.makeDirectory(directory) }
        return directory
    }

    private func isLocked(_ directory: String) -> Bool {
        guard DurableFiles.isDirectory(directory) else { return false }
        return (try? DurableFiles.lock(directory + "/LOCK")) == nil
    }

    /// Marks the generation in a directory as one that contradicts its own arithmetic: it is never promoted.
    func refuse(directory: String) throws(ViewError) {
        try Self.attempt { () throws(FileError) in try DurableFiles.replace(directory + "/REFUSED", with: []) }
    }

    /// Whether a generation was found to contradict its own arithmetic.
    func isRefused(_ entry: Entry) throws(ViewError) -> Bool { try has("REFUSED", in: entry.directory) }

    /// Keeps the generation in a directory as it is, for somebody to promote.
    func finish(directory: String) throws(ViewError) {
        try Self.attempt { () throws(FileError) in try DurableFiles.replace(directory + "/BUILT", with: []) }
    }

    /// Makes the generation in a directory the live one, in one step.
    func promote(directory: String, of name: String) throws(ViewError) {
        try switching(name) { () throws(ViewError) in try point(to: directory, name) }
    }

    /// Makes a generation the live one again, and forgets what was live since.
    func rollBack(to entry: Entry) throws(ViewError) {
        try switching(entry.name) { () throws(ViewError) in
            let folder = entry.directory.split(separator: "/").last ?? ""
            let past = try pastFolders(entry.name).dropFirst().drop { $0 != folder }
            try point(to: entry.directory, entry.name, past: Array(past.dropFirst()))
        }
    }

    /// Makes the generation in a directory the live one unless somebody switched since `NAME.live` was read.
    ///
    /// - Parameter found: what ``liveFolder(_:)`` gave then.
    func promote(directory: String, of name: String, replacing found: String?) throws(ViewError) {
        try switching(name) { () throws(ViewError) in
            if try liveFolder(name) == found { try point(to: directory, name) }
        }
    }

    private func point(to directory: String, _ name: String) throws(ViewError) {
        let past = try pastFolders(name)
        if past.first.map({ directory.hasSuffix("/" + $0) }) ?? false { return }
        try point(to: directory, name, past: Array(past.prefix(Self.pastCountMax)))
    }

    private func point(to directory: String, _ name: String, past: [String]) throws(ViewError) {
        let folder = directory.split(separator: "/").last.map(String.init) ?? ""
        try Self.attempt { () throws(FileError) in
            try DurableFiles.replace(directory + "/PROMOTED", with: [])
            try DurableFiles.replace(pointer(name), with: Array(([folder] + past).joined(separator: "\n").utf8))
        }
    }

    /// How many generations that were live before are remembered.
    private static let pastCountMax = 64

    /// Does what reads and replaces `NAME.live`; one process at a time.
    private func switching(_ name: String, _ body: () throws(ViewError) -> Void) throws(ViewError) {
        let lock = try Self.attempt { () throws(FileError) in try DurableFiles.waitForLock(pointer(name) + ".lock") }
        defer { withExtendedLifetime(lock) {} }
        try body()
    }

    private func pointer(_ name: String) -> String { "\(directory)/\(name).live" }

    private func path(_ name: String, _ version: UInt32, _ number: Int) -> String {
        "\(directory)/\(name)-v\(version)-\(number)"
    }

    private static func attempt<Result>(_ body: () throws(FileError) -> Result) throws(ViewError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
