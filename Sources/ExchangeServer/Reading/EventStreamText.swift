internal import EventLog
internal import HTTPTypes
internal import JSON

/// Server-sent events (HTML Living Standard, section 9.2): the names and bytes of what is written.
enum EventStreamText {
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag

    /// What the kinds of messages are called: the signals of a subscription.
    enum Kind: String, Sendable, CaseIterable {
        /// An entry; its id is the position.
        case event
        /// All that there is has come; its id is the last position there is, its data `{"head":…}`.
        case caughtUp
        /// The stream ends; its data is the problem.
        case dropped
    }

    /// A comment, so that nobody takes the connection for dead.
    static let heartbeat = Array(": heartbeat\n\n".utf8)

    /// Appends a message.
    ///
    /// - Parameter data: One line.
    static func append(_ kind: Kind, id: Position?, _ data: some Collection<UInt8>, to text: inout [UInt8]) {
        text.append(contentsOf: "event: \(kind.rawValue)\n".utf8)
        if let id { text.append(contentsOf: "id: \(id)\n".utf8) }
        text.append(contentsOf: "data: ".utf8)
        text.append(contentsOf: data)
        text.append(contentsOf: "\n\n".utf8)
    }
}
