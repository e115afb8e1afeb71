import CRMEvents
import Testing

@Suite struct `The merge map` {
    private typealias Map = MergeMap<String>

    private func map(_ said: (Map.Kind, String, String)...) -> Map {
        Map(said.enumerated().map { .init(position: UInt64($0), $1.0, of: $1.1, $1.2) })
    }

    @Test func `follows merges up to who survived them all`() {
        let map = map((.merged, "c", "b"), (.merged, "b", "a"))
        #expect(["a", "b", "c", "x"].map(map.survivor) == ["a", "a", "a", "x"])
        #expect(map.parent(of: "c") == "b" && map.parent(of: "a") == nil)
    }

    @Test func `holds what was said last, and never leads in a circle`() {
        #expect(map((.merged, "b", "a"), (.merged, "b", "c")).survivor(of: "b") == "c")
        let turned = map((.merged, "b", "a"), (.merged, "a", "b"))
        #expect(["a", "b"].map(turned.survivor) == ["b", "b"])
        // The survivor leaves what it was part of; who came with it on the way stays there.
        let longer = map((.merged, "c", "b"), (.merged, "b", "a"), (.merged, "a", "c"))
        #expect(["a", "b", "c"].map(longer.survivor) == ["c", "c", "c"])
        #expect(longer.parent(of: "c") == nil && longer.parent(of: "b") == "a")
        #expect(map((.merged, "a", "a")).parent(of: "a") == nil)
    }

    @Test func `takes parties out of the one that an unmerge names, and out of no other`() {
        #expect(map((.merged, "b", "a"), (.restored, "b", "x")).survivor(of: "b") == "a")
        let farther = map((.merged, "c", "b"), (.merged, "b", "a"), (.restored, "c", "a"))
        #expect(["b", "c"].map(farther.survivor) == ["a", "c"])
    }

    @Test(arguments: [["b", "c"], ["c", "b"]])
    func `takes all parties of one unmerge out, in whatever order it names them`(restored: [String]) {
        let merges: [Map.Assertion] = [
            .init(position: 0, .merged, of: "c", "b"), .init(position: 1, .merged, of: "b", "a"),
        ]
        let map = Map(merges + restored.map { .init(position: 2, .restored, of: $0, "a") })
        #expect(["a", "b", "c"].map(map.survivor) == ["a", "b", "c"])
    }

    @Test func `answers at once, however long the chain`() {
        let count = 100_000
        let map = MergeMap((1..<count).map { .init(position: UInt64($0), .merged, of: $0, $0 - 1) })
        #expect((0..<count).allSatisfy { map.survivor(of: $0) == 0 })
    }

    @Test func `takes no conversion back, and lets a later merge go before it`() {
        #expect(map((.converted, "lead", "a"), (.restored, "lead", "a")).survivor(of: "lead") == "a")
        #expect(map((.converted, "lead", "a"), (.merged, "lead", "b")).survivor(of: "lead") == "b")
        let back = map((.converted, "lead", "a"), (.merged, "lead", "b"), (.restored, "lead", "b"))
        #expect(back.survivor(of: "lead") == "a")
        let turned = map((.converted, "lead", "a"), (.merged, "lead", "other"), (.merged, "other", "lead"))
        #expect(["lead", "other"].map(turned.survivor) == ["a", "a"])
        let inCircle = map((.converted, "lead", "a"), (.merged, "lead", "other"), (.merged, "a", "other"))
        #expect(map((.converted, "lead", "a"), (.merged, "a", "lead")).survivor(of: "a") == "lead")
        #expect(["lead", "a"].map(inCircle.survivor) == ["other", "other"])
        #expect(map((.merged, "lead", "b"), (.converted, "lead", "a")).survivor(of: "lead") == "a")
    }
}
