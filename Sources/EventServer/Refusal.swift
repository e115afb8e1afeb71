internal import EventModel
package import WireProtocol

/// Why a request is not carried out, ready for the wire.
package struct Refusal: Error {
    package let reply: RESPValue

    init(_ code: ErrorCode, _ sentences: String) { reply = .error(code: code.rawValue, message: sentences) }
    init(_ error: any ExplainedError) { reply = .refusal(error) }
}
