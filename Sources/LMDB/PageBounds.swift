internal import CLMDB

/// Bytes in front of a long value in its first page.
private let headerByteCount = 16
/// `P_OVERFLOW`.
private let overflowFlag: UInt16 = 4

extension MDB_val {
    /// Whether a page can hold what it says stands here.
    ///
    /// LMDB 0.9 has no checksums and believes a row's length: with one flipped bit in it, reading the row would run
    /// past the end of the file and end the process. A key and a short value end in the page that they begin in. A
    /// long value has pages of its own, whose header says once more how many (`MDB_page` in mdb.c: flags at byte 10,
    /// number of pages at byte 12, the value from byte 16 on).
    func isInside(pagesOf pageByteCount: Int) -> Bool {
        let byteCount = unsafe mv_size
        guard let start = unsafe UnsafeRawPointer(mv_data) else { return byteCount == 0 }
        let offset = Int(bitPattern: start) & (pageByteCount - 1)
        if byteCount <= pageByteCount - offset { return true }
        guard offset == headerByteCount else { return false }
        let header = unsafe start - headerByteCount
        let flags = unsafe header.load(fromByteOffset: 10, as: UInt16.self)
        let pageCount = unsafe Int(header.load(fromByteOffset: 12, as: UInt32.self))
        return flags & overflowFlag != 0 && byteCount <= pageCount * pageByteCount - headerByteCount
    }
}
