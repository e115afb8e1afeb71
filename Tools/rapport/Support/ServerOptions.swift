import ArgumentParser
import CanonicalJSON
import EventClient
import EventModel
import Foundation
import WireProtocol

/// Where the server is and how to answer: the options of every command that talks to one.
struct ServerOptions: ParsableArguments {
    @Option(help: "unix:/path, /path, or host:port. (default: $RAPPORT_SERVER, else unix:rapport-data/rapport.sock)")
    var server: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    private static let serverDefault = "unix:rapport-data/rapport.sock"

    /// Where the server is.
    func address() throws(ConnectError) -> Address {
        try Address(server ?? ProcessInfo.processInfo.environment["RAPPORT_SERVER"] ?? Self.serverDefault)
    }

    /// Connects, lends the client to the body, and says what went wrong in the program's own terms.
    func withClient(_ body: (EventClient) async throws -> Void) async throws {
        do {
            try await EventClient.withConnection(to: try address(), body)
        } catch let error as any ExplainedError {
            throw Failure(error)
        }
    }
}

extension JSON {
    /// A reply of the server as JSON: bulk strings are texts.
    init(_ reply: RESPValue) {
        switch reply {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .simple, .bulk: self = .from(reply.text)
        case .error(let code, let message): self = .text("\(code) \(message)")
        case .array(let elements): self = .array(elements.map(JSON.init))
        case .map(let entries):
            self = .object(
                Dictionary(entries.map { ($0.key.text ?? "", JSON($0.value)) }, uniquingKeysWith: { first, _ in first })
            )
        }
    }
}
