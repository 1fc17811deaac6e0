/// Who says what an importer appends: an agency, and the one source its events of a system come under.
struct Producer: Hashable, Sendable {
    /// The agency's code in the exchange, for example `CUS`.
    let agency: String

    /// The CloudEvents `source`. A source belongs to one agency.
    let source: String
}
