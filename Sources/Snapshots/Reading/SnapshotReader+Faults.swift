internal import EventLog

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

    static func cutShort(_ place: Place) -> SnapshotError {
        SnapshotError(.cutShort, "The snapshot is cut short \(place.description). \(remedy)")
    }

    /// What a fault of a frame means.
    ///
    /// - Parameter first: How many lines come before the frame.
    static func error(_ fault: FrameFault, atLine first: UInt64, _ place: Place, _ path: String) -> SnapshotError {
        let line = "Line \(first + UInt64(fault.line) + 1)"
        switch fault.kind {
        case .compression(let reason):
            return SnapshotError(.changed, "The compressed data is damaged \(place.description): \(reason). \(remedy)")
        case .outOfMemory: return SnapshotError(.inputOutput, "There is not enough memory to decompress \(path).")
        case .changed(let what): return SnapshotError(.changed, "\(line) \(what). \(remedy)")
        case .says(let what): return SnapshotError(.changed, "\(line): \(what) \(remedy)")
        case .tooLarge(let what): return SnapshotError(.tooLarge, "\(line) \(what). \(remedy)")
        case .partialLine: return cutShort(place)
        }
    }

    /// What a fault of the file means.
    static func error(_ fault: FrameSource.Fault, _ path: String, _ place: Place) -> SnapshotError {
        switch fault {
        case .system(let code): SnapshotError(errno: code, "read \(path)")
        case .partialFrame: cutShort(place)
        case .noFrame(let isFirst):
            isFirst
                ? SnapshotError(
                    .notASnapshot, "\(path) is no snapshot: it is not compressed by Zstandard, as every snapshot is.")
                : SnapshotError(
                    .changed, "Something that is no part of the snapshot follows \(place.description). \(remedy)")
        case .damaged(let reason):
            SnapshotError(.changed, "The file is damaged \(place.description): \(reason). \(remedy)")
        case .longFrame, .unsized:
            if place.total == nil {
                SnapshotError(
                    .notASnapshot,
                    "\(path) is no snapshot: it begins with a frame that is longer than a snapshot's, or does not say how "
                        + "long it is. A snapshot that was compressed anew is no longer one; get the original.")
            } else {
                SnapshotError(
                    .tooLarge,
                    "The file has a frame of more than \(FrameSource.maximumContent >> 20) MiB, or of unknown length, "
                        + "\(place.description). \(remedy)")
            }
        }
    }
}
