internal import MappedFiles

/// A few KiB on their way to a file, held in place: no allocation, no reference counts.
struct OutputBuffer: ~Copyable {
    /// More than blocks on their way can have: what is written together, a block, an entry and checksums.
    var bytes = [8192 of UInt8](repeating: 0)
    var count = 0

    @inline(__always)
    mutating func leb(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        bytes[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    @inline(__always)
    mutating func number(_ number: UInt64, byteCount: Int) {
        var rest = number
        for place in count..<count + byteCount {
            bytes[place] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        count += byteCount
    }

    mutating func append(_ other: Span<UInt8>) {
        for place in other.indices { bytes[count + place] = other[place] }
        count += other.count
    }

    mutating func zeros(_ byteCount: Int) {
        for place in count..<count + byteCount { bytes[place] = 0 }
        count += byteCount
    }

    func write(to file: borrowing NewFile, at offset: Int) throws(IndexError) {
        do throws(MappedFileError) {
            try file.write(bytes.span.extracting(0..<count), at: offset)
        } catch {
            throw .storage(error.description)
        }
    }
}
