import EventModel
import NIOCore
import WireProtocol

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failing run can be repeated from its seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

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
