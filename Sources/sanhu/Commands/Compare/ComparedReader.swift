import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol

/// Who reads, as it is written on the command line: `CUS`, `TAX/assessor:duty-assessment:T-7`, `party=enterprise:913…`, `public`.
struct ComparedReader: ExpressibleByArgument, Sendable {
    /// As it was written.
    let text: String
    let reader: Reader

    init?(argument text: String) {
        self.text = text
        if text == "public" {
            reader = .public
        } else if text.hasPrefix("party=") {
            guard let identity = try? Tag(String(text.dropFirst("party=".count))) else { return nil }
            reader = Reader(.party, identities: [identity])
        } else {
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            let names = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard !(names + parts).contains("") else { return nil }
            reader = Reader(
                member: names[0], role: names.count > 1 ? names[1] : nil, purpose: parts.count > 1 ? parts[1] : nil,
                caseName: parts.count > 2 ? parts[2] : nil)
        }
    }

    /// The head of its column.
    var title: String {
        text.split(separator: ":").first.map(String.init) ?? text
    }
}
