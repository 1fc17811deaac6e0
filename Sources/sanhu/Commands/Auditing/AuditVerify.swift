import ArgumentParser
import Audit
import Foundation
import JSON

/// `sanhu audit-verify`.
struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-verify",
        abstract: "Verify an audit report in JSON, with no ledger at hand.",
        discussion: """
            Verifies that the report's checkpoint is signed by the key, that each entry shown is in the log of that \
            checkpoint, that what is disclosed of it is what was sealed in it, and that the events are what the entries say. \
            What is counted and told besides (breaches, access records, decisions) is the ledger's word.

            EXAMPLES
              sanhu audit-verify report.json --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The report; - for standard input.")
    var file: String

    @OptionGroup var key: PublicKeyOptions

    func run() throws {
        let key = try key.verifier
        let text: [UInt8]
        if file == "-" {
            text = Array(FileHandle.standardInput.readDataToEndOfFile())
        } else {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CommandFailure(.notThere, "There is no file \(file), or it cannot be read.")
            }
            text = Array(data)
        }
        do {
            let report = try AuditReportVerifier(key: key).verify(text)
            Output.standard.writeObject { writer in
                writer.key("verified")
                writer.bool(true)
                writer.member("origin", report.origin)
                writer.member("position", Int64(clamping: report.position))
                writer.member("entries", Int64(report.entries))
                writer.member("disclosures", Int64(clamping: report.disclosures))
            }
            Output.standard.flush()
        } catch {
            throw CommandFailure(.unsound, error.reason, word: "notVerified")
        }
    }
}
