/// Why an event could not be brought up to the latest version of its schema; it is then given as it was appended.
public struct UpcastRefusal: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A step needs a field that this reader may not see, or that is gone.
        case withheld
        /// The charter names an upcaster that this program does not know.
        case unknownUpcaster
        /// A step cannot be done with these data.
        case failed
        /// What came out does not satisfy the latest schema.
        case invalid
        /// There are more versions, or more bytes, than the limits.
        case tooLarge
    }

    public let code: Code
    public let reason: String
    /// The fields that are concerned, as pointers in the data.
    public let pointers: [String]

    init(_ code: Code, _ reason: String, _ pointers: [String] = []) {
        self.code = code
        self.reason = reason
        self.pointers = pointers
    }
}
