import EventLog
import Exchange
import Foundation
import Transparency

extension KeyFolder {
    /// The file of the key that wraps the keys of what is sealed in a ledger.
    func wrappingKey(for verifier: NoteVerifier) -> WrappingKeyFile {
        WrappingKeyFile(path: file(for: verifier) + ".wrapping")
    }
}

extension LedgerOptions {
    /// Whether the ledger was founded by a charter.
    var isExchange: Bool {
        get throws { FileManager.default.fileExists(atPath: try path + "/access/ledger.json") }
    }
}

extension LedgerOptions {
    /// Looks into log and keys, also while another process writes the ledger.
    func look<Result>(_ body: (Log, ErasureRegister, KeyStore) throws -> Result) throws -> Result {
        let log = try openForReading()
        defer { log.close() }
        let register = try ErasureRegister(folding: log)
        return try body(log, register, openKeys(of: log, register))
    }

    /// Opens the keys for looking, also while another process writes the ledger.
    func openKeys(of log: Log, _ register: ErasureRegister) throws -> KeyStore {
        try KeyStore(
            path: path + "/keys", wrappingKey: KeyFolder.standard.wrappingKey(for: log.verifier),
            logFence: register.lastFence, options: KeyStore.Options(isReadOnly: true))
    }
}

extension WritingOptions {
    /// Opens a ledger that was founded by a charter.
    func openExchange() throws -> ExchangeLedger {
        guard try ledger.isExchange else {
            throw CommandFailure(
                .refused, "This ledger has no charter: it was not made by `sanhu init --charter`. Leave out --as.")
        }
        let folder = KeyFolder.standard
        let signer = try signer()
        let access = try LedgerFolder(opening: ledger.path + "/access").verifier
        let bar = ProgressBar("erasing")
        defer { bar.finish() }
        return try ExchangeLedger.open(
            at: ledger.path,
            signers: ExchangeLedger.Signers(
                log: signer, access: folder.signer(for: access, file: folder.file(for: access))),
            wrappingKey: folder.wrappingKey(for: signer.verifier), erasing: bar.show)
    }
}

extension ExchangeLedger {
    /// Closes the ledger, and says what must not go unnoticed.
    func finish() {
        close()
        if let failure = anchoringFailure {
            Terminal.say("warning: the access log could not be anchored in the ledger: \(failure)")
        }
    }
}
