internal import Zstandard

/// Compresses frames, one at a time. Keeps its memory.
final class FramePress {
    private var maker: ZstandardFrameMaker?
    private let fault: SnapshotError?

    init(level: Int) {
        do throws(ZstandardError) {
            maker = try ZstandardFrameMaker(level: level)
            fault = nil
        } catch {
            fault = Self.error(error)
        }
    }

    /// Compresses the text of a slot.
    func press(_ slot: FrameSlot) -> Result<FrameSlot, SnapshotError> {
        if let fault { return .failure(fault) }
        let text = slot.text
        do throws(ZstandardError) {
            try maker?.append(frameOf: text.span, to: &slot.frame)
            return .success(slot)
        } catch {
            return .failure(Self.error(error))
        }
    }

    private static func error(_ error: ZstandardError) -> SnapshotError {
        SnapshotError(.inputOutput, "The snapshot cannot be compressed: \(error.reason).")
    }
}
