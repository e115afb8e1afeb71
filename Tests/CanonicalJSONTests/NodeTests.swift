import CanonicalJSON
import Testing

@Suite struct `A node of a document` {
    let root: JSONNode

    init() throws {
        let document =
            #"{ "text":"a\n\u00e9", "n":-12, "yes":true, "no":false, "none":null, "#
            + #""list":[1,[2],{"x":3}], "k\u0065y":"v"}"#
        root = try JSONDocument(parsing: Array(document.utf8)).root
    }

    @Test func `knows its kind, its count and its place`() {
        #expect(root.kind == .object)
        #expect(root.count == 7)
        #expect(root.byteOffset == 0)
        #expect(root["text"]?.kind == .text)
        #expect(root["text"]?.byteOffset == 9)
        #expect(root["n"]?.kind == .integer)
        #expect(root["yes"]?.kind == .boolean)
        #expect(root["none"]?.kind == .null)
        #expect(root["list"]?.kind == .array)
        #expect(root["list"]?.count == 3)
        #expect(root["n"]?.count == 0)
    }

    @Test func `gives its value only as what it is`() {
        #expect(root["text"]?.text == "a\né")
        #expect(root["text"]?.integer == nil)
        #expect(root["n"]?.integer == -12)
        #expect(root["n"]?.text == nil)
        #expect(root["yes"]?.boolean == true)
        #expect(root["no"]?.boolean == false)
        #expect(root["none"]?.boolean == nil)
        #expect(root["none"]?.isNull == true)
        #expect(root.isNull == false)
        #expect(root["list"]?["x"] == nil)
        #expect(root["absent"] == nil)
        #expect(root["tex"] == nil)
        #expect(root["texts"] == nil)
    }

    @Test func `finds and compares texts with their escapes resolved`() {
        #expect(root["key"]?.hasText("v") == true)
        #expect(root["key"]?.hasText("vv") == false)
        #expect(root["text"]?.hasText("a\né") == true)
        #expect(root["text"]?.hasText("a\n") == false)
        #expect(root["text"]?.hasText("a\néé") == false)
        #expect(root["text"]?.hasText("a\ne\u{301}") == false, "equal bytes are wanted, not equivalent characters")
        #expect(root["n"]?.hasText("-12") == false)
    }

    @Test func `lists its members and elements in document order`() {
        #expect(root.members.map(\.name) == ["text", "n", "yes", "no", "none", "list", "key"])
        let elements = root["list"].map { Array($0.elements) } ?? []
        #expect(elements.map(\.kind) == [.integer, .array, .object])
        #expect(elements.last?["x"]?.integer == 3)
        #expect(Array(root.elements).isEmpty)
        #expect(root["list"].map { Array($0.members).isEmpty } == true)
    }

    @Test(arguments: [0, 7, 10, -1, 123_456_789, 9_007_199_254_740_991, -9_007_199_254_740_991] as [Int64])
    func `reads every integer that I-JSON allows`(integer: Int64) throws {
        #expect(try JSONDocument(parsing: Array("\(integer)".utf8)).root.integer == integer)
    }
}

@Suite struct `A JSON value` {
    @Test func `is written by literals and read by kind`() {
        let value: JSON = ["b": [1, true, nil, "x"], "a": "y"]
        #expect(value.canonicalText == #"{"a":"y","b":[1,true,null,"x"]}"#)
        #expect(value["a"]?.text == "y")
        #expect(value["b"]?.elements?.count == 4)
        #expect(value["b"]?.elements?.first?.integer == 1)
        #expect(value["b"]?.elements?[1].boolean == true)
        #expect(value["c"] == nil)
        #expect(value["a"]?["b"] == nil)
        #expect(value.text == nil)
    }

    @Test func `is null for an optional that holds nothing`() {
        #expect(JSON.from(String?.none) == JSON.null)
        #expect(JSON.from(Int64?.none) == JSON.null)
        #expect(JSON.from(Int?.some(3)) == 3)
        #expect(JSON.from(Bool?.some(true)) == true)
        #expect(JSON.from("x") == "x")
    }

    @Test func `sorts supplementary characters before U+E000, unlike UTF-8`() {
        let value: JSON = ["\u{E000}": 1, "\u{10000}": 2, "\u{D7FF}": 3]
        #expect(value.canonicalText == "{\"\u{D7FF}\":3,\"\u{10000}\":2,\"\u{E000}\":1}")
    }
}
