import Foundation
import JSON

/// Standard output, buffered. A reader that has gone away ends the program quietly.
final class Output {
    nonisolated(unsafe) static let standard = Output()
    private static let flushBytes = 64 << 10

    private var buffer: [UInt8] = []

    private init() {}

    /// Writes bytes.
    func write(_ bytes: some Collection<UInt8>) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.flushBytes { flush() }
    }

    /// Writes a line of text.
    func writeLine(_ text: String) {
        write(text.utf8)
        write(CollectionOfOne(UInt8(ascii: "\n")))
    }

    /// Writes one line of JSON.
    func writeObject(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(body)
        writer.endLine()
        write(writer.bytes)
    }

    /// Hands everything over.
    func flush() {
        guard !buffer.isEmpty else { return }
        do {
            try FileHandle.standardOutput.write(contentsOf: buffer)
            buffer.removeAll(keepingCapacity: true)
        } catch {
            // That nobody reads any more is the reader's choice and no news.
            let code = errno
            if code != EPIPE {
                Terminal.say("sanhu: Standard output cannot be written: \(String(cString: strerror(code))).")
            }
            // As a program that the signal of a broken pipe ends.
            exit(code == EPIPE ? 128 + SIGPIPE : Int32(CommandFailure.Code.failed.rawValue))
        }
    }
}
