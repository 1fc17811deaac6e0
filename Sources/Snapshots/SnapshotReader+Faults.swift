internal import EventLog
internal import Zstandard

/// What is said of a snapshot that cannot be read on.
extension SnapshotReader {
    /// How far reading has come, for errors.
    struct Place {
        var size: Position = 0
        var total: Position?

        var description: String {
            guard let total else { return "within its first line, the manifest" }
            return size == 0 ? "before its first entry" : "after position \(size - 1) (of \(total) entries)"
        }
    }

    static let remedy = "Get the snapshot again from where it was made."

    /// What a fault of the file means, and how far reading had come.
    static func error(_ fault: SnapshotLines.Fault, path: String, _ place: Place) -> SnapshotError {
        switch fault {
        case .system(let code):
            return SnapshotError(errno: code, "read \(path)")
        case .partialLine:
            return SnapshotError(.cutShort, "The snapshot is cut short \(place.description). \(remedy)")
        case .longLine:
            guard place.total != nil else {
                return SnapshotError(.notASnapshot, "The first line of \(path) is longer than a manifest can be.")
            }
            return SnapshotError(
                .tooLarge, "The snapshot holds a line longer than any can be, \(place.description). \(remedy)")
        case .noSeal:
            return SnapshotError(
                .cutShort,
                "The file does not end with its seal, 40 bytes after the compressed text: it was cut short, or something "
                    + "was appended, or another program has compressed it anew. \(remedy)")
        case .brokenSeal:
            return SnapshotError(
                .changed, "The file's bytes are not those that were written: its seal does not fit them. \(remedy)")
        case .compression(let error):
            switch error.code {
            case .notZstandard:
                return SnapshotError(
                    .notASnapshot, "\(path) is no snapshot: it is not compressed by Zstandard, as every snapshot is.")
            case .truncated:
                return Self.error(.partialLine, path: path, place)
            case .trailingBytes:
                return SnapshotError(
                    .changed, "Something that is no part of the snapshot follows \(place.description). \(remedy)")
            case .windowTooLarge:
                return SnapshotError(
                    .tooLarge,
                    "The file asks for more memory than a snapshot needs (a window of over 128 MiB) \(place.description). "
                        + remedy)
            case .outOfMemory:
                return SnapshotError(.inputOutput, "There is not enough memory to decompress \(path).")
            default:
                return SnapshotError(
                    .changed,
                    "The compressed data is damaged \(place.description): \(error.reason). \(remedy)")
            }
        }
    }
}
