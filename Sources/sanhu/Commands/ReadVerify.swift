import ArgumentParser
import Exchange
import Foundation
import JSON
import Transparency

/// `sanhu read-verify`.
struct ReadVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read-verify",
        abstract: "Verify what `read --verifiable` printed, with no ledger at hand.",
        discussion: """
            Verifies that each entry and each stub is in the log whose key is given, that what was disclosed is what was \
            sealed in it, that all else in it is accounted for, and, if it was not a query that was read, that no position \
            of the range is missing. Prints one line with what was found.

            With --merged it prints what `read` prints without --verifiable instead: each line is good once it is there, \
            and that they are all there is known when the command has ended well.

            EXAMPLES
              sanhu read-verify tax.ndjson --key port.example/ledger+2d3c…+AT…
              sanhu read --as TAX --verifiable --proofs \\
                | sanhu read-verify - --merged --key port.example/ledger+2d3c…+AT…
              sanhu read-verify new.ndjson --old checkpoint.txt \\
                --key port.example/ledger+2d3c…+AT…
            """)

    @Argument(help: "The file; - for standard input.")
    var file: String

    @OptionGroup var key: PublicKeyOptions

    @Option(name: .long, help: "The file of a checkpoint from before, of whose log this must be the continuation.")
    var old: String?

    @Option(name: .long, help: "With --old: the file of a policy over witnesses; enough of them have cosigned it.")
    var witnesses: String?

    @Option(
        name: .customLong("witness-age"), help: "With --witnesses: how old a cosignature may be, in seconds; 86400.")
    var witnessAge: UInt64?

    @Flag(name: .long, help: "Print what was read as plain events.")
    var merged = false

    func validate() throws {
        guard witnesses == nil || old != nil else {
            throw ValidationError("--witnesses goes with --old FILE: a checkpoint that witnesses have cosigned.")
        }
        guard witnessAge == nil || witnesses != nil else {
            throw ValidationError("--witness-age goes with --witnesses.")
        }
    }

    func run() throws {
        let key = try key.verifier
        let known = try old.map(Self.checkpoint)
        if let witnesses, let known { try demand(PolicyFile.read(witnesses), of: known, key) }
        var verifier = ReadVerifier(key: key, known: known)
        var lines = try LineReader(path: file)
        let bar = ProgressBar("verifying")
        let total = Self.byteCount(file)
        var (done, count): (UInt64, UInt64) = (0, 0)
        do {
            while let line = lines.next() {
                if let entry = try verifier.take(line) {
                    if merged { SeenEntryPrinter().print([entry.seen]) }
                    count += 1
                }
                done += UInt64(line.count) + 1
                if total > 0 { bar.show(Double(done) / Double(total), "\(count) entries") }
            }
            bar.finish()
            if let fault = lines.fault { throw fault }
            report(try verifier.finish())
        } catch let error as ReadVerificationError {
            bar.finish()
            throw CommandFailure(error)
        }
    }

    /// Refuses a checkpoint that too few witnesses have cosigned.
    private func demand(_ policy: WitnessPolicy, of note: SignedNote, _ key: NoteVerifier) throws {
        guard policy.accepts(key) else {
            throw CommandFailure(.refused, "The policy over witnesses names logs, and not \(key.name).")
        }
        let now = UInt64(max(0, Date().timeIntervalSince1970))
        let verdict = policy.verdict(on: note, now: now, maximumAge: witnessAge ?? 86_400)
        guard verdict.isSatisfied else {
            throw CommandFailure(.unsound, verdict.reason, word: "notWitnessed")
        }
    }

    private static func checkpoint(_ path: String) throws -> SignedNote {
        do {
            return try SignedNote(InputFile.text(path))
        } catch let error as NoteError {
            throw CommandFailure(.unsound, "\(path) is no checkpoint: \(error.reason)")
        }
    }

    /// How many bytes a file has; 0 for what is not one.
    private static func byteCount(_ path: String) -> UInt64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    }

    private func report(_ read: VerifiedRead) {
        if !merged {
            Output.standard.writeObject { writer in
                writer.key("verified")
                writer.bool(true)
                writer.member("origin", read.origin)
                writer.member("from", Int64(read.from))
                writer.member("to", Int64(read.to))
                writer.member("entries", Int64(read.entries))
                writer.member("stubs", Int64(read.stubs))
                writer.member("disclosures", Int64(read.disclosures))
                writer.key("complete")
                writer.bool(read.isComplete)
                writer.key("proved")
                writer.bool(read.checkpoint != nil)
                if let checkpoint = read.checkpoint {
                    // Whoever has the key may sign any 64-bit number.
                    writer.key("size")
                    writer.raw(String(checkpoint.size).utf8)
                    writer.member("root", checkpoint.root.base64)
                }
                if let known = read.known {
                    writer.key("oldSize")
                    writer.raw(String(known.size).utf8)
                }
            }
        }
        Output.standard.flush()
        if read.checkpoint == nil {
            Terminal.say("without proofs nothing shows that this is in the log; read it with --proofs")
        }
        if read.omitted > 0 {
            Terminal.say("\(read.omitted) fields were taken out by someone through whose hands the answer went")
        }
        if !read.isComplete {
            Terminal.say("the answer to a query cannot show that nothing is left out; read the range without one")
        }
    }
}
