import ArgumentParser
import DemoCompany

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write two years of a small demo company as CloudEvents NDJSON.",
        discussion: """
            EXAMPLES
              rapport demo | rapport import -
              rapport demo --customers 5000 --seed 7 --out demo.ndjson

            The same customers and seed give the same bytes, so importing them again
            changes nothing. Leads convert, deals go through a pipeline, customers order,
            pay and ask for help, and some of them fall silent. Its people are invented.
            """)

    @Option(help: "How many customers; 300 make about 49,000 events.")
    var customers = DemoCompany.customerCountDefault

    @Option(help: "Another seed, another company.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"))
    var out = "-"

    func run() async throws {
        guard (1...DemoCompany.customerCountMax).contains(customers) else {
            throw Failure(
                .usage,
                "--customers must be 1 to \(DemoCompany.customerCountMax). Nothing was written. Choose a number there.")
        }
        let lines = DemoCompany(customerCount: customers, seed: seed).lines()
        let file = try OutputFile(out)
        for line in lines { try file.write(line) }
        try file.finish()
        if out != "-" { Console.complain("\(lines.count) events written to \(out)") }
    }
}
