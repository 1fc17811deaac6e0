/// Whose policies count: not everybody's list does, or an agency could give itself a power, or a figure another meaning.
enum PolicyPublishers {
    private static let byKind: [String: Set<String>] = [
        "fee-list": ["POO", "PRI"], "code-list": ["POO", "CUS"], "data-standard": ["POO", "CUS"],
        // Operators publish how long their operations take at most.
        "service-limit": ["POO", "TER", "RAIL", "CAA"],
    ]

    /// The agencies whose policies of a kind count; of kinds that nobody else is named for, those of the port's office.
    static func of(_ kind: String) -> Set<String> { byKind[kind] ?? ["POO"] }
}
