public import EventLog
internal import JSON
public import Transparency

/// How far a follower has come, and the checkpoint that what it took was verified against: a file that outlives it.
public struct FollowedLog: Sendable, Hashable {
    /// Everything below was taken.
    public var position: Position
    public var checkpoint: SignedNote?

    public init(position: Position = 0, checkpoint: SignedNote? = nil) {
        (self.position, self.checkpoint) = (position, checkpoint)
    }

    /// Reads the file.
    ///
    /// - Returns: The beginning, if there is no file.
    /// - Throws: ``ClientError`` with code `.badState` if it is damaged, or of a ledger with another name than the key's.
    public static func read(_ path: String, key: NoteVerifier) throws(ClientError) -> FollowedLog {
        let bytes: [UInt8]?
        do throws(LogError) {
            bytes = try DurableFile.read(path)
        } catch {
            throw ClientError(.badState, error.reason)
        }
        guard let bytes else { return FollowedLog() }
        guard let root = try? JSONDocument(parsing: bytes).root,
            let position = root["position"]?.integer.flatMap({ Position(exactly: $0) }),
            let origin = root["origin"]?.string
        else {
            throw ClientError(.badState, "\(path) is damaged. Remove it to begin at the first entry.")
        }
        guard origin == key.name else {
            throw ClientError(
                .badState, "\(path) is of the ledger “\(origin)”, and the key is of “\(key.name)”. Give another file.")
        }
        guard let text = root["checkpoint"]?.string else { return FollowedLog(position: position) }
        guard let note = try? SignedNote(text), (try? Checkpoint(note, verifiedBy: key)) != nil else {
            throw ClientError(.badState, "The checkpoint in \(path) is not signed with the ledger's key.")
        }
        return FollowedLog(position: position, checkpoint: note)
    }

    /// Writes the file; durable on return.
    public func write(_ path: String, key: NoteVerifier) throws(ClientError) {
        var json = JSONWriter()
        json.object { json in
            json.member("origin", key.name)
            json.member("position", Int64(clamping: position))
            if let checkpoint { json.member("checkpoint", checkpoint.description) }
        }
        json.endLine()
        do throws(LogError) {
            try DurableFile.write(json.bytes, to: path, mode: 0o600)
        } catch {
            throw ClientError(.badState, error.reason)
        }
    }
}
