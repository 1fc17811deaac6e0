import ArgumentParser
import EventLog
import Foundation
import Transparency

/// Which ledger a command is about.
struct LedgerOptions: ParsableArguments {
    @Option(name: .long, help: "The ledger's folder; else SANHU_LEDGER.")
    var ledger: String?

    /// The folder.
    var path: String {
        get throws {
            if let ledger { return ledger }
            if let path = ProcessInfo.processInfo.environment["SANHU_LEDGER"], !path.isEmpty { return path }
            throw ValidationError("Which ledger? Give --ledger DIR or set SANHU_LEDGER.")
        }
    }

    /// Opens the ledger for reading.
    func openForReading() throws -> Log {
        try Log.open(readingAt: path)
    }
}

/// Which ledger a command writes, and with which key.
struct WritingOptions: ParsableArguments {
    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "The file of the key that signs checkpoints; else SANHU_KEY, else the key folder.")
    var key: String?

    init() {}

    /// Those of a command that mostly reads.
    ///
    /// - Parameter key: The file of the key that signs checkpoints, if it is given.
    init(of ledger: LedgerOptions, key: String? = nil) {
        self.init()
        self.ledger = ledger
        self.key = key
    }

    /// The key that signs for the ledger.
    func signer() throws -> NoteSigner {
        let verifier = try LedgerFolder(opening: ledger.path).verifier
        return try KeyFolder.standard.signer(for: verifier, file: key)
    }

    /// Opens the ledger for writing; filing entries that the index lacks shows a progress bar.
    ///
    /// - Throws: ``CommandFailure`` for a ledger with a charter: what agencies append is checked and sealed first.
    func openForWriting() throws -> Log {
        guard try !ledger.isExchange else {
            throw CommandFailure(
                .refused, "This ledger has a charter: say for which agency you append, by `sanhu append --as AGENCY`.")
        }
        let bar = ProgressBar("indexing")
        defer { bar.finish() }
        return try Log.open(at: ledger.path, signer: signer()) { position in
            bar.show(0, "\(position) entries")
        }
    }
}
