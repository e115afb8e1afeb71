import CanonicalJSON
import Foundation
import SeededRandom
import Testing

/// Python's `json`, narrowed to I-JSON and integers, as an independent parser and writer; and beside it the package
/// `rfc8785`, where `Tools/test` has put it, which must say the same.
private enum PythonReference {
    static let path = "/usr/bin/python3"
    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Reads one document a line in hexadecimal; writes its canonical form in hexadecimal, or `refused`.
    static let script = #"""
        import json, sys
        sys.path.append(sys.argv[3])
        try:
            from rfc8785 import dumps
        except ImportError:
            dumps = None
        def canonical(value):
            if isinstance(value, bool) or value is None or isinstance(value, str):
                return json.dumps(value, ensure_ascii=False).encode()
            if isinstance(value, int):
                assert abs(value) <= 2**53 - 1
                return str(value).encode()
            if isinstance(value, list):
                return b"[" + b",".join(canonical(v) for v in value) + b"]"
            keys = sorted(value, key=lambda k: k.encode("utf-16-be"))
            return b"{" + b",".join(canonical(k) + b":" + canonical(value[k]) for k in keys) + b"}"
        def unique(pairs):
            value = dict(pairs)
            assert len(value) == len(pairs)
            return value
        def refuse(_):
            raise ValueError
        def depth(value):
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
            return 0 if inner is None else 1 + max(map(depth, inner), default=0)
        with open(sys.argv[1]) as source, open(sys.argv[2], "w") as target:
            for line in source:
                try:
                    text = bytes.fromhex(line).decode("utf-8")
                    value = json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
                    assert depth(value) <= 32
                    answer = canonical(value)
                    if dumps is not None and dumps(value) != answer:
                        sys.exit("rfc8785 disagrees")
                    target.write(answer.hex() + "\n")
                except (ValueError, AssertionError):
                    target.write("refused\n")
        """#

    /// Packages for tests alone, below the package's own folder.
    static let packages = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../.build/python"
    ).standardized.path

    static func answers(to documents: [[UInt8]]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-json-\(ProcessInfo.processInfo.processIdentifier)-\(documents.count)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
        try documents.map { hexadecimal($0) + "\n" }.joined().write(to: source, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-c", script, source.path, target.path, packages]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try String(contentsOf: target, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func ownAnswer(to document: [UInt8]) -> String {
        (try? JSONDocument(parsing: document)).map { hexadecimal($0.root.canonicalBytes) } ?? "refused"
    }
}

@Suite(.enabled(if: PythonReference.isPresent, "needs /usr/bin/python3 as the independent reference"))
struct `Python as a reference` {
    @Test func `canonicalises 10,000 random documents to the same bytes`() throws {
        let seed: UInt64 = 8785
        var random = SplitMix64(seed: seed)
        if !FileManager.default.fileExists(atPath: PythonReference.packages + "/rfc8785") {
            print("compared with Python's json alone: Tools/test installs the package rfc8785")
        }
        let documents = (0..<10_000).map { _ in
            RandomJSON.spelling(of: RandomJSON.value(depth: 5, using: &random), using: &random)
        }
        let answers = try PythonReference.answers(to: documents)
        #expect(answers.count == documents.count)
        for (index, (document, answer)) in zip(documents, answers).enumerated() {
            #expect(PythonReference.ownAnswer(to: document) == answer, "seed \(seed), document \(index)")
        }
    }

    @Test func `gives the same verdict on 20,000 damaged documents`() throws {
        let seed: UInt64 = 7493
        var random = SplitMix64(seed: seed)
        var documents: [[UInt8]] = []
        for _ in 0..<1000 {
            let document = RandomJSON.spelling(of: RandomJSON.value(depth: 2, using: &random), using: &random)
            for _ in 0..<20 { documents.append(RandomJSON.mutation(of: document, using: &random)) }
        }
        let answers = try PythonReference.answers(to: documents)
        #expect(answers.count == documents.count)
        for (index, (document, answer)) in zip(documents, answers).enumerated() {
            let own = PythonReference.ownAnswer(to: document)
            #expect(own == answer, "seed \(seed), document \(index): \(PythonReference.hexadecimal(document))")
        }
        #expect(answers.contains("refused") && !answers.allSatisfy { $0 == "refused" })
    }
}
