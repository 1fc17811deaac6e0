import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON
import Transparency

/// Who reads a ledger with a charter, as what and what for.
struct ReaderOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Read as this agency sees it, or as `public`, in a ledger with a charter.")
    var agency: String?

    @Option(name: .long, help: "… in this role.")
    var role: String?

    @Option(name: .long, help: "… for this purpose, by its code.")
    var purpose: String?

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    @Option(name: .customLong("as-of"), help: "… what could be seen at this time, so far as it may be seen now.")
    var asOf: String?

    @Option(name: .long, help: "… asking for this field by name, e.g. /price: that it is denied is recorded, too.")
    var field: [String] = []

    func validate() throws {
        guard agency == nil else { return }
        if !field.isEmpty { throw ValidationError("--field goes with --as.") }
        if role != nil || purpose != nil || caseName != nil || asOf != nil {
            throw ValidationError("--role, --purpose, --case and --as-of go with --as.")
        }
    }

    /// The reader, or nil for whoever reads the ledger as it is stored.
    var reader: Reader? {
        guard let agency else { return nil }
        guard agency != "public" else { return .public }
        // The charter says what kind of agency it is.
        return Reader(.authority, agency: agency, role: role, purpose: purpose, caseName: caseName)
    }
}

/// Prints what a reader sees, one line for each entry.
struct SeenEntryPrinter {
    func print(_ entries: [SeenEntry]) {
        for entry in entries {
            Output.standard.writeObject { writer in
                writer.member("position", Int64(entry.position))
                switch entry {
                case .stub(_, let leaf):
                    writer.member("stub", leaf.base64)
                case .entry(let event):
                    write(event, to: &writer)
                }
            }
        }
    }

    private func write(_ event: SeenEntry.Event, to writer: inout JSONWriter) {
        writer.member("recorded", event.recorded.description)
        writer.member("agency", event.agency)
        writer.key("tags")
        writer.array { writer in
            for tag in event.tags { writer.string(tag.text) }
        }
        writer.key("event")
        writer.raw(event.event)
        if !event.withheld.isEmpty {
            writer.key("withheld")
            writer.array { writer in
                for field in event.withheld {
                    writer.object { writer in
                        writer.member("path", field.pointer)
                        writer.member("class", field.reason.sharingClass.rawValue)
                        writer.member("compartment", field.reason.compartment)
                        writer.member("owner", field.reason.owner)
                    }
                }
            }
        }
        if !event.gone.isEmpty {
            writer.key("gone")
            writer.array { writer in
                for field in event.gone {
                    writer.object { writer in
                        writer.member("path", field.pointer)
                        writer.member("cause", field.cause.rawValue)
                    }
                }
            }
        }
    }
}
