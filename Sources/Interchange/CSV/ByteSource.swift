import Foundation

/// Gives the bytes of a file, or of an array, chunk by chunk.
final class ByteSource {
    private let handle: FileHandle?
    private var rest: [UInt8]?

    init(_ handle: FileHandle) {
        self.handle = handle
        rest = nil
    }

    init(_ bytes: [UInt8]) {
        handle = nil
        rest = bytes
    }

    deinit {
        try? handle?.close()
    }

    /// The next bytes, or nil at the end.
    ///
    /// - Throws: What the file system throws.
    func next(_ count: Int) throws -> [UInt8]? {
        if let handle {
            guard let data = try handle.read(upToCount: count), !data.isEmpty else { return nil }
            return Array(data)
        }
        defer { rest = nil }
        return rest?.isEmpty == false ? rest : nil
    }
}
