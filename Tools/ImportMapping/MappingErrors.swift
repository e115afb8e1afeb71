/// What is wrong with a mapping file, and where. A mapping holds no customer data, so its words may be repeated.
public struct MappingError: Error, Hashable, CustomStringConvertible {
    /// The place, such as `events[2].data.total`.
    public let path: String
    /// What is wrong there.
    public let problem: String

    public var description: String {
        "the mapping at '\(path)': \(problem). No row was read with it. "
            + "Correct the mapping (Tools/mappings/README.md explains it) and import again."
    }
}

/// Why a row could not become events. Names the column, never what stands in it.
public struct RowError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        case ragged(found: Int, expected: Int)
        case empty
        case noSlug
        case notInLookup
        case notADecimal
        case notExact(scale: Int64)
        case outOfRange
        case notATime(format: String)
        case notABoolean
        case badName(String)
        case differsFromFirst
    }

    /// The column, or what was made of several.
    public let column: String
    /// What is wrong.
    public let problem: Problem

    /// An error about a column.
    public init(column: String, problem: Problem) {
        self.column = column
        self.problem = problem
    }

    /// The code under which the rejects file lists the row.
    public static let code = "INVALIDROW"

    public var description: String {
        let found =
            switch problem {
            case .ragged(let found, let expected): "the row's field count is \(found), the header's \(expected)"
            case .empty: "column '\(column)' is empty, and the mapping needs it"
            case .noSlug: "column '\(column)' has no letter or digit to make an id of"
            case .notInLookup: "column '\(column)' holds a value that the mapping's lookup does not list"
            case .notADecimal: "column '\(column)' is not a decimal number such as -12.50"
            case .notExact(let scale): "column '\(column)' times \(scale) is not a whole number"
            case .outOfRange: "column '\(column)' is beyond 2^53-1"
            case .notATime(let format): "column '\(column)' is not of the format \(format)"
            case .notABoolean: "column '\(column)' is neither of the mapping's words for true and false"
            case .badName(let why): why
            case .differsFromFirst: "the once-per event '\(column)' differs from the one made of an earlier row"
            }
        guard case .badName = problem else {
            return "\(found). No event was made of this row. "
                + "Correct the row or the mapping, then import the file again: what is there already is recognised."
        }
        return found
    }
}
