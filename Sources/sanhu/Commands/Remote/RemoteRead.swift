import EventLog
import Exchange
import ExchangeClient
import Foundation
import JSON
import Transparency

/// Reads from a server, and prints what the local command prints. With the ledger's key nothing of it is believed before it is
/// verified.
struct RemoteRead {
    let client: ExchangeClient
    let selection: ReadSelection
    let key: NoteVerifier?

    /// Prints what there is.
    func run() async throws {
        if let key {
            let read = try await client.verified(selection, key: key) { entry in
                SeenEntryPrinter().print([entry.seen])
            }
            Output.standard.flush()
            if !read.isComplete {
                Terminal.say("the answer to a query cannot show that nothing is left out; read the range without one")
            }
            return
        }
        for try await entry in client.entries(selection) { Self.print(entry.line) }
        Output.standard.flush()
    }

    /// Prints what there is and what comes, until interrupted.
    ///
    /// - Parameter state: The file of how far it has come, for who asks again.
    func follow(state: String?) async throws {
        if let key, let state {
            try await client.follow(selection, key: key, state: state) { entry in
                SeenEntryPrinter().print([entry.seen])
                Output.standard.flush()
            }
            return
        }
        for try await element in client.follow(selection) {
            if case .event(let entry) = element { Self.print(entry.line) }
            Output.standard.flush()
        }
    }

    private static func print(_ line: [UInt8]) {
        Output.standard.write(line)
        Output.standard.write(CollectionOfOne(UInt8(ascii: "\n")))
    }
}
