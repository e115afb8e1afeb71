// The one file of this module with `unsafe`: many bytes at once into memory that is being filled. The standard library
// copies a span into an output span byte by byte only, at some four times the cost of what events are made of.

extension OutputSpan<UInt8> {
    /// Appends a copy of some bytes.
    ///
    /// - Precondition: there is room for them.
    @inlinable
    package mutating func append(copying bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity, "a copy stays inside its span")
        unsafe withUnsafeMutableBufferPointer { target, count in
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let start = target.baseAddress, let first = source.baseAddress else { return }
                unsafe (start + count).initialize(from: first, count: source.count)
                count += source.count
            }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a text that the compiler knows, and so how many bytes to move.
    ///
    /// - Precondition: there is room for it.
    @inlinable
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        let byteCount = text.utf8CodeUnitCount
        precondition(byteCount <= freeCapacity, "a copy stays inside its span")
        unsafe withUnsafeMutableBufferPointer { target, count in
            guard let start = target.baseAddress else { return }
            unsafe (start + count).initialize(from: text.utf8Start, count: byteCount)
            count += byteCount
        }
    }
}

extension [UInt8] {
    /// Appends a copy of some bytes.
    package mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { $0.append(copying: bytes) }
    }
}
