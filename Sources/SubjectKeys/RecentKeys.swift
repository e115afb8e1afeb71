/// A cache with a bound that drops what was not used for longest, roughly: entries are young or old, a use makes them
/// young, and when the young ones are half of the bound the old ones go and the young ones grow old.
struct RecentKeys<Name: Hashable, Value> {
    private var young: [Name: Value] = [:]
    private var old: [Name: Value] = [:]
    private let youngCountMax: Int

    /// - Parameter countMax: entries at most; at least 2 are kept.
    init(countMax: Int) { youngCountMax = max(1, countMax / 2) }

    var count: Int { young.count + old.count }

    mutating func value(of name: Name) -> Value? {
        if let value = young[name] { return value }
        guard let value = old.removeValue(forKey: name) else { return nil }
        insert(value, for: name)
        return value
    }

    mutating func insert(_ value: Value, for name: Name) {
        old[name] = nil
        if young.count >= youngCountMax, young[name] == nil {
            old = young
            young = [:]
        }
        young[name] = value
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
