internal import CanonicalJSON
public import EventModel

/// A key whose bytes sort as the keys do.
public protocol RowKey: Hashable, Sendable {
    /// What a table finds the key by in memory; equal keys have equal ones. It never reaches the disk.
    var tableHash: Int { get }
    /// Writes the key.
    func encode(to encoder: inout KeyEncoder)
    /// Reads what ``encode(to:)`` wrote.
    init(from decoder: inout KeyDecoder) throws(RowError)
}

/// Writes keys: texts end with a zero byte (no id holds one), integers are big-endian.
///
/// LMDB bounds a key to 511 bytes; ids are at most 128, so three of them and two integers fit.
public struct KeyEncoder: Sendable {
    @usableFromInline var buffer: [UInt8] = []

    /// What was written.
    @inlinable public var bytes: [UInt8] { buffer }
    @usableFromInline var byteCount: Int { buffer.count }

    /// An empty key.
    @inlinable
    public init() {}

    /// Writes a text without zero bytes.
    @inlinable
    public mutating func text(_ value: String) {
        buffer.append(contentsOf: value.utf8)
        buffer.append(0)
    }

    /// Writes an unsigned integer, 8 bytes.
    @inlinable
    public mutating func unsigned(_ value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            buffer.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Writes a position, 8 bytes.
    @inlinable
    public mutating func position(_ value: Position) { unsigned(value.index) }
}

/// Reads keys back.
public struct KeyDecoder {
    @usableFromInline let bytes: [UInt8]
    @usableFromInline var offset = 0

    /// A decoder over one key.
    @inlinable
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a text.
    @inlinable
    public mutating func text() throws(RowError) -> String {
        guard let end = bytes[offset...].firstIndex(of: 0) else {
            throw RowError(expected: "key text", offset: offset)
        }
        defer { offset = end + 1 }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    /// Reads an unsigned integer.
    @inlinable
    public mutating func unsigned() throws(RowError) -> UInt64 {
        guard bytes.count - offset >= 8 else { throw RowError(expected: "key integer", offset: offset) }
        defer { offset += 8 }
        return bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads a position.
    @inlinable
    public mutating func position() throws(RowError) -> Position { Position(try unsigned()) }
}

extension String: RowKey {
    @inlinable public var tableHash: Int { textHash }
    @inlinable
    public func encode(to encoder: inout KeyEncoder) { encoder.text(self) }
    public init(from decoder: inout KeyDecoder) throws(RowError) { self = try decoder.text() }
}

extension String {
    /// A hash of the text by words of eight bytes, several times as quick as `hashValue` and no match for who picks
    /// texts that collide: these are surrogates, and the fold that they slow is that of their sender.
    ///
    /// Both halves are folded into one after the call, so that it is never the last thing that a caller does: see
    /// `CanonicalText.append` for what would become of a short text.
    public var textHash: Int {
        let hash = utf8.span.wordHash
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}

extension RowKey {
    @inlinable public var tableHash: Int { hashValue }

    /// The key as bytes.
    @inlinable var keyBytes: [UInt8] {
        var encoder = KeyEncoder()
        encode(to: &encoder)
        return encoder.bytes
    }
}
