/// What was wrong with a piece of input: which file, which line if that is known, and why.
///
/// A fault never stops an import. It is reported beside what was imported, and the rest goes on.
public struct ImportFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, as it was found under the paths given.
    public let file: String

    /// The line, counted from 1, or nil where the fault is of the file as a whole.
    public let line: Int?

    /// What is wrong and, where it can be told, what to do; one sentence for a person.
    public let reason: String

    public init(file: String, line: Int? = nil, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `file:line: reason`, the form editors jump to.
    public var description: String {
        guard let line else { return "\(file): \(reason)" }
        return "\(file):\(line): \(reason)"
    }
}
