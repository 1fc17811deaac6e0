package import EventLog

/// A registered schema that belongs to a cell of the sharing matrix.
package struct MatrixForm: Sendable {
    package let uri: String
    package let cell: SharingCell
    /// Whether its events are sealed as a whole: then only some see more than stubs.
    package let isSealed: Bool
}

extension ExchangeLedger {
    /// The schemas in force at a time that belong to cells of the sharing matrix, and the authorities that are members.
    package func matrix(at time: Timestamp) throws(ExchangeError) -> (forms: [MatrixForm], authorities: [String]) {
        let charter = try charter()
        let terms = try foldTerms()
        var forms: [MatrixForm] = []
        for schema in charter.schemas.all(at: time) {
            guard let cell = schema.cell else { continue }
            let whole = try terms.marks(of: schema.uri)?.wholeEvent?.sharingClass ?? .public
            forms.append(MatrixForm(uri: schema.uri, cell: cell, isSealed: whole > .public))
        }
        let authorities = charter.agencies.all(at: time).filter { $0.kind == .authority }.map(\.code)
        return (forms.sorted { $0.uri < $1.uri }, authorities.sorted())
    }
}
