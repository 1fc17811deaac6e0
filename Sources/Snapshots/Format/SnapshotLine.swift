internal import EventLog
internal import JSON
internal import LMDB
internal import Transparency

/// The lines between a snapshot's first and its last, as they are written:
///
/// ```text
/// {"position":P,"recorded":…,"agency":…,"tags":[…],"event":{…}}     an entry: its bytes, with the position put in
/// {"position":P,"ordinal":K,"disclosure":"base64"}                  a sealed disclosure beside the entry before it
/// {"position":P,"entry":{…},"disclosures":[…],…}                    an entry, and what a recipient was given of it
/// {"from":P,"to":Q,"hashes":["base64",…]}                           entries that are left out
/// ```
enum SnapshotLine {
    static let position = Array("{\"position\":".utf8)
    static let recorded = Array("\"recorded\":\"".utf8)
    static let ordinal = Array("\"ordinal\":".utf8)
    static let disclosure = Array(",\"disclosure\":\"".utf8)
    static let disclosureEnd = Array("\"}".utf8)
    static let entry = Array("\"entry\":{".utf8)
    static let from = Array("{\"from\":".utf8)
    static let to = Array(",\"to\":".utf8)
    static let hashes = Array(",\"hashes\":[".utf8)
    static let hashesEnd = Array("]}".utf8)

    /// The most bytes of a manifest, which holds two notes, escaped.
    static let maximumManifestBytes = 512 << 10
    /// The most bytes of any line: what a recipient is given of an entry.
    static let maximumBytes = 16 << 20

    /// Writes a disclosure's line with its newline.
    static func append(disclosure value: Span<UInt8>, at place: DisclosurePlace, to bytes: inout [UInt8]) {
        bytes += position
        JSONText.appendDecimal(place.position, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        bytes += ordinal
        JSONText.appendDecimal(UInt64(place.ordinal), to: &bytes)
        bytes += disclosure
        Base64.append(value, to: &bytes)
        bytes += disclosureEnd
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes the line of entries that are left out, without its newline.
    ///
    /// - Parameter parts: The hashes of the perfect subtrees that the range is made of.
    static func append(leftOut range: Range<Position>, _ parts: [MerkleHash], to bytes: inout [UInt8]) {
        bytes += from
        JSONText.appendDecimal(range.lowerBound, to: &bytes)
        bytes += to
        JSONText.appendDecimal(range.upperBound, to: &bytes)
        bytes += hashes
        for (number, hash) in parts.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            bytes += Array(hash.base64.utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes += hashesEnd
    }
}
