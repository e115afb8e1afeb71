internal import CanonicalJSON
internal import MappedFiles

/// A CSV file on its way. Records end with CR LF, as RFC 4180 has it.
struct CSVFile: ~Copyable {
    private var file: BufferedFile
    private var rowCount = 0

    /// Begins with the stamp, in the first cell of a record as wide as the others, and the names of the columns.
    init(_ path: String, _ stamp: JSON.Members, _ columns: Columns) throws(ViewExportError) {
        var file = try BufferedFile(path)
        let width = max(columns.names.count, 1)
        let words = stamp.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(value.text ?? value.canonicalText)"
        }
        let stamp = JSON.text("# " + words.joined(separator: " "))
        Self.append([stamp] + Array(repeating: .null, count: width - 1), to: &file.bytes)
        Self.append(columns.names.isEmpty ? [.null] : columns.names.map { .text($0) }, to: &file.bytes)
        self.file = file
    }

    mutating func write(_ values: [JSON]) throws(ViewExportError) {
        rowCount += 1
        Self.append(values, to: &file.bytes)
        try file.flushIfFull()
    }

    private static func append(_ record: [JSON], to bytes: inout [UInt8]) {
        for (place, value) in record.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            CSVCell.append(value, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
    }

    consuming func finish() throws(ViewExportError) -> Int {
        let count = rowCount
        try file.finish()
        return count
    }
}

/// An NDJSON file on its way: canonical JSON, one object a line.
struct NDJSONFile: ~Copyable {
    private var file: BufferedFile
    private var rowCount = 0

    init(_ path: String, _ stamp: JSON.Members) throws(ViewExportError) {
        var file = try BufferedFile(path)
        Self.append(["export": .object(stamp)], to: &file.bytes)
        self.file = file
    }

    mutating func write(_ row: JSON) throws(ViewExportError) {
        rowCount += 1
        Self.append(row, to: &file.bytes)
        try file.flushIfFull()
    }

    private static func append(_ line: JSON, to bytes: inout [UInt8]) {
        line.appendCanonical(to: &bytes)
        bytes.append(0x0A)
    }

    consuming func finish() throws(ViewExportError) -> Int {
        let count = rowCount
        try file.finish()
        return count
    }
}

/// A file that is written in large pieces, and stands under its name when it is finished.
struct BufferedFile: ~Copyable {
    var bytes: [UInt8] = []
    private let file: NewFile
    private var byteCount = 0

    private static let bufferByteCount = 256 << 10

    init(_ path: String) throws(ViewExportError) {
        do throws(MappedFileError) {
            file = try NewFile(at: path, ending: ViewExport.temporaryEnding)
        } catch {
            throw .storage(error.description)
        }
    }

    mutating func flushIfFull() throws(ViewExportError) {
        if bytes.count >= Self.bufferByteCount { try flush() }
    }

    private mutating func flush() throws(ViewExportError) {
        do throws(MappedFileError) {
            try file.write(bytes.span, at: byteCount)
        } catch {
            throw .storage(error.description)
        }
        byteCount += bytes.count
        bytes.removeAll(keepingCapacity: true)
    }

    consuming func finish() throws(ViewExportError) {
        try flush()
        do throws(MappedFileError) { try file.finish() } catch { throw .storage(error.description) }
    }
}
