extension EventTypeDefinition {
    /// CATALOG.md 5.8, catalogue and quotes 产品·报价.
    ///
    /// `revision` here is the quote's own number, printed on paper; the stream's revision is the envelope's.
    static let quoteTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "product.defined", "A product was defined, or defined anew.", in: .product,
            stream: .entity("product", field: "product_id"),
            fields: [
                .required("product_id", .id),
                .required("sku", .text),
                .required("name", .text),
                .optional("category", .text),
                .optional("unit", .text),
                .required("active", .boolean),
                .optional("attributes", .anyObject),
            ]),
        EventTypeDefinition(
            "price.set", "A product has a new price from a day on.", in: .product,
            stream: .entity("product", field: "product_id"),
            fields: [
                .required("product_id", .id),
                .required("kind", .enumeration(["list", "floor", "cost"])),
                .optional("price_book_id", .id),
                .required("amount", .money),
                .required("currency", .currency),
                .optional("min_quantity_milli", .integer),
                .required("effective_from", .civilDay),
                .optional("source", .text),
            ]),
        EventTypeDefinition(
            "quote.created", "A quote was written.", in: .quote,
            stream: .entity("quote", field: "quote_id"),
            fields: [
                .required("quote_id", .id),
                .required("number", .text),
                .required("revision", .integer),
                .required("kind", .enumeration(["customer", "supplier", "channel"])),
                .required("party_id", .party),
                .optional("opportunity_id", .id),
                .required("lines", .list(of: .line)),
                .required("total", .money),
                .required("currency", .currency),
                .required("valid_until", .civilDay),
                .optional("template_id", .id),
                .optional("template_version", .integer),
            ],
            terms: [.anchor("party_id"), "opportunity_id"],
            rules: [.totalOfLines]),
        EventTypeDefinition(
            "quote.revised", "A quote was written anew under the same number.", in: .quote,
            stream: .category("quote"),
            fields: [
                .required("revision", .integer),
                .required("lines", .list(of: .line)),
                .required("total", .money),
                .required("supersedes_revision", .integer),
                .optional("reason", .code),
            ],
            rules: [.totalOfLines]),
        EventTypeDefinition(
            "quote.sent", "A quote went to the customer.", in: .quote,
            stream: .category("quote"),
            fields: [
                .required("revision", .integer),
                .required("channel", .text),
                .optional("to_contact_ids", .list(of: .id)),
                .optional("document_sha256", .sha256),
            ],
            terms: ["to_contact_ids"]),
        EventTypeDefinition(
            "quote.accepted", "The customer accepted a quote.", in: .quote,
            stream: .category("quote"),
            fields: [
                .required("revision", .integer),
                // a contact
                .required("accepted_by", .id),
                .required("accepted_at", .instant),
            ],
            terms: [.field("accepted_by", in: .fixed("contact"))]),
        EventTypeDefinition(
            "quote.closed", "A quote came to nothing, or another one took its place.", in: .quote,
            stream: .category("quote"),
            fields: [
                .required("outcome", .enumeration(["rejected", "expired", "withdrawn", "superseded"])),
                .optional("reason", .code),
            ]),
    ]
}
