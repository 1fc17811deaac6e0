internal import EventLog
internal import JSON
internal import LMDB

/// Which event a field belongs to: agency, source and id, each with its length before it (4 bytes, big-endian), so that
/// no two events are written alike.
package struct EventPlace: Sendable {
    /// The three, one after another.
    let bytes: [UInt8]

    package init(agency: String, source: String, id: String) {
        self.init(agency: Array(agency.utf8), source: Array(source.utf8), id: Array(id.utf8))
    }

    package init(agency: [UInt8], source: [UInt8], id: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + agency.count + source.count + id.count)
        Self.append(agency, to: &bytes)
        Self.append(source, to: &bytes)
        Self.append(id, to: &bytes)
        self.bytes = bytes
    }

    /// Of an event from whose place nothing is derived.
    static let nowhere = EventPlace(bytes: [])

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The place of the event in an entry.
    init(of view: EntryView) {
        self.init(agency: view.agency, source: view.identity.source, id: view.identity.id)
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: text)
    }

    /// A text with its length.
    static func field(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }
}
