/// A rule of the charter by which fields are shared without asking, or may not be shared at all.
public struct SharingRule: Sendable, Hashable {
    public enum Effect: String, Sendable, Hashable {
        /// Opens `conditional` fields. Dearer ones it does not open, whatever it selects.
        case permit
        /// Closes fields of any class to these readers, grants notwithstanding.
        case prohibit
    }

    public let id: String
    public let effect: Effect
    public let readers: ReaderSelector
    public let fields: FieldSelector
    /// Codes of the purposes it holds for; empty: for any that is given. A permission always needs a purpose.
    public let purposes: [String]
    /// Whether the reader must name a case.
    public let needsCase: Bool
    public let validity: Validity

    public init(
        id: String, _ effect: Effect, readers: ReaderSelector, fields: FieldSelector, purposes: [String] = [],
        needsCase: Bool = false, validity: Validity = Validity()
    ) {
        self.id = id
        self.effect = effect
        self.readers = readers
        self.fields = fields
        self.purposes = purposes
        self.needsCase = needsCase
        self.validity = validity
    }
}
