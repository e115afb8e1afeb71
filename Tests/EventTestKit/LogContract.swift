internal import EventModel

/// What every log must do, whatever lies between it and its caller: one list of cases for all.
///
/// A case gets an empty log, and throws ``ContractBreach`` when a promise is not kept.
public struct LogContract: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    public let description: String
    /// Checks it against an empty log.
    public let check: @Sendable (any LogUnderTest) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any LogUnderTest) async throws -> Void) {
        self.description = description
        self.check = check
    }

    /// Every promise.
    public static let all = appending + conditions + idempotency + limits + lifecycles + reading + following
}

/// A promise that was not kept.
public struct ContractBreach: Error, CustomStringConvertible {
    /// What was found, and where.
    public let description: String
}

/// Fails the case unless the condition holds.
func expect(
    _ condition: Bool, _ what: @autoclosure () -> String = "", file: String = #fileID, line: Int = #line
) throws {
    if !condition { throw ContractBreach(description: "\(file):\(line) \(what())") }
}

/// Fails the case unless both are equal.
func expect<Value: Equatable>(
    _ found: Value, is expected: Value, file: String = #fileID, line: Int = #line
) throws {
    try expect(found == expected, "found \(found), expected \(expected)", file: file, line: line)
}

/// Fails the case unless the append is refused with one of the codes; the log's end must not move.
///
/// A server measures a request before its log does, and may have another word for the same bound.
func expectRefusal(
    _ codes: ErrorCode..., from log: any LogUnderTest, file: String = #fileID, line: Int = #line,
    _ append: () async throws -> Void
) async throws {
    let before = try await log.everything().count
    do {
        try await append()
    } catch let error as AppendError {
        try expect(codes.contains(error.code), "refused with \(error.code), expected \(codes)", file: file, line: line)
        let after = try await log.everything().count
        try expect(after == before, "a refused request wrote \(after - before) events", file: file, line: line)
        return
    }
    throw ContractBreach(description: "\(file):\(line) was taken, expected \(codes)")
}
