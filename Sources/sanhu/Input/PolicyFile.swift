import Transparency

/// A policy over witnesses, as a command is given it.
enum PolicyFile {
    static func read(_ path: String) throws -> WitnessPolicy {
        let bytes = try InputFile.bytes(path)
        do throws(NoteError) {
            return try WitnessPolicy(bytes: bytes)
        } catch {
            throw CommandFailure(.refused, "\(path): \(error.reason)", word: error.code.rawValue)
        }
    }
}
