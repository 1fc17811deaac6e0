public import JSON

/// A cell of the matrix by which the agencies of a port share information: what it is about, and of which kind it is.
///
/// A schema says at its root to which cell its events belong:
///
/// ```json
/// "x-cell": { "subject": "goods", "category": "inspection" }
/// ```
///
/// Source: 国发〔2014〕68号, clause 6: four subjects, five categories.
public struct SharingCell: Sendable, Hashable {
    public enum Subject: String, Sendable, Hashable, CaseIterable {
        /// 运输工具
        case conveyance
        /// 货物
        case goods
        /// 物品: baggage, parcels, mail, currency
        case articles
        /// 人员
        case persons
    }

    public enum Category: String, Sendable, Hashable, CaseIterable {
        /// 申报信息
        case declaration
        /// 物流监控信息
        case movement
        /// 查验信息
        case inspection
        /// 放行信息
        case release
        /// 企业资信信息
        case credit
    }

    public let subject: Subject
    public let category: Category

    public init(_ subject: Subject, _ category: Category) {
        self.subject = subject
        self.category = category
    }

    /// All twenty, row by row.
    public static let all = Subject.allCases.flatMap { subject in
        Category.allCases.map { SharingCell(subject, $0) }
    }

    /// The cell that a schema names, or nil if it names none.
    ///
    /// - Throws: ``ExchangeError`` with code `.schemaRefused` and the place in the schema: a cell that is misspelt would be
    ///   missing from the matrix.
    public init?(of schema: JSONValue) throws(ExchangeError) {
        guard let value = schema["x-cell"] else { return nil }
        guard value.kind == .object else { throw Self.refusal("", "“x-cell” is not an object.") }
        for (key, _) in value.members where key != "subject" && key != "category" {
            throw Self.refusal("/" + key, "“x-cell” has no member “\(key.prefix(64))”.")
        }
        subject = try Self.name("subject", value)
        category = try Self.name("category", value)
    }

    private static func name<Name: RawRepresentable & CaseIterable>(
        _ member: String, _ value: JSONValue
    ) throws(ExchangeError) -> Name where Name.RawValue == String {
        if let name = value[member]?.string.flatMap(Name.init) { return name }
        let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
        throw refusal("/" + member, "“x-cell” needs “\(member)”, one of \(known).")
    }

    private static func refusal(_ place: String, _ reason: String) -> ExchangeError {
        ExchangeError(
            .schemaRefused, reason + " Correct the schema and register it again.", pointer: "/x-cell" + place)
    }
}

extension RegisteredSchema {
    /// The cell of the sharing matrix to which its events belong, or nil if it names none.
    ///
    /// - Complexity: O(*n*) in its bytes: ask once for a schema.
    public var cell: SharingCell? {
        guard let root = try? JSONDocument(parsing: document).root else { return nil }
        return try? SharingCell(of: root)
    }
}
