import ProjectionRuntime

/// The error for a row that decodes but means nothing to this version.
func damagedRow() -> RowError { RowError(expected: "a value that this version knows", offset: 0) }
