import ArgumentParser
import Transparency

/// By which public key something is verified.
struct PublicKeyOptions: ParsableArguments {
    @Option(name: .long, help: "The ledger's public key, as `init` printed it.")
    var key: String

    var verifier: NoteVerifier {
        get throws { try Self.verifier(key) }
    }

    static func verifier(_ key: String) throws -> NoteVerifier {
        do {
            return try NoteVerifier(key)
        } catch {
            throw ValidationError("--key: \(error)")
        }
    }
}

/// Which snapshot, and by which public key it is verified, if one is known.
struct SnapshotOptions: ParsableArguments {
    @Argument(help: "The file.")
    var file: String

    @Option(name: .long, help: "The ledger's public key, as `init` printed it.")
    var key: String?

    var verifier: NoteVerifier? {
        get throws { try key.map(PublicKeyOptions.verifier) }
    }
}
