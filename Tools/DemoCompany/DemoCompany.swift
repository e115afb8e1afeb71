import CanonicalJSON

/// Two years (2024 and 2025) of a small company that sells sensors to other companies.
///
/// Leads convert, deals walk through a pipeline with quotes, approvals and contracts, customers order, pay, ask for
/// help, answer surveys and read mail, and about a quarter of them fade away: their gaps grow, their answers turn sour,
/// then they fall silent. The same arguments give the same bytes on every machine. All histories are legal by the
/// catalog's lifecycles. Its people, some 600 with 300 customers, are invented, and their addresses belong to nobody.
public struct DemoCompany: Sendable {
    /// How many customers the demo has unless told otherwise: about 49,000 events.
    public static let customerCountDefault = 300
    /// The greatest number of customers.
    public static let customerCountMax = 1_000_000

    private let customerCount: Int
    private let seed: UInt64

    /// A demo with so many customers.
    public init(customerCount: Int = customerCountDefault, seed: UInt64 = 1) {
        self.customerCount = min(max(customerCount, 1), Self.customerCountMax)
        self.seed = seed
    }

    /// The events as CloudEvents JSON lines without line feeds, in order of time.
    public func lines() -> [[UInt8]] {
        var journal = Journal()
        var company = CompanyHistory(dice: extraDice(1 << 40))
        company.live(in: &journal)
        // Five leads for every two customers: two convert, three do not.
        var customer = 0
        for lead in 0..<(customerCount * 5 + 1) / 2 {
            // Dice for every lead and customer, so that one more customer changes nothing about the others.
            var history = LeadHistory(number: lead, dice: dice(UInt64(lead) * 2), extra: extraDice(UInt64(lead) * 2))
            guard lead % 5 < 2, customer < customerCount else {
                history.endWithoutCustomer(in: &journal)
                continue
            }
            let conversion = history.convert(to: customer, in: &journal)
            var life = CustomerHistory(
                number: customer, conversion: conversion, dice: dice(UInt64(lead) * 2 + 1),
                extra: extraDice(UInt64(lead) * 2 + 1))
            life.live(in: &journal)
            customer += 1
        }
        return journal.lines()
    }

    private func dice(_ number: UInt64) -> Dice { Dice(seed: seed &* 0x1_0000_0001 &+ number) }

    /// Dice that share nothing with those of the same number.
    private func extraDice(_ number: UInt64) -> Dice { dice(number ^ 1 << 63) }
}

extension Dice {
    /// A working moment so many days after the day of an instant: between 09:00 and 18:00, to the second.
    mutating func moment(after time: Int64, days: ClosedRange<Int>) -> Int64 {
        let day = (time - DemoTime.start) / DemoTime.day + Int64(number(days))
        return DemoTime.start + day * DemoTime.day + Int64(number(32_400...64_799)) * 1000
    }
}
