extension JSON {
    /// The members of an object, in the order in which RFC 8785 writes them, with the words of a dictionary.
    ///
    /// A sorted list and no hash table: answers are many objects of a few members each, which so are built without
    /// hashing and written without sorting. A literal whose names stand in order costs nothing but itself. Names are
    /// told apart by their bytes. Setting a member moves those behind it, so an object of thousands of members is
    /// better made from a sequence.
    public struct Members: Sendable {
        private(set) var list: [(String, JSON)] = []

        /// No members.
        public init() {}

        /// Members in any order; of those that share a name one stays.
        @inlinable
        public init(_ members: some Sequence<(key: String, value: JSON)>) { self.init(list: members.map { ($0, $1) }) }

        @usableFromInline
        init(list: [(String, JSON)]) {
            self.list = list
            if Self.isSorted(list.span) { return }
            self.list.sort { NameOrder.precedes($0.0, $1.0) }
            var end = 0
            for place in list.indices where end == 0 || NameOrder.precedes(self.list[end - 1].0, self.list[place].0) {
                if end < place { self.list[end] = self.list[place] }
                end += 1
            }
            self.list.removeSubrange(end...)
        }

        private static func isSorted(_ list: Span<(String, JSON)>) -> Bool {
            for place in list.indices.dropFirst() where !NameOrder.precedes(list[place - 1].0, list[place].0) {
                return false
            }
            return true
        }

        /// The value of a name; `nil` if no member has it. Setting `nil` removes the member.
        public subscript(name: String) -> JSON? {
            get {
                let (place, isThere) = find(name)
                // Not `nil`, which could also mean a value: JSON's null.
                return isThere ? list[place].1 : JSON?.none
            }
            set {
                let (place, isThere) = find(name)
                switch (newValue, isThere) {
                case (let value?, true): list[place].1 = value
                case (let value?, false): list.insert((name, value), at: place)
                case (nil, true): list.remove(at: place)
                case (nil, false): break
                }
            }
        }

        /// The names, in order.
        public var keys: [String] { list.map(\.0) }
        /// The values, in the order of the names.
        public var values: [JSON] { list.map(\.1) }

        /// Adds members; of two values of one name the one that `combine` makes of the old and the new one counts.
        public mutating func merge(_ others: Members, uniquingKeysWith combine: (JSON, JSON) -> JSON) {
            for (name, value) in others { self[name] = self[name].map { combine($0, value) } ?? value }
        }

        /// The members with others added, as ``merge(_:uniquingKeysWith:)`` does.
        public func merging(_ others: Members, uniquingKeysWith combine: (JSON, JSON) -> JSON) -> Members {
            var members = self
            members.merge(others, uniquingKeysWith: combine)
            return members
        }

        /// The members that pass a test.
        public func filter(_ isWanted: (Element) throws -> Bool) rethrows -> Members {
            var members = self
            members.list = try list.filter { try isWanted(($0, $1)) }
            return members
        }

        /// Removes a member and returns its value; `nil` if no member has the name.
        @discardableResult
        public mutating func removeValue(forKey name: String) -> JSON? {
            let (place, isThere) = find(name)
            return isThere ? list.remove(at: place).1 : JSON?.none
        }

        /// The place of a name, or the one where it belongs. Mostly that is the end: who builds in order only appends.
        private func find(_ name: String) -> (place: Int, isThere: Bool) {
            guard let last = list.last, !NameOrder.precedes(last.0, name) else { return (list.count, false) }
            var (low, high) = (0, list.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if NameOrder.precedes(list[middle].0, name) { low = middle + 1 } else { high = middle }
            }
            return (low, !NameOrder.precedes(name, list[low].0))
        }
    }

    /// An object of what a dictionary holds.
    public static func object(_ members: [String: JSON]) -> JSON { .object(Members(members)) }
}

extension JSON.Members: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { list.count }
    public subscript(place: Int) -> (key: String, value: JSON) { (list[place].0, list[place].1) }
}

extension JSON.Members: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.list.elementsEqual(right.list, by: ==) }
    public func hash(into hasher: inout Hasher) {
        for (name, value) in list {
            hasher.combine(name)
            hasher.combine(value)
        }
    }
}

extension JSON.Members: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(list: elements) }
}
