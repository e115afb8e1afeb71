import ProjectionRuntime

/// The error for a row that decodes but means nothing to this version: the same as for a row that ends too soon.
func damagedRow() -> RowError {
    var nothing = RowDecoder([])
    do throws(RowError) {
        _ = try nothing.boolean()
    } catch {
        return error
    }
    preconditionFailure("an empty row holds no Boolean")
}
