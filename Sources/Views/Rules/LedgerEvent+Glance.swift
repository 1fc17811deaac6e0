internal import JSON

extension LedgerEvent {
    /// Who appended an entry.
    static func agency(of entry: [UInt8]) -> String? {
        (try? JSONDocument(parsing: entry, limits: .init(maximumDepth: 80)))?.root["agency"]?.string
    }
}
