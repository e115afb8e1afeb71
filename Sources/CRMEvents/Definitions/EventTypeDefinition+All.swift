extension EventTypeDefinition {
    /// Every type of the catalog, in the order of its sections.
    static let all: [EventTypeDefinition] =
        partyTypes
        + privacyTypes
        + leadTypes
        + poolTypes
        + opportunityTypes
        + interactionTypes
        + marketingTypes
        + quoteTypes
        + contractTypes
        + tradeTypes
        + subscriptionTypes
        + serviceTypes
        + loyaltyTypes
        + governanceTypes
        + operationsTypes
        + systemTypes
}
