import Testing

@Suite struct `The source` {
    @Test func `has unsafe code in its homes only`() throws {
        for file in try PackageSource.files(in: PackageSource.product) {
            let isHome =
                ["LMDB", "Zstd", "SQLite", "DurableFiles", "MappedFiles"].contains(file.target)
                || file.path == "Sources/RecordFormat/Bytes.swift" || exceptions[file.path]?.contains("unsafe ") == true
            guard !isHome else { continue }
            for (number, line) in code(of: file) where line.contains("unsafe ") || line.contains("nonisolated(unsafe)")
            {
                Issue.record("\(file.path):\(number) has unsafe code")
            }
        }
    }

    @Test func `has files below 400 lines and lines below 121 columns`() throws {
        for file in try PackageSource.files(in: PackageSource.product + ["Tests"]) {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
        }
        for file in try PackageSource.files(in: PackageSource.product) {
            for (number, line) in file.lines.enumerated() where line.count > 120 {
                Issue.record("\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func `has functions below 71 lines`() throws {
        for file in try PackageSource.files(in: PackageSource.product) {
            var start: (line: Int, indent: Int)?
            for (number, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                let words = line.split(separator: " ")
                if start == nil, words.contains(where: { $0 == "func" || $0.hasPrefix("init(") }), line.hasSuffix("{") {
                    start = (number, indent)
                } else if let begun = start, indent == begun.indent, line.trimmedHasPrefix("}") {
                    #expect(
                        number - begun.line <= 70,
                        "\(file.path):\(begun.line + 1) has a function of \(number - begun.line) lines")
                    start = nil
                }
            }
        }
    }

    @Test func `has no type that is called Manager, Helper or Utils`() throws {
        for file in try PackageSource.files(in: PackageSource.product) {
            for (number, line) in code(of: file)
            where ["Manager", "Helper", "Utils", "Utilities"].contains(where: line.contains) {
                if line.contains("FileManager") { continue }
                Issue.record("\(file.path):\(number) has a type without a noun")
            }
        }
    }

    @Test func `has clocks, randomness and traps only where a reason is given`() throws {
        let words = ["Date()", "UUID()", "Task.sleep", "try!", "@unchecked Sendable", ".random(in", "fatalError("]
        for file in try PackageSource.files(in: PackageSource.product) {
            for (number, line) in code(of: file) {
                for word in words where line.contains(word) && exceptions[file.path]?.contains(word) != true {
                    Issue.record(
                        "\(file.path):\(number) uses \(word); give a reason in the list of this test, or pass it in")
                }
            }
        }
    }

    @Test func `has no open ends`() throws {
        for file in try PackageSource.files(in: PackageSource.product) {
            for (number, line) in file.lines.enumerated()
            where ["TODO", "FIXME", "XXX:", "HACK"].contains(where: line.contains) {
                Issue.record("\(file.path):\(number + 1) has an open end")
            }
        }
    }

    /// Words that a file may use, each with its reason.
    private let exceptions: [String: [String]] = [
        // MDB_env is thread-safe by LMDB's contract; the class adds atomics only.
        "Sources/LMDB/Environment.swift": ["@unchecked Sendable"],
        // The identity of a new log; the same in its copies, and what is derived from it carries it.
        "Sources/EventLog/Storage/DataDirectory.swift": [".random(in"],
        // The seed of an index keeps prepared collisions out; it never leaves the directory.
        "Sources/EventLog/Index/SegmentStore.swift": [".random(in"],
        // Keys and digests are hashed where they lie, so that keys stay in memory that swift-crypto clears.
        "Sources/SubjectKeys/KeyedHash.swift": ["unsafe "],
        // Views follow in steps of two milliseconds.
        "Sources/ProjectionRuntime/ProjectionRuntime.swift": ["Task.sleep"],
        // What is prepared for questions waits while a question does it itself.
        "Sources/ProjectionRuntime/Views/LatestTimes.swift": ["Task.sleep"],
        // Waiting has a bound in time, which a test sets to zero.
        "Sources/EventModel/PositionSignal.swift": ["Task.sleep"],
        // The name of a temporary directory.
        "Sources/ProjectionRuntime/Views/AsOfViews.swift": [".random(in"],
        // An id for an event whose producer sent none.
        "Sources/EventServer/Intake+Drafts.swift": [".random(in"],
        // Many bytes at once into an output span, which the standard library fills byte by byte.
        "Sources/CanonicalJSON/OutputSpan+Copying.swift": ["unsafe "],
        // The system call that lets a server on the same machine go first.
        "Tools/rapport-replay/Processors.swift": ["unsafe "],
        // System calls on the sockets of a load, which must cost less than what it measures.
        "Sources/EventClient/Load/LoadSocket.swift": ["unsafe "],
        // Connections that take too long to drain are cut off.
        "Sources/EventServer/Connections.swift": ["Task.sleep"],
        // Followers rest between looks.
        "Sources/EventServer/ReadService.swift": ["Task.sleep"],
        // After BUSY the importer waits before it sends again.
        "Tools/rapport/Import/Importer.swift": ["Task.sleep"],
        // Signals are blocked before there is any thread but the first.
        "Sources/rapportd/StopSignals.swift": ["unsafe "],
        // The roof: the one place that reads the clock of the machine.
        "Sources/rapportd/Rapportd.swift": ["Date()"],
        "Tools/rapport/Support/Input.swift": ["Date()"],
    ]

    /// Lines without comments, with their numbers.
    private func code(of file: PackageSource.File) -> [(Int, Substring)] {
        file.lines.enumerated().compactMap { number, line in
            line.trimmedHasPrefix("//") ? nil : (number + 1, line)
        }
    }
}

extension Substring {
    fileprivate func trimmedHasPrefix(_ prefix: String) -> Bool { drop { $0 == " " }.hasPrefix(prefix) }
}
