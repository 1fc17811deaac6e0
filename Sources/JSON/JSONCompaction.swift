/// Dropping the white space between the tokens of a text.
public enum JSONCompaction {
    /// Appends a parsed text without the white space between its tokens; strings and numbers stay as they are written.
    ///
    /// - Complexity: O(*n*) in the number of bytes; one copy.
    package static func append(_ bytes: [UInt8], _ tape: JSONTape, to result: inout [UInt8]) {
        guard tape.whitespaceBytes > 0 else {
            result.append(contentsOf: bytes)
            return
        }
        var inString = false
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if inString {
                result.append(byte)
                if byte == UInt8(ascii: "\\") {
                    at += 1
                    result.append(bytes[at])
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
            } else if byte > 0x20 {
                result.append(byte)
                if byte == UInt8(ascii: "\"") { inString = true }
            }
            at += 1
        }
    }
}
