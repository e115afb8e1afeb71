internal import Crypto
internal import EventModel

/// The rows of the key store. Integers are big-endian, `t16` = u16 byte length ‖ UTF-8. A value ends in the first
/// eight bytes of SHA-256(table ‖ 00 ‖ key ‖ value): LMDB 0.9 has no page checksum.
///
///     table    key                          value
///     names    t16 subject ‖ t16 purpose    01 ‖ t16 key id, or 02 ‖ u64 position of the erasure
///     keys     key id                       01 ‖ u32 epoch ‖ t16 subject ‖ t16 purpose ‖ wrapped key 60,
///                                           or 02 ‖ u64 position of the erasure
///     fences   SHA-256 of an erased key     u64 position of the erasure
///     state    a word                       u32 or u64
///
/// Subjects and purposes are surrogates and codes that every record holds too, so they stand here as they are: an
/// erasure must find all keys of a person, and an erased name must be known for ever.
enum KeyTable: String, CaseIterable {
    case names, keys, fences, state

    /// A value with its checksum.
    func sealed(_ value: [UInt8], for key: [UInt8]) -> [UInt8] { value + checksum(of: value, key) }

    /// The value of a row.
    ///
    /// - Throws: ``KeyStoreError/damagedRow(_:)`` if its checksum is wrong.
    func value(of row: [UInt8], for key: [UInt8]) throws(KeyStoreError) -> [UInt8] {
        let value = Array(row.dropLast(8))
        guard row.count >= 8, row.suffix(8).elementsEqual(checksum(of: value, key)) else { throw damaged }
        return value
    }

    var damaged: KeyStoreError { .damagedRow(rawValue) }

    private func checksum(of value: [UInt8], _ key: [UInt8]) -> ArraySlice<UInt8> {
        Array(SHA256.hash(data: Array(rawValue.utf8) + [0] + key + value))[..<8]
    }
}

/// What stands for a name.
enum NameRow: Hashable {
    case live(keyID: String)
    case erased(at: Position)

    var bytes: [UInt8] {
        switch self {
        case .live(let keyID):
            var bytes: [UInt8] = [1]
            bytes.appendText16(keyID)
            return bytes
        case .erased(let position): return position.tombstone
        }
    }

    init?(_ bytes: [UInt8]) {
        if let position = Position(tombstone: bytes) {
            self = .erased(at: position)
            return
        }
        var reader = BigEndianReader(bytes)
        guard reader.integer() as UInt8? == 1, let keyID = reader.text16(), reader.isAtEnd else { return nil }
        self = .live(keyID: keyID)
    }
}

/// What stands for a key id.
enum KeyRow: Hashable {
    case live(StoredKey)
    case erased(at: Position)

    var bytes: [UInt8] {
        switch self {
        case .live(let key):
            var bytes: [UInt8] = [1]
            bytes.appendBigEndian(key.epoch)
            bytes.append(contentsOf: key.name.bytes)
            bytes.append(contentsOf: key.wrapped)
            return bytes
        case .erased(let position): return position.tombstone
        }
    }

    init?(_ bytes: [UInt8]) {
        if let position = Position(tombstone: bytes) {
            self = .erased(at: position)
            return
        }
        var reader = BigEndianReader(bytes)
        guard reader.integer() as UInt8? == 1, let epoch = reader.integer() as UInt32?,
            let subject = reader.text16(), let purpose = reader.text16(),
            let wrapped = reader.take(WrappedKey.byteCount), reader.isAtEnd
        else { return nil }
        self = .live(
            StoredKey(epoch: epoch, name: KeyName(subject: subject, purpose: purpose), wrapped: wrapped))
    }
}

/// A subject's key as it is on disk.
struct StoredKey: Hashable {
    var epoch: UInt32
    var name: KeyName
    var wrapped: [UInt8]

    /// What it is wrapped for: "rapport/1/wrap" ‖ t16 key id ‖ t16 subject ‖ t16 purpose ‖ u8 version ‖ u32 epoch.
    static func context(id: String, name: KeyName, epoch: UInt32) -> [UInt8] {
        var context = Array("rapport/1/wrap".utf8)
        context.appendText16(id)
        context.append(contentsOf: name.bytes)
        context.append(1)
        context.appendBigEndian(epoch)
        return context
    }
}

extension Position {
    /// 02 ‖ u64: erased by the event at this position.
    var tombstone: [UInt8] { [2] + bigEndianBytes }

    var bigEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(index)
        return bytes
    }

    init?(tombstone bytes: [UInt8]) {
        guard bytes.count == 9, bytes[0] == 2 else { return nil }
        self.init(bigEndian: Array(bytes[1...]))
    }

    init?(bigEndian bytes: [UInt8]) {
        var reader = BigEndianReader(bytes)
        guard let index = reader.integer() as UInt64?, reader.isAtEnd else { return nil }
        self.init(index)
    }
}
