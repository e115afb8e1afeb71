import CanonicalJSON
import Testing

@testable import ViewExports

@Suite struct `A CSV cell` {
    private func cell(_ value: JSON) -> String {
        var bytes: [UInt8] = []
        CSVCell.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 4180, section 2, points 5 to 7.
    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("a,b", "\"a,b\""), ("say \"yes\"", "\"say \"\"yes\"\"\""),
        ("two\nlines", "\"two\nlines\""), ("two\r\nlines", "\"two\r\nlines\""), ("日本, 東京", "\"日本, 東京\""),
    ])
    func `is quoted where it must be`(text: String, expected: String) { #expect(cell(.text(text)) == expected) }

    /// The examples of OWASP's page on CSV injection, and the signs that it and ASVS 1.2.10 name.
    @Test(arguments: [
        ("=1+2", "'=1+2"), ("=1+2\";=1+2", "\"'=1+2\"\";=1+2\""), ("=1+2'\" ;,=1+2", "\"'=1+2'\"\" ;,=1+2\""),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"), ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
        ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("\n=1", "\"'\n=1\""), ("\0=1", "'\0=1"), ("＝1", "'＝1"),
        ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
        ("-", "'-"), ("+1-2", "'+1-2"), ("-1e5", "'-1e5"), ("-.5", "'-.5"), ("+86 138", "'+86 138"), ("--1", "'--1"),
    ])
    func `is no formula`(text: String, expected: String) { #expect(cell(.text(text)) == expected) }

    @Test(arguments: ["-5", "+49123", "-12.50", "0", "12"])
    func `stays a plain number`(text: String) { #expect(cell(.text(text)) == text) }

    @Test func `says what every kind of value is`() {
        #expect(cell(.integer(-7)) == "-7")
        #expect(cell(true) == "true")
        #expect(cell(.null).isEmpty)
        #expect(cell([1, "a,b"]) == "\"[1,\"\"a,b\"\"]\"")
    }
}
