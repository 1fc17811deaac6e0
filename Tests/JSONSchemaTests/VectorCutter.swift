/// Cuts a JSON text into the texts of its parts without looking at what its numbers are.
///
/// The test suite holds numbers that this project's parser refuses. Read as a whole, one of them would make a file
/// unreadable; cut first, only the test that needs it is skipped.
struct VectorCutter {
    private let bytes: [UInt8]
    private var at: Int

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        at = 0
    }

    /// The texts of an array's elements.
    static func elements(_ bytes: [UInt8]) -> [[UInt8]] {
        var cutter = VectorCutter(bytes)
        return cutter.parts(isObject: false).map(\.value)
    }

    /// The texts of an object's members by their keys.
    static func members(_ bytes: [UInt8]) -> [String: [UInt8]] {
        var cutter = VectorCutter(bytes)
        return Dictionary(cutter.parts(isObject: true).map { ($0.key, $0.value) }) { first, _ in first }
    }

    private mutating func parts(isObject: Bool) -> [(key: String, value: [UInt8])] {
        var result: [(key: String, value: [UInt8])] = []
        skipSpace()
        at += 1
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] != 0x5D, bytes[at] != 0x7D else { return result }
            var key = ""
            if isObject {
                key = String(decoding: take().dropFirst().dropLast(), as: UTF8.self)
                skipSpace()
                at += 1
                skipSpace()
            }
            result.append((key, take()))
            skipSpace()
            if at < bytes.count, bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
    }

    /// The text of the value that starts here; moves past it.
    private mutating func take() -> [UInt8] {
        let start = at
        var depth = 0
        var isString = false
        while at < bytes.count {
            let byte = bytes[at]
            if isString {
                if byte == UInt8(ascii: "\\") { at += 1 }
                if byte == UInt8(ascii: "\"") { isString = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    guard depth > 0 else { return trimmed(start) }
                    depth -= 1
                case UInt8(ascii: ",") where depth == 0, UInt8(ascii: ":") where depth == 0:
                    return trimmed(start)
                default: break
                }
            }
            at += 1
        }
        return trimmed(start)
    }

    private func trimmed(_ start: Int) -> [UInt8] {
        var end = at
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return Array(bytes[start..<end])
    }
}
