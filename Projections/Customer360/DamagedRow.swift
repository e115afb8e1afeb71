import ProjectionRuntime

/// The error for a row that decodes but means nothing to this version.
func damagedRow(_ expected: String) -> RowError { RowError(expected: expected, offset: 0) }
