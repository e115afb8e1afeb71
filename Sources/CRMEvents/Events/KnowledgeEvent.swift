// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `knowledge`.
public enum KnowledgeEvent: Sendable {
    /// An article of the knowledge base was published or revised.
    case kbArticlePublished(KbArticlePublished)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "kb.article_published": { .knowledge(.kbArticlePublished(.init(view: $0))) }
    ]
}

extension KnowledgeEvent {
    /// `kb.article_published`.
    public struct KbArticlePublished: Sendable {
        let view: DataFields
        public var articleID: String { view.text(0) }
        public var revision: Int64 { view.integer(3) }
        public var title: String { view.text(4) }
        public var bodyRef: String { view.text(1) }
        public var language: String { view.text(2) }
        public var visibility: String { view.text(5) }
    }
}
