import ArgumentParser
import Foundation
import JSON
import Transparency
import Witnessing

/// `sanhu witness cosign`.
struct WitnessCosign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Cosign a checkpoint that came as a file, with the proof that it continues the last one.",
        discussion: """
            For a witness that no network reaches. The file is what `sanhu consistency OLD` prints, with OLD the size that \
            `sanhu witness status` shows. Prints the checkpoint with the cosignature under it, which the ledger's server takes \
            at POST /checkpoint/cosignatures.

            EXAMPLES
              sanhu consistency 0 > first.consistency
              sanhu witness cosign first.consistency --state witness/ \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The file; - for standard input.")
    var file: String

    @OptionGroup var key: PublicKeyOptions

    @OptionGroup var options: WitnessOptions

    func run() throws {
        let verifier = try key.verifier
        let text = try InputFile.text(file == "-" ? "/dev/stdin" : file)
        let folder = try options.open()
        defer { folder.close() }
        try folder.follow(verifier)
        let note = try folder.cosign(text, at: UInt64(max(0, Date().timeIntervalSince1970)))
        Output.standard.write(note.description.utf8)
        Output.standard.flush()
    }
}
