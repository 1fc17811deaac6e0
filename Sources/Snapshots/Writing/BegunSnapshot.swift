internal import EventLog
internal import Glibc
internal import Transparency

/// What an export that was killed left of a snapshot, as far as it holds.
struct BegunSnapshot {
    let manifest: SnapshotManifest
    private(set) var fileBytes: UInt64 = 0
    private(set) var table = SeekTable()
    private(set) var seal = SnapshotSeal()
    private var size: Position = 0
    private var beside = BesideTree()

    /// How many entries it has.
    var entries: UInt64 { size - manifest.contents.base }

    /// Goes through a file.
    ///
    /// - Returns: nil if it is not the beginning of a snapshot like the one that is to be made: of the same log, by the same key,
    ///   the same part of it, in frames of the same length.
    /// - Throws: ``SnapshotError`` if the file cannot be read.
    init?(_ path: String, like wanted: SnapshotManifest) throws(SnapshotError) {
        do throws(SnapshotError) {
            var reader = try SnapshotReader(path: path, verifier: wanted.verifier)
            guard reader.manifest.contents == wanted.contents, reader.manifest.frameBytes == wanted.frameBytes,
                reader.manifest.checkpoint.size <= wanted.checkpoint.size
            else { return nil }
            manifest = reader.manifest
            keep(reader)
            var isMore = true
            while isMore {
                do throws(SnapshotError) {
                    isMore = try reader.next() != nil
                    if isMore { keep(reader) }
                } catch {
                    // What does not hold, or is not there, is written anew.
                    if error.code == .inputOutput || error.code == .permissionDenied { throw error }
                    isMore = false
                }
            }
        } catch {
            if error.code == .inputOutput || error.code == .permissionDenied { throw error }
            return nil
        }
        // The base's hashes are in a frame of their own, and must be there.
        guard size >= manifest.contents.base else { return nil }
    }

    private mutating func keep(_ reader: borrowing SnapshotReader) {
        (fileBytes, table, seal) = (reader.offset, reader.table, reader.seal)
        (size, beside) = (reader.size, reader.beside)
    }

    /// The rest of its text.
    func text(of log: Log) -> LogText {
        LogText(log, from: size, to: manifest.checkpoint.size, beside: beside)
    }
}
