import ArgumentParser
import EventLog
import Foundation
import Interchange
import JSON

/// Appends what an importer gives, shows how far it is, and says what was and was not imported.
struct ImportSession {
    /// What the ledger did with the drafts.
    private struct Counts {
        var appended = 0
        var duplicates = 0
        var refused = 0
    }

    let ledger: ImportLedger

    init(into ledger: ImportLedger) {
        self.ledger = ledger
    }

    /// Imports everything that can be imported.
    ///
    /// - Throws: What keeps the ledger from taking anything more. What is wrong with the input is printed, and the rest
    ///   imported; that something was refused is said at the end by the exit code.
    func run(_ importer: some Importer) async throws {
        defer { ledger.close() }
        let bar = ProgressBar("importing")
        var summary = ImportSummary()
        var counts = Counts()
        for batch in importer.batches() {
            for fault in batch.refusals { report("refused", fault) }
            for fault in batch.warnings { report("warning", fault) }
            try await append(batch, &counts)
            summary.add(batch)
            bar.show(batch.progress.fraction, batch.name)
        }
        bar.finish()
        print(summary, counts)
        Output.standard.flush()
        Terminal.say(
            "\(summary.filesImported) of \(summary.filesFound) files imported, \(summary.filesRefused) refused; "
                + "\(counts.appended) events appended, \(counts.duplicates) were there already"
                + (counts.refused > 0 ? ", \(counts.refused) refused by the ledger" : "")
                + "; \(summary.warningCount) warnings")
        guard summary.filesFound > 0 else { throw CommandFailure(.notThere, "No files were found to import.") }
        if summary.filesRefused + summary.refusalCount + counts.refused > 0 {
            ledger.close()
            throw ExitCode(CommandFailure.Code.refused.rawValue)
        }
    }

    private func append(_ batch: ImportBatch, _ counts: inout Counts) async throws {
        for (outcome, origin) in zip(try await ledger.append(batch), batch.origins) {
            switch outcome {
            case .receipt(let receipt):
                if case .appended = receipt { counts.appended += 1 } else { counts.duplicates += 1 }
            case .refused(let reason):
                counts.refused += 1
                report("refused", ImportFault(file: origin.file, line: origin.line, reason: reason))
            }
        }
    }

    /// Says a fault as one line of JSON.
    private func report(_ kind: String, _ fault: ImportFault) {
        Output.standard.writeObject { writer in
            writer.key(kind)
            writer.object { writer in
                writer.member("file", fault.file)
                if let line = fault.line { writer.member("line", Int64(line)) }
                writer.member("reason", fault.reason)
            }
        }
    }

    private func print(_ summary: ImportSummary, _ counts: Counts) {
        Output.standard.writeObject { writer in
            writer.key("summary")
            writer.object { writer in
                writer.member("filesFound", Int64(summary.filesFound))
                writer.member("filesImported", Int64(summary.filesImported))
                writer.member("filesRefused", Int64(summary.filesRefused))
                writer.member("recordsRead", Int64(summary.recordsRead))
                writer.member("recordsRefused", Int64(summary.refusalCount))
                writer.member("warnings", Int64(summary.warningCount))
                writer.member("appended", Int64(counts.appended))
                writer.member("duplicates", Int64(counts.duplicates))
                writer.member("refusedByLedger", Int64(counts.refused))
                writer.key("byType")
                writer.object { writer in
                    for (type, count) in summary.draftsByType.sorted(by: { $0.key < $1.key }) {
                        writer.member(type, Int64(count))
                    }
                }
            }
        }
    }
}
