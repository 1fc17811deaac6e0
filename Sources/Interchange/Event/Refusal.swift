/// Why something cannot be mapped, before it is known which file and line it stands in.
struct Refusal: Error, Hashable, Sendable {
    let reason: String
    let line: Int?

    init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    func fault(in file: String, line: Int? = nil) -> ImportFault {
        ImportFault(file: file, line: self.line ?? line, reason: reason)
    }
}
