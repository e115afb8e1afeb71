internal import Glibc

/// A file that is written in whole pages past the page cache: a write returns when the disk has the bytes.
///
/// The file is opened with `O_DSYNC`, so one system call is one barrier, and with `O_DIRECT` where the file
/// system knows it. Space is written with zeros ahead of its use (``grow(to:)``): a write inside the file
/// changes no metadata, so there is nothing that a power cut could leave half done (Zheng et al., OSDI'14, found
/// eight databases that lost data by growing their files at commit). It belongs to one thread at a time.
@safe public final class SyncedFile {
    /// Writes begin and end at multiples of this.
    public static let pageByteCount = 4096

    private let file: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    /// Bytes of the file.
    public private(set) var byteCount: Int

    /// Opens a file, creating it empty. Mode 0600; sync its directory after creating it.
    public init(_ path: String) throws(FileError) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_DSYNC
        var file = unsafe open(path, flags | Self.direct, 0o600)
        if file < 0, errno == EINVAL { file = unsafe open(path, flags, 0o600) }
        guard file >= 0 else { throw FileError(operation: "open", code: errno) }
        self.file = file
        byteCount = Int(lseek(file, 0, SEEK_END))
        unsafe buffer = .allocate(byteCount: 1 << 20, alignment: Self.pageByteCount)
    }

    deinit {
        unsafe buffer.deallocate()
        close(file)
    }

    /// Writes bytes at a multiple of the page size, with zeros up to the next one.
    ///
    /// - Throws: ``FileError``; the bytes may be on disk in part.
    public func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        precondition(offset % Self.pageByteCount == 0, "a write begins at a page")
        let padded = (bytes.count + Self.pageByteCount - 1) / Self.pageByteCount * Self.pageByteCount
        reserve(padded)
        unsafe buffer.copyBytes(from: bytes)
        for place in bytes.count..<padded { unsafe buffer[place] = 0 }
        try write(padded, at: offset)
    }

    /// Makes the file at least this long, writing zeros.
    public func grow(to end: Int) throws(FileError) {
        guard byteCount < end else { return }
        // A length that is no multiple of a page is what a cut has left: what stands in that page stays.
        var offset = (byteCount + Self.pageByteCount - 1) / Self.pageByteCount * Self.pageByteCount
        guard offset == byteCount || ftruncate(file, off_t(offset)) == 0 else {
            throw FileError(operation: "ftruncate", code: errno)
        }
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
        while offset < end {
            let count = unsafe min(buffer.count, end - offset)
            try write(count, at: offset)
            offset += count
        }
        guard fsync(file) == 0 else { throw FileError(operation: "fsync", code: errno) }
        byteCount = end
    }

    /// Cuts the file off, which gives its space back.
    public func shrink(to end: Int) throws(FileError) {
        guard byteCount > end else { return }
        guard ftruncate(file, off_t(end)) == 0, fsync(file) == 0 else {
            throw FileError(operation: "ftruncate", code: errno)
        }
        byteCount = end
    }

    private func write(_ count: Int, at offset: Int) throws(FileError) {
        var done = 0
        while done < count {
            let start = unsafe buffer.baseAddress?.advanced(by: done)
            let written = unsafe pwrite(file, start, count - done, off_t(offset + done))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw FileError(operation: "write", code: written < 0 ? errno : EIO) }
            done += written
        }
    }

    private func reserve(_ count: Int) {
        guard unsafe buffer.count < count else { return }
        unsafe buffer.deallocate()
        unsafe buffer = .allocate(byteCount: count, alignment: Self.pageByteCount)
    }

    /// `O_DIRECT`, which glibc's headers show to C programs with `_GNU_SOURCE` only; on other processors than
    /// x86-64 and arm64 it is left out.
    private static var direct: Int32 {
        #if arch(x86_64)
            0o40000
        #elseif arch(arm64)
            0o200000
        #else
            0
        #endif
    }
}
