public import NIOCore

// Bytes after the RESP specification (redis.io, "Redis serialization protocol specification"):
//   simple  +text␍␊            integer :n␍␊              array  *n␍␊ then n values
//   error   -CODE message␍␊    bulk    $n␍␊ n bytes ␍␊   map    %n␍␊ then n pairs   (2: *2n␍␊)
//   null    _␍␊   (2: $-1␍␊)   boolean #t␍␊ #f␍␊  (2: :1␍␊ :0␍␊)
// where (2: …) is what RESP2 gets in its place.
extension RESPValue {
    /// Writes the value in the dialect of the connection.
    ///
    /// Control characters of simple texts and errors become spaces: no text of ours can end a line early, and
    /// none can move the cursor of somebody's terminal.
    public func write(to buffer: inout ByteBuffer, version: RESPVersion) {
        switch self {
        case .simple(let text): buffer.writeLine("+", RESPValue.printable(text))
        case .error(let code, let message):
            buffer.writeLine("-", RESPValue.printable(code.isEmpty ? message : "\(code) \(message)"))
        case .integer(let number): buffer.writeLine(":", number.description)
        case .bulk(let bytes):
            buffer.writeLine("$", bytes.count.description)
            buffer.writeBytes(bytes)
            buffer.writeString("\r\n")
        case .null: buffer.writeString(version == .v3 ? "_\r\n" : "$-1\r\n")
        case .boolean(let value):
            buffer.writeString(version == .v3 ? (value ? "#t\r\n" : "#f\r\n") : (value ? ":1\r\n" : ":0\r\n"))
        case .array(let elements):
            buffer.writeLine("*", elements.count.description)
            for element in elements { element.write(to: &buffer, version: version) }
        case .map(let entries):
            switch version {
            case .v2: buffer.writeLine("*", (2 * entries.count).description)
            case .v3: buffer.writeLine("%", entries.count.description)
            }
            for entry in entries {
                entry.key.write(to: &buffer, version: version)
                entry.value.write(to: &buffer, version: version)
            }
        }
    }

    /// Writes a command as clients do: an array of bulk strings.
    public static func writeCommand(_ arguments: [[UInt8]], to buffer: inout ByteBuffer) {
        buffer.writeLine("*", arguments.count.description)
        for argument in arguments {
            RESPValue.bulk(argument).write(to: &buffer, version: .v2)
        }
    }

    /// The text with every C0 and C1 control character and DEL turned into a space.
    static func printable(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
        guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return text }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isControl(scalar) ? " " : scalar) }
        return String(result)
    }
}

extension ByteBuffer {
    mutating func writeLine(_ sign: StaticString, _ text: String) {
        writeStaticString(sign)
        writeString(text)
        writeStaticString("\r\n")
    }
}
