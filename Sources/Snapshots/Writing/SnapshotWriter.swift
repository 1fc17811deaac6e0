internal import EventLog

/// Writes the frames of a snapshot into a file, in their order, compressed on several threads.
struct SnapshotWriter: ~Copyable {
    private typealias Pool = OrderedPool<FrameSlot, Result<FrameSlot, SnapshotError>>

    private let file: OwnedPath
    private let pool: Pool
    private var table: SeekTable
    private var seal: SnapshotSeal
    /// Slots whose frames were written, empty.
    private var idle: [FrameSlot] = []
    /// How many frames more than there are threads may be outstanding: so few that they stay in the processor's caches.
    private static let ahead = 1
    private(set) var fileBytes: UInt64
    private(set) var textBytes: UInt64

    /// Begins a file, or goes on behind the frames that a file has.
    ///
    /// - Parameters:
    ///   - file: The file; it ends behind those frames.
    ///   - table: Their lengths.
    init(
        _ file: consuming OwnedPath, level: Int, table: SeekTable = SeekTable(), seal: SnapshotSeal = SnapshotSeal()
    ) {
        self.file = file
        self.table = table
        self.seal = seal
        fileBytes = table.frames.reduce(0) { $0 + UInt64($1.bytes) }
        textBytes = table.frames.reduce(0) { $0 + UInt64($1.content) }
        pool = Pool(threads: Pool.usualThreads) {
            let press = FramePress(level: level)
            return { press.press($0) }
        }
    }

    /// An empty slot, for the next frame.
    mutating func slot() -> FrameSlot { idle.popLast() ?? FrameSlot() }

    /// Adds a frame of the text in a slot. It may be written later; ``flush()`` waits for it.
    mutating func write(_ slot: FrameSlot) throws(SnapshotError) {
        while pool.count >= pool.threads + Self.ahead { try takeOne() }
        pool.give(slot)
    }

    /// Adds a frame of a text.
    mutating func write(_ text: [UInt8]) throws(SnapshotError) {
        let slot = slot()
        slot.text += text
        try write(slot)
    }

    /// Waits until every frame is written.
    mutating func flush() throws(SnapshotError) {
        while pool.count > 0 { try takeOne() }
    }

    private mutating func takeOne() throws(SnapshotError) {
        guard let slot = try pool.take()?.get() else { return }
        try file.write(slot.frame)
        seal.take(frame: slot.frame.span)
        table.frames.append(.init(bytes: UInt32(slot.frame.count), content: UInt32(slot.text.count)))
        guard table.frames.count < SeekTable.maximumFrames else {
            throw SnapshotError(.tooLarge, "The snapshot would have more frames than a snapshot can have.")
        }
        fileBytes += UInt64(slot.frame.count)
        textBytes += UInt64(slot.text.count)
        slot.clear()
        idle.append(slot)
    }

    /// Writes what follows the text, and gives the file its name, durable. If that fails, the file is taken away.
    consuming func publish(as path: String, replacing: Bool) throws(SnapshotError) -> (file: UInt64, text: UInt64) {
        do throws(SnapshotError) {
            try flush()
            let end = seal.bytes
            table.frames.append(.init(bytes: UInt32(end.count), content: 0))
            let last = table.bytes
            try file.write(end + last)
            try file.sync()
            try file.publish(as: path, replacing: replacing)
            do throws(LogError) {
                try DurableFile.sync(folder: OwnedPath.parent(of: path))
            } catch {
                throw SnapshotError(error, "sync the folder of \(path)")
            }
            return (fileBytes + UInt64(end.count + last.count), textBytes)
        } catch {
            file.remove()
            throw error
        }
    }

    /// Takes back what was written.
    consuming func abandon() {
        file.remove()
    }
}
