internal import Glibc
internal import Synchronization

/// What happens when a page of a mapped file cannot be read: the system sends `SIGBUS`, because the disk failed,
/// somebody cut the file off meanwhile, or a damaged page of LMDB points past its end.
///
/// Nothing can go on from there, but the process can end in words instead of a crash.
public enum LostPages {
    private static let start = Atomic<UInt>(0)
    private static let byteCount = Atomic<Int>(0)
    private static let code = Atomic<Int32>(0)

    /// From now on a page that cannot be read ends the process with these words on standard error and this exit code.
    public static func end(with words: StaticString, code: Int32) {
        unsafe start.store(UInt(bitPattern: words.utf8Start), ordering: .relaxed)
        byteCount.store(words.utf8CodeUnitCount, ordering: .relaxed)
        self.code.store(code, ordering: .relaxed)
        var action = sigaction()
        // It only calls what signal-safety(7) allows, and allocates nothing.
        unsafe action.__sigaction_handler.sa_handler = { _ in
            let words = unsafe UnsafeRawPointer(bitPattern: LostPages.start.load(ordering: .relaxed))
            _ = unsafe write(STDERR_FILENO, words, LostPages.byteCount.load(ordering: .relaxed))
            _exit(LostPages.code.load(ordering: .relaxed))
        }
        _ = unsafe sigaction(SIGBUS, &action, nil)
    }
}
