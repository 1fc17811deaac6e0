public import EventLog
public import Exchange
public import Views

extension CaseFiles {
    /// The kinds of tags of which there are case files.
    public static let kinds =
        DeclarationCase.kinds + ContainerCase.kinds + EnterpriseCase.kinds + PermitBalance.kinds

    /// Whether there are case files of an object's kind.
    public static func has(_ object: String) -> Bool {
        guard let tag = try? Tag(object) else { return false }
        return kinds.contains(String(tag.kind))
    }

    /// The file of an object of any kind; nil if there are none of its kind.
    ///
    /// - Parameters:
    ///   - day: If given, recognitions that have run out by then count no more.
    ///   - others: As of ``read(_:of:for:asOf:at:)``.
    /// - Throws: ``ViewError``.
    public func file(
        of object: String, for reader: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil,
        expiringAt day: Timestamp? = nil
    ) async throws(ViewError) -> (any CaseFile)? {
        switch object.prefix(while: { $0 != ":" }) {
        case "container":
            return try await read(ContainerCase.self, of: object, for: reader, asOf: earlier, at: position)
        case "enterprise":
            return try await read(EnterpriseCase.self, of: object, for: reader, asOf: earlier, at: position)
        case "permit":
            return try await read(PermitBalance.self, of: object, for: reader, asOf: earlier, at: position)
        case let kind where DeclarationCase.kinds.contains(String(kind)):
            var file = try await declaration(object, for: reader, asOf: earlier, at: position)
            if let day { file.expire(at: day) }
            return file
        default: return nil
        }
    }
}
