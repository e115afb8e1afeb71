extension EventTypeDefinition {
    /// CATALOG.md 5.9, contracts 合同.
    static let contractTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "contract.drafted", "A contract was drafted.", in: .contract,
            stream: .entity("contract", field: "contract_id"),
            fields: contractFields,
            terms: [.anchor("party_ids"), "quote_id", "opportunity_id"],
            rules: [.amountsNeedCurrency, .ordered("start_date", notAfter: "end_date")]),
        EventTypeDefinition(
            "contract.sent_for_signature", "A contract went out to those who sign it.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("provider", .text),
                .required("envelope_ref", .text),
                .required("document_sha256", .sha256),
                // surrogates, so public
                .required("signers", .list(of: .object([.optional("contact_id", .id), .optional("order", .integer)]))),
            ],
            terms: ["signers.contact_id"]),
        EventTypeDefinition(
            "contract.signed", "Somebody signed a contract.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("signer_contact_id", .id),
                .required("certificate_ref", .text),
                .required("signed_at", .instant),
                .required("document_sha256", .sha256),
                .required("all_signed", .boolean),
            ],
            terms: ["signer_contact_id"]),
        EventTypeDefinition(
            "contract.activated", "A contract came into force.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("effective_date", .civilDay)
            ]),
        EventTypeDefinition(
            "contract.amended", "The parties changed a contract.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("amendment_no", .integer),
                .required("changes", .changes(of: changeableContractFields)),
                .optional("document_sha256", .sha256),
            ],
            subject: .anchor(for: .contract)),
        EventTypeDefinition(
            "contract.renewed", "A contract was extended.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("new_end_date", .civilDay),
                .optional("new_amount", .money),
            ]),
        EventTypeDefinition(
            "contract.ended", "A contract expired, or was terminated or cancelled.", in: .contract,
            stream: .category("contract"),
            fields: [
                .required("outcome", .enumeration(["expired", "terminated", "cancelled"])),
                .optional("reason", .code),
                .required("effective_date", .civilDay),
            ]),
    ]

    private static let contractFields: [Field] =
        [
            .required("contract_id", .id),
            .required("number", .text),
            .required("kind", .enumeration(["sales", "supplier", "lease", "service", "nda"])),
            .required("party_ids", .list(of: .party)),
            .optional("template_id", .id),
            .optional("template_version", .integer),
            .optional("amount", .money),
            .optional("currency", .currency),
            .required("start_date", .civilDay),
            .optional("end_date", .civilDay),
            .optional("auto_renew", .boolean),
            .optional("notice_days", .integer),
            .optional("quote_id", .id),
            .optional("opportunity_id", .id),
        ]

    /// A change corrects the record; which contract it is it cannot change.
    private static let changeableContractFields = contractFields.filter { !["contract_id"].contains($0.name) }
}
