internal import JSON

extension LedgerEvent {
    /// The type of an event that was handed in, or nil if it cannot be read.
    static func type(of event: [UInt8]) -> String? {
        (try? JSONDocument(parsing: event))?.root["type"]?.string
    }

    /// Who appended an entry.
    static func agency(of entry: [UInt8]) -> String? {
        (try? JSONDocument(parsing: entry, limits: .init(maximumDepth: 80)))?.root["agency"]?.string
    }
}
