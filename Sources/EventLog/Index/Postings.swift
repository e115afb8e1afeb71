/// One row of a segment: up to 256 positions of one key.
///
/// Row key: u64 index key ‖ u64 first position, big-endian. Row value: the further positions as LEB128
/// distances to the one before. A key that occurs once has an empty value.
enum Postings {
    static let positionCountMax = 256

    static func rowKey(_ key: UInt64, _ first: UInt64) -> [UInt8] { key.bigEndianBytes + first.bigEndianBytes }

    /// The row's key and value for ascending positions.
    static func encode(_ key: UInt64, _ positions: ArraySlice<UInt64>) -> (key: [UInt8], value: [UInt8])? {
        guard var last = positions.first else { return nil }
        var value: [UInt8] = []
        for position in positions.dropFirst() {
            var distance = position - last
            while distance >= 0x80 {
                value.append(UInt8(truncatingIfNeeded: distance) | 0x80)
                distance >>= 7
            }
            value.append(UInt8(distance))
            last = position
        }
        return (rowKey(key, positions[positions.startIndex]), value)
    }

    /// The positions of a row, ascending.
    static func decode(_ rowKey: Span<UInt8>, _ value: Span<UInt8>) -> (key: UInt64, positions: [UInt64]) {
        var position = number(rowKey, 8)
        var positions = [position]
        var distance: UInt64 = 0
        var shift: UInt64 = 0
        for place in value.indices {
            let byte = value[place]
            distance |= UInt64(byte & 0x7F) << (shift & 63)
            shift += 7
            if byte < 0x80 {
                position &+= distance
                positions.append(position)
                distance = 0
                shift = 0
            }
        }
        return (number(rowKey, 0), positions)
    }

    private static func number(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
        var number: UInt64 = 0
        for place in offset..<offset + 8 { number = number << 8 | UInt64(bytes[place]) }
        return number
    }
}
