public import JSON
internal import JSONSchema

/// The exchange's data catalogue (数据共享目录): which data there are, who produces them, and who may read them, by cell of
/// the sharing matrix.
///
/// Made of schemas and of what a founding charter says, signed or not: what it tells is what the charter would do, at the
/// times that the charter names.
public struct DataCatalogue: Sendable {
    /// The forms of the types, by cell, then by name.
    let forms: [CatalogueForm]
    let agencies: [Agency]
    let rules: [SharingRule]
    let purposes: [Purpose]

    /// Reads schemas and a charter.
    ///
    /// - Parameters:
    ///   - charter: The data of a founding charter.
    ///   - schemas: JSON Schemas, each with an `$id` as ``CharterDraft`` wants it.
    /// - Throws: ``ExchangeError`` with code `.malformedCharter`, `.schemaRefused` or `.limitExceeded`.
    /// - Complexity: O(*f* · *r*) in fields and sharing rules.
    public init(charter: JSONValue, schemas: [JSONValue]) throws(ExchangeError) {
        var (agencies, rules, purposes) = ([Agency](), [SharingRule](), [Purpose]())
        var powers: [Power] = []
        for change in try CharterFounding(charter).changes {
            switch change.content {
            case .put(.agency(let agency)): agencies.append(agency)
            case .put(.rule(let rule)): rules.append(rule)
            case .put(.purpose(let purpose)): purposes.append(purpose)
            case .put(.power(let power)): powers.append(power)
            default: continue
            }
        }
        var forms: [CatalogueForm] = []
        for schema in schemas { forms.append(try CatalogueForm(schema, powers, rules)) }
        self.agencies = agencies
        self.rules = rules
        self.purposes = purposes
        self.forms = forms.sorted { ($0.cellNumber, $0.name) < ($1.cellNumber, $1.name) }
    }
}

extension CatalogueForm {
    /// Where its cell stands in the matrix; what is in none comes last.
    fileprivate var cellNumber: Int { cell.flatMap { SharingCell.all.firstIndex(of: $0) } ?? SharingCell.all.count }
}
