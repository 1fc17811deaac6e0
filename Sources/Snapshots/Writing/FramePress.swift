internal import Zstandard

/// Compresses frames, one at a time. Keeps its memory.
final class FramePress {
    private var maker: ZstandardFrameMaker?
    private let fault: SnapshotError?

    /// A text, and memory that may be used for its frame.
    struct Job: Sendable {
        let content: [UInt8]
        let memory: [UInt8]
    }

    /// A frame, and its content, whose memory may be used again.
    struct Frame: Sendable {
        let bytes: [UInt8]
        let content: [UInt8]
    }

    init(level: Int) {
        do throws(ZstandardError) {
            maker = try ZstandardFrameMaker(level: level)
            fault = nil
        } catch {
            fault = Self.error(error)
        }
    }

    func frame(of job: Job) -> Result<Frame, SnapshotError> {
        if let fault { return .failure(fault) }
        var bytes = job.memory
        do throws(ZstandardError) {
            try maker?.append(frameOf: job.content.span, to: &bytes)
            return .success(Frame(bytes: bytes, content: job.content))
        } catch {
            return .failure(Self.error(error))
        }
    }

    private static func error(_ error: ZstandardError) -> SnapshotError {
        SnapshotError(.inputOutput, "The snapshot cannot be compressed: \(error.reason).")
    }
}
