extension Rapportd {
    /// The release of this build.
    static let release = "0.1.0"
}
