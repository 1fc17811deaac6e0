/// A frame on its way: its text, then what that is compressed to. It is handed from thread to thread, and used again; whoever has
/// it uses it alone.
final class FrameSlot: @unchecked Sendable {
    var text: [UInt8] = []
    var frame: [UInt8] = []

    /// Forgets what was in it, and keeps the memory.
    func clear() {
        text.removeAll(keepingCapacity: true)
        frame.removeAll(keepingCapacity: true)
    }
}
