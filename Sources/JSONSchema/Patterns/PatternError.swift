/// Why a text is not a regular expression this project matches, and where.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    package enum Code: String, Hashable, Sendable {
        /// Not a regular expression of ECMA-262 with the flag `u`.
        case malformed
        /// A regular expression that cannot be matched in linear time, or whose tables are not here.
        case unsupported
        /// A regular expression whose program is over the limit.
        case tooLarge
    }

    package let code: Code

    /// What is wrong, as half a sentence.
    package let reason: String

    /// How many Unicode scalars stand before the fault.
    package let offset: Int

    init(_ code: Code, _ reason: String, at offset: Int) {
        self.code = code
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason) at character \(offset)" }
}
