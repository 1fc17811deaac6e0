/// Names in XML.
enum XMLName {
    /// A name without its namespace prefix, and without the `_2` that a broken export glues on in its place
    /// (`_2MetaData` for `_2:MetaData`).
    static func local(_ name: String) -> String {
        let local = name.split(separator: ":", omittingEmptySubsequences: false).last ?? Substring(name)
        guard local.hasPrefix("_") else { return String(local) }
        let rest = local.dropFirst().drop { $0.isASCII && $0.isNumber }
        guard rest.count < local.count - 1, rest.first?.isLetter == true else { return String(local) }
        return String(rest)
    }

    /// Whether a byte may begin a name. Beyond ASCII all letters are taken for letters.
    static func begins(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...0xFF: true
        default: false
        }
    }

    /// Whether a byte may stand in a name behind its beginning.
    static func continues(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: begins(byte)
        }
    }
}
