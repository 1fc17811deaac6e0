import ArgumentParser
import EventLog
import Foundation
import JSON

/// `sanhu bench`.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the ledger on this machine.",
        discussion: """
            Each prints one line of JSON with the figure, the sync mode, the kernel and the disk. Compare figures of one \
            machine and one hour only: `tools/bench/run` takes them in turns with a plain C program.

            EXAMPLES
              sanhu bench append --events 1000000 --batch 1000 --bytes 700 --tags 3
              sanhu bench append --events 100000 --batch 1 --clients 64
              sanhu bench scan --ledger bench.ledger
            """,
        subcommands: [
            BenchAppend.self, BenchScan.self, BenchOpen.self, BenchIntake.self, BenchReading.self, BenchViews.self,
        ])
}
