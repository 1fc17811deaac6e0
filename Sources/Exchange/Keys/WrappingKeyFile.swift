internal import Crypto
internal import EventLog
internal import Foundation
internal import JSON
internal import Transparency

/// A wrapping key in a file that its owner alone can read.
///
/// ```json
/// {"format":1,"keys":[{"generation":1,"key":"…base64 of 32 bytes…"}]}
/// ```
public struct WrappingKeyFile: WrappingKey {
    private static let format: Int64 = 1
    private static let context = Array("sanhu/v1/wrapping".utf8)
    private static let maximumKeys = 16

    public let path: String

    private struct Key {
        let generation: UInt64
        let bytes: [UInt8]
    }

    /// Takes the file at a path; ``addGeneration()`` makes it.
    public init(path: String) {
        self.path = path
    }

    public func generations() throws(ExchangeError) -> [UInt64] { try read().map(\.generation) }

    public func addGeneration() throws(ExchangeError) -> UInt64 {
        var keys = try read()
        guard keys.count < Self.maximumKeys else {
            throw ExchangeError(.limitExceeded, "\(path) holds \(keys.count) wrapping keys; one is in use. Look why.")
        }
        let generation = (keys.last?.generation ?? 0) + 1
        keys.append(Key(generation: generation, bytes: KeyWrap.random(SubjectKey.byteCount)))
        try write(keys)
        return generation
    }

    public func wrap(_ key: [UInt8], generation: UInt64) throws(ExchangeError) -> [UInt8] {
        try KeyWrap.wrap(key, under: self.key(generation), context: Self.context)
    }

    public func unwrap(_ wrapped: [UInt8], generation: UInt64) throws(ExchangeError) -> [UInt8] {
        guard let key = try KeyWrap.unwrap(wrapped, under: self.key(generation), context: Self.context) else {
            throw ExchangeError(
                .keyDamaged, "The keys were not wrapped under generation \(generation) of \(path), or are damaged.")
        }
        return key
    }

    public func destroyGenerations(except generation: UInt64) throws(ExchangeError) {
        let keys = try read()
        guard keys.contains(where: { $0.generation == generation }) else { throw missing(generation) }
        guard keys.count > 1 else { return }
        // The blocks of the file that is replaced are overwritten, once the new one stands in its place. A disk that
        // copies on write may still keep them.
        let old = FileHandle(forUpdatingAtPath: path)
        let size = (try? old?.seekToEnd()) ?? 0
        try write(keys.filter { $0.generation == generation })
        guard let old else { return }
        do {
            try old.seek(toOffset: 0)
            try old.write(contentsOf: [UInt8](repeating: 0, count: Int(size)))
            try old.synchronize()
            try old.close()
        } catch {
            throw ExchangeError(.log, "The old contents of \(path) could not be overwritten: \(error).")
        }
    }

    private func key(_ generation: UInt64) throws(ExchangeError) -> SymmetricKey {
        guard let key = try read().first(where: { $0.generation == generation }) else { throw missing(generation) }
        return SymmetricKey(data: key.bytes)
    }

    private func missing(_ generation: UInt64) -> ExchangeError {
        ExchangeError(.keyMissing, "\(path) has no wrapping key of generation \(generation).")
    }

    private func read() throws(ExchangeError) -> [Key] {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return [] }
        guard let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 == 0 else {
            throw ExchangeError(.log, "Others than its owner may use the wrapping key \(path). `chmod 600 \(path)`.")
        }
        guard let bytes = try ExchangeError.wrapping({ () throws(LogError) in try DurableFile.read(path) }),
            let root = try? JSONDocument(parsing: bytes).root, root["format"]?.integer == Self.format,
            let keys = root["keys"]?.elements, !keys.isEmpty
        else { throw damaged }
        var result: [Key] = []
        for key in keys {
            guard let generation = key["generation"]?.integer,
                generation > (result.last.map { Int64($0.generation) } ?? 0),
                let bytes = key["key"]?.string.flatMap({ Base64.decode($0) }), bytes.count == SubjectKey.byteCount
            else { throw damaged }
            result.append(Key(generation: UInt64(generation), bytes: bytes))
        }
        return result
    }

    private func write(_ keys: [Key]) throws(ExchangeError) {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", Self.format)
            writer.key("keys")
            writer.array { writer in
                for key in keys {
                    writer.object { writer in
                        writer.member("generation", Int64(key.generation))
                        writer.member("key", Base64.encode(key.bytes))
                    }
                }
            }
        }
        writer.endLine()
        let bytes = writer.bytes
        // What an interrupted write left behind may have another mode.
        try? FileManager.default.removeItem(atPath: path + ".new")
        try ExchangeError.wrapping { () throws(LogError) in try DurableFile.write(bytes, to: path, mode: 0o600) }
    }

    private var damaged: ExchangeError {
        ExchangeError(.keyDamaged, "\(path) is not a file of wrapping keys. Restore it from where you keep a copy.")
    }
}
