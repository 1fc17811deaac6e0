internal import EventLog

/// Writes the frames of a snapshot into a file, in their order, compressed on several threads.
struct SnapshotWriter: ~Copyable {
    private typealias Pool = OrderedPool<FramePress.Job, Result<FramePress.Frame, SnapshotError>>

    private let file: OwnedPath
    private let pool: Pool
    private var table: SeekTable
    private var seal: SnapshotSeal
    /// Memory of texts and of frames that were written, empty.
    private var idleTexts: [[UInt8]] = []
    private var idleFrames: [[UInt8]] = []
    /// How many frames, for each thread, may be outstanding: so many that none waits for another.
    private static let ahead = 3
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
            return { press.frame(of: $0) }
        }
    }

    /// Adds a frame. It may be written later; ``flush()`` waits for it.
    mutating func write(_ text: consuming [UInt8]) throws(SnapshotError) {
        while pool.count >= pool.threads * Self.ahead { try takeOne() }
        pool.give(.init(content: text, memory: idleFrames.popLast() ?? []))
    }

    /// Memory for the text of the next frame, empty.
    mutating func memory() -> [UInt8] { idleTexts.popLast() ?? [] }

    /// Waits until every frame is written.
    mutating func flush() throws(SnapshotError) {
        while pool.count > 0 { try takeOne() }
    }

    private mutating func takeOne() throws(SnapshotError) {
        guard let frame = try pool.take()?.get() else { return }
        try file.write(frame.bytes)
        seal.take(frame: frame.bytes.span)
        table.frames.append(.init(bytes: UInt32(frame.bytes.count), content: UInt32(frame.content.count)))
        guard table.frames.count < SeekTable.maximumFrames else {
            throw SnapshotError(.tooLarge, "The snapshot would have more frames than a snapshot can have.")
        }
        fileBytes += UInt64(frame.bytes.count)
        textBytes += UInt64(frame.content.count)
        var (text, bytes) = (frame.content, frame.bytes)
        text.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        idleTexts.append(text)
        idleFrames.append(bytes)
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
