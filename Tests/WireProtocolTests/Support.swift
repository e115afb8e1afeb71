import EventModel
import NIOCore
import WireProtocol

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func command(_ words: String...) -> Command { command(words) }

func command(_ words: [String]) -> Command {
    Command(words.map(bytes), byteCount: words.reduce(0) { $0 + $1.utf8.count })
}

/// A line of words between spaces, none of which holds one.
func line(_ text: String) -> Command { command(text.split(separator: " ").map(String.init)) }

/// The arguments of every command in the bytes, as texts.
func decodeAll(_ text: String) throws(ProtocolError) -> [[String]] {
    var decoder = CommandDecoder()
    var buffer = ByteBuffer(string: text)
    var commands: [[String]] = []
    while let command = try decoder.next(from: &buffer) {
        commands.append(command.arguments.map { String(decoding: $0, as: UTF8.self) })
    }
    return commands
}

func protocolError(_ text: String) -> ProtocolError? {
    do throws(ProtocolError) {
        _ = try decodeAll(text)
        return nil
    } catch { return error }
}

func requestError(_ command: Command) -> RequestError? {
    do throws(RequestError) {
        _ = try Request.parse(command)
        return nil
    } catch { return error }
}

func wire(_ value: RESPValue, _ version: RESPVersion) -> String {
    var buffer = ByteBuffer()
    value.write(to: &buffer, version: version)
    return String(buffer: buffer)
}

/// The session's steps as lists, for tests that look at one step at a time.
extension SessionState {
    mutating func received(_ command: Command) -> [Action] { steps { $0.received(command, into: &$1) } }
    mutating func finished(_ ticket: Ticket, _ reply: Reply) -> [Action] {
        steps { $0.finished(ticket, reply, into: &$1) }
    }
    mutating func failed(_ error: ProtocolError) -> [Action] { steps { $0.failed(error, into: &$1) } }
    mutating func drain() -> [Action] { steps { $0.drain(into: &$1) } }

    private mutating func steps(_ body: (inout SessionState, inout [Action]) -> Void) -> [Action] {
        var actions: [Action] = []
        body(&self, &actions)
        return actions
    }
}

extension Reply {
    static let ok = Reply.value(.ok)
    static let null = Reply.value(.null)
    static func simple(_ text: String) -> Reply { .value(.simple(text)) }
    static func text(_ text: String) -> Reply { .value(.text(text)) }
    static func integer(_ number: Int64) -> Reply { .value(.integer(number)) }
    static func array(_ elements: [RESPValue]) -> Reply { .value(.array(elements)) }

    /// The value; `nil` for a reply in a form of its own.
    var value: RESPValue? { if case .value(let value) = self { value } else { nil } }
    subscript(name: String) -> RESPValue? { value?[name] }
}
