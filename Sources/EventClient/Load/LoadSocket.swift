// The one file of this module with `unsafe`: system calls on sockets.

internal import CEpoll
internal import Glibc

/// A connected stream socket without anything between it and the kernel: a load must cost less than what it measures.
@safe final class LoadSocket {
    fileprivate let file: Int32

    private init(_ file: Int32) { self.file = file }

    deinit { close(file) }

    /// Connects, and waits for it.
    init(to address: Address) throws(ConnectError) {
        switch address {
        case .unixSocket(let path): file = try Self.connect(path, address)
        case .tcp(let host, let port): file = try Self.connect(host, port, address)
        }
    }

    /// Takes what has arrived, as much as there is room for; 0 when the connection is gone, `nil` when nothing has.
    func receive(into room: inout [UInt8], isWaiting: Bool = false) -> Int? {
        let count = unsafe room.withUnsafeMutableBytes { bytes in
            unsafe recv(file, bytes.baseAddress, bytes.count, isWaiting ? 0 : Int32(MSG_DONTWAIT))
        }
        guard count < 0 else { return count }
        return errno == EAGAIN || errno == EINTR ? nil : 0
    }

    /// Hands over bytes from an offset on, as many as the kernel takes now; 0 when it takes none.
    ///
    /// That a connection is gone is found by the next ``receive(into:isWaiting:)``.
    func send(_ bytes: [UInt8], from offset: Int) -> Int {
        unsafe bytes.withUnsafeBytes { bytes in
            let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
            return unsafe max(0, Glibc.send(file, rest.baseAddress, rest.count, flags))
        }
    }

    private static func connect(_ path: String, _ address: Address) throws(ConnectError) -> Int32 {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isShort = unsafe withUnsafeMutableBytes(of: &name.sun_path) { bytes in
            guard path.utf8.count < bytes.count else { return false }
            unsafe bytes.copyBytes(from: path.utf8)
            return true
        }
        guard isShort else { throw .unreachable(address, why: "the path is too long") }
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let code = unsafe withUnsafeBytes(of: &name) { bytes in
            unsafe Glibc.connect(
                file, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard file >= 0, code == 0 else { throw failure(file, address) }
        return file
    }

    private static func connect(_ host: String, _ port: Int, _ address: Address) throws(ConnectError) -> Int32 {
        var wanted = unsafe addrinfo()
        unsafe wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &wanted, &found)
        guard code == 0, let first = unsafe found else {
            throw .unreachable(address, why: unsafe String(cString: gai_strerror(code)))
        }
        defer { unsafe freeaddrinfo(first) }
        var next: UnsafeMutablePointer<addrinfo>? = unsafe first
        var file: Int32 = -1
        while let candidate = unsafe next?.pointee {
            file = unsafe socket(candidate.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            if file >= 0, unsafe Glibc.connect(file, candidate.ai_addr, candidate.ai_addrlen) == 0 {
                var isOn: Int32 = 1
                unsafe setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
                return file
            }
            unsafe next = candidate.ai_next
            if unsafe next != nil { close(file) }
        }
        throw failure(file, address)
    }

    private static func failure(_ file: Int32, _ address: Address) -> ConnectError {
        let why = unsafe String(cString: strerror(errno))
        close(file)
        return .unreachable(address, why: why)
    }
}

/// Waits on many sockets at once (epoll, level-triggered).
@safe final class LoadPoller {
    private let file: Int32
    private var events: [epoll_event]

    /// A poller for at most this many sockets.
    init(socketCountMax: Int) {
        file = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(file >= 0, "a process that has just begun may open a file")
        unsafe events = Array(repeating: epoll_event(), count: socketCountMax)
    }

    deinit { close(file) }

    /// Begins to wait on a socket under a number.
    func add(_ socket: LoadSocket, as number: Int) { control(EPOLL_CTL_ADD, socket, number, isSending: false) }

    /// Says whether the socket also has bytes that wait to be sent.
    func setSending(_ isSending: Bool, _ socket: LoadSocket, as number: Int) {
        control(EPOLL_CTL_MOD, socket, number, isSending: isSending)
    }

    /// Waits until a socket is ready, and puts the numbers of all that are in the place of those in `ready`.
    func wait(into ready: inout [Int]) {
        ready.removeAll(keepingCapacity: true)
        let count = unsafe epoll_wait(file, &events, Int32(events.count), -1)
        for place in 0..<max(0, Int(count)) { ready.append(unsafe Int(events[place].data.u32)) }
    }

    private func control(_ operation: Int32, _ socket: LoadSocket, _ number: Int, isSending: Bool) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue | (isSending ? EPOLLOUT.rawValue : 0)
        unsafe event.data.u32 = UInt32(number)
        let code = unsafe epoll_ctl(file, operation, socket.file, &event)
        precondition(code == 0, "an open socket can be waited on")
    }
}

/// The clock that latencies are measured by.
enum LoadClock {
    /// Nanoseconds since some moment; they never go back.
    static var nanoseconds: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
