import ArgumentParser
import Foundation
import JSON
import Transparency
import Witnessing

/// `sanhu witness status`.
struct WitnessStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Print what a witness knows: a line for each log.",
        discussion: """
            EXAMPLES
              sanhu witness status --state witness/
            """)

    @Option(name: .long, help: "The witness's folder.")
    var state: String

    func run() throws {
        let logs = try WitnessFolder.contents(at: state).logs
        let names = (try? FileManager.default.contentsOfDirectory(atPath: state + "/evidence")) ?? []
        let evidence = names.count { $0.hasSuffix(".evidence") }
        for log in logs {
            Output.standard.writeObject { json in
                json.member("origin", log.key.name)
                // Whoever has the key may sign any 64-bit number.
                json.key("size")
                json.raw(String(log.size).utf8)
                if let root = log.checkpoint?.root { json.member("root", root.base64) }
            }
        }
        Output.standard.flush()
        if evidence > 0 {
            Terminal.say("evidence in \(state)/evidence: \(evidence); see `sanhu witness evidence`")
        }
    }
}

/// `sanhu witness evidence`.
struct WitnessEvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Verify what a witness kept of a contradiction, with the ledger's public key alone.",
        discussion: """
            “forked”: the ledger's key has signed two histories; nobody else can have made this. “rolledBack”: it has signed \
            less than before; in which order, only the witness says. “unproven”: it has signed two checkpoints and did not \
            show that one continues the other; it owes that proof.

            EXAMPLES
              sanhu witness evidence witness/evidence/5f0c.evidence \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The file.")
    var file: String

    @OptionGroup var key: PublicKeyOptions

    func run() throws {
        let verifier = try key.verifier
        let text = try InputFile.text(file)
        do throws(NoteError) {
            let evidence = try WitnessEvidence(text)
            let finding = try evidence.verify(verifier)
            let (first, second) = (try Checkpoint(evidence.first.text), try Checkpoint(evidence.second.text))
            Output.standard.writeObject { json in
                json.member("finding", finding.rawValue)
                json.member("origin", first.origin)
                for (name, checkpoint) in [("first", first), ("second", second)] {
                    json.key(name)
                    json.object { json in
                        json.key("size")
                        json.raw(String(checkpoint.size).utf8)
                        json.member("root", checkpoint.root.base64)
                    }
                }
            }
            Output.standard.flush()
            Terminal.say(Self.meaning(finding))
        } catch {
            throw CommandFailure(.unsound, "The evidence does not hold: \(error.reason)")
        }
    }

    private static func meaning(_ finding: WitnessEvidence.Finding) -> String {
        switch finding {
        case .forked: "the ledger's key has signed two histories: this is proof, whoever shows it"
        case .rolledBack: "the ledger's key has signed both; that the smaller was shown later is the witness's word"
        case .unproven: "the ledger's key has signed both; it owes the proof that the second continues the first"
        }
    }
}
