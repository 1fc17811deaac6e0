import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON

/// Who reads a ledger with a charter, as what and what for.
struct ReaderOptions: ParsableArguments {
    @OptionGroup var claim: ClaimOptions

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    @Option(name: .customLong("as-of"), help: "… what could be seen at this time, so far as it may be seen now.")
    var asOf: String?

    @Option(name: .long, help: "… so many entries, then {\"next\":CURSOR} if there are more.")
    var page: Int?

    @Option(name: .long, help: "… from where a page ended. What has ended since is said, and nothing is read.")
    var cursor: String?

    @Option(name: .long, help: "… asking for this field by name, e.g. /price: that it is denied is recorded, too.")
    var field: [String] = []

    func validate() throws {
        if let page, !(1...ReadPage.maximumEntries).contains(page) {
            throw ValidationError("--page is from 1 to \(ReadPage.maximumEntries).")
        }
        guard claim.agency == nil else { return }
        if page != nil || cursor != nil { throw ValidationError("--page and --cursor go with --as.") }
        if !field.isEmpty { throw ValidationError("--field goes with --as.") }
        if claim.key != nil { throw ValidationError("--key goes with --as.") }
        if claim.role != nil || claim.purpose != nil || caseName != nil || asOf != nil {
            throw ValidationError("--role, --purpose, --case and --as-of go with --as.")
        }
    }

    /// Refuses what only goes with `sanhu read`, and a time that is none.
    func refusePages() throws {
        guard page == nil, cursor == nil, field.isEmpty else {
            throw ValidationError("--page, --cursor and --field go with `sanhu read`, not with this.")
        }
        if let asOf, Timestamp(asOf) == nil {
            throw ValidationError("“\(asOf)” is no time. Write for example 2026-03-01T08:15:00+08:00.")
        }
    }

    /// The reader, or nil for whoever reads the ledger as it is stored.
    var reader: Reader? {
        guard let agency = claim.agency else { return nil }
        guard agency != "public" else { return .public }
        return Reader(member: agency, role: claim.role, purpose: claim.purpose, caseName: caseName)
    }
}

/// Prints what a reader sees, one line for each entry.
struct SeenEntryPrinter {
    func print(_ entries: [SeenEntry]) {
        for entry in entries {
            var writer = JSONWriter(reservingCapacity: 1_024)
            entry.write(to: &writer)
            writer.endLine()
            Output.standard.write(writer.bytes)
        }
    }
}
