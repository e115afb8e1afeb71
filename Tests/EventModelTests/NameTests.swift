import EventModel
import Testing

@Suite struct `A stream name` {
    @Test(
        arguments: [
            ("account-42", "account", "42"), ("a-b", "a", "b"), ("survey-nps.1-account-9", "survey", "nps.1-account-9"),
            ("x--", "x", "-"), ("order-A_b.c~d:e", "order", "A_b.c~d:e"),
        ])
    func `is a category and an id`(text: String, category: String, id: String) throws {
        let name = try StreamName(text)
        #expect(name.category == category && name.id == id && name.text == text)
    }

    @Test func `has 128 bytes at most`() throws {
        _ = try StreamName("a-" + String(repeating: "x", count: 126))
        let error = #expect(throws: InvalidName.self) { try StreamName("a-" + String(repeating: "x", count: 127)) }
        #expect(error?.problem == .tooLong(byteCount: 129))
    }

    @Test(
        arguments: [
            ("", .empty), ("account", .noCategory), ("-42", .noCategory), ("account-", .noCategory),
            ("account 42-x", .forbiddenByte(0x20, offset: 7)), ("a-é", .forbiddenByte(0xC3, offset: 2)),
            ("a-\u{0}", .forbiddenByte(0, offset: 2)), ("a-b/c", .forbiddenByte(0x2F, offset: 3)),
            ("a-b@c", .forbiddenByte(0x40, offset: 3)),
        ] as [(String, InvalidName.Problem)])
    func `of another shape is refused`(text: String, problem: InvalidName.Problem) {
        let error = #expect(throws: InvalidName.self) { try StreamName(text) }
        #expect(error?.problem == problem && error?.code == .invalidEvent)
        #expect(text.isEmpty || error?.description.contains(text) == false, "a name may be personal")
    }
}

@Suite struct `An expectation` {
    @Test(
        arguments: [
            ("any", .any), ("none", .noStream), ("exists", .streamExists), ("0", .exactly(.first)),
            ("18446744073709551615", .exactly(Revision(.max))),
        ] as [(String, ExpectedRevision)])
    func `has one word`(word: String, expectation: ExpectedRevision) {
        #expect(ExpectedRevision(word) == expectation)
        #expect(expectation.word == word)
    }

    @Test(arguments: ["", "ANY", "-1", "+1", "01", " 1", "1.0", "18446744073709551616", "nope"])
    func `has no other`(word: String) { #expect(ExpectedRevision(word) == nil) }

    @Test func `is met as the stream stands`() {
        let three = Revision(3)
        #expect(ExpectedRevision.any.isMet(by: nil) && ExpectedRevision.any.isMet(by: three))
        #expect(ExpectedRevision.noStream.isMet(by: nil) && !ExpectedRevision.noStream.isMet(by: .first))
        #expect(!ExpectedRevision.streamExists.isMet(by: nil) && ExpectedRevision.streamExists.isMet(by: .first))
        #expect(ExpectedRevision.exactly(three).isMet(by: three))
        #expect(
            !ExpectedRevision.exactly(three).isMet(by: Revision(2)) && !ExpectedRevision.exactly(.first).isMet(by: nil))
    }
}

@Suite struct `Errors` {
    private static let appendErrors: [(AppendError, ErrorCode, Bool)] = [
        (
            .wrongExpectedRevision(StreamName(recorded: "a-1"), expected: .noStream, actual: .first), .wrongRevision,
            false
        ),
        (.duplicateID(firstAt: Position(7)), .duplicateID, false),
        (.repeatedID, .duplicateID, false), (.partlyRecorded(firstAt: Position(7)), .duplicateID, false),
        (.empty, .syntax, false), (.tooLarge(what: "bytes", count: 2, limit: 1), .tooLarge, false),
        (.tooManyTerms(count: 33), .limit, false), (.busy(pendingByteCount: 1), .busy, true),
        (.conditionsBusy, .busy, true), (.diskFull(freeByteCount: 1, reserveByteCount: 2), .logFull, false),
        (.logFull(byteCount: 1), .logFull, false), (.logFailed, .logFailed, false),
        (.outcomeUnknown("the disk is gone"), .unavailable, true), (.refused(.busy, "later. No. Wait."), .busy, true),
    ]

    @Test func `of an append have a code, and say whether a retry can help`() {
        for (error, code, isRetryable) in Self.appendErrors {
            #expect(error.code == code && error.isRetryable == isRetryable, "\(error)")
        }
    }

    @Test func `say what happened, what it means and what to do`() {
        let readErrors: [any ExplainedError] = [
            ReadError.corruptRecord(at: .origin, why: "x"), ReadError.storage("x"), ReadError.connection("x"),
            InvalidName(what: "id", problem: .empty),
        ]
        for error in Self.appendErrors.map({ $0.0 as any ExplainedError }) + readErrors {
            let sentences = error.description.split(separator: ". ")
            #expect(sentences.count >= 3, "\(error.description)")
            #expect(error.description.hasSuffix(".") && !error.description.contains("\n"), "\(error.description)")
            #expect(error.description.first?.isUppercase == false, "\(error.description)")
        }
    }

    @Test func `have codes in capitals, each once`() {
        let words = ErrorCode.allCases.map(\.rawValue)
        #expect(Set(words).count == words.count)
        #expect(words.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isUppercase } })
    }
}
