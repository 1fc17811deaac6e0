/// The fixed parts of an entry's text: `{"recorded":"…"` and, after it, what ``PreparedRequest/bodies`` holds.
enum EntryText {
    static let opening = Array("{\"recorded\":\"".utf8)

    /// How many bytes stand before `,"agency"`.
    static let prefixCount = opening.count + Timestamp.byteCount + 1

    /// The beginning of every entry that was recorded at a time.
    static func prefix(recorded: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefixCount)
        append(prefixOf: recorded, to: &bytes)
        return bytes
    }

    static func append(prefixOf recorded: Timestamp, to bytes: inout [UInt8]) {
        bytes += opening
        recorded.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}
