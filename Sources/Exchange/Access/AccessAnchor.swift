internal import EventLog
internal import JSON
internal import Transparency

/// What ties the access log to the main log: its checkpoint, as an event there (`sanhu.access.anchored`). From then on who
/// changes or cuts off what the access log had contradicts the main log.
struct AccessAnchor: Sendable, Hashable {
    static let eventType = "sanhu.access.anchored"
    static let schema = "urn:sanhu:schema:access.anchored:1"

    /// The signed checkpoint of the access log.
    let note: SignedNote
    let checkpoint: Checkpoint

    /// Takes the checkpoint of the access log's last commit.
    init(of accessLog: Log) throws(ExchangeError) {
        let note = try ExchangeError.wrapping { () throws(LogError) in try accessLog.checkpoint() }
        try self.init(note)
    }

    private init(_ note: SignedNote) throws(ExchangeError) {
        self.note = note
        do throws(NoteError) {
            checkpoint = try Checkpoint(note.text)
        } catch {
            throw ExchangeError(.accessLogAltered, "The checkpoint of the access log is none: \(error.reason)")
        }
    }

    /// Reads an anchor from the data of its event.
    ///
    /// - Throws: ``ExchangeError``: `.eventInvalid`, `.accessLogAltered` if its parts contradict one another.
    init(data: JSONValue) throws(ExchangeError) {
        let data = try EventDataReader(data, keys: ["size", "root", "checkpoint"])
        // A note has several lines; it is read as a note, not as a text.
        guard let text = data.object["checkpoint"]?.string, let note = try? SignedNote(text) else {
            throw data.fault("There must be a signed note.", at: "checkpoint")
        }
        try self.init(note)
        guard try data.position("size") == checkpoint.size, data.object["root"]?.string == checkpoint.root.base64 else {
            throw ExchangeError(.accessLogAltered, "An anchor's size and root are not those of its checkpoint.")
        }
    }

    /// The event. The same checkpoint makes the same event, so that one appended again is known.
    ///
    /// - Parameter time: When the last of the records was recorded.
    func event(at time: Timestamp) -> [UInt8] {
        var json = JSONWriter(reservingCapacity: 640)
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", "anchor-\(checkpoint.size)")
            json.member("source", LedgerVoice.accessSource)
            json.member("type", Self.eventType)
            json.member("dataschema", Self.schema)
            json.member("time", time.description)
            json.member("datacontenttype", "application/json")
            json.key("data")
            json.object { json in
                json.member("size", Int64(clamping: checkpoint.size))
                json.member("root", checkpoint.root.base64)
                json.member("checkpoint", note.description)
            }
        }
        return json.bytes
    }

    /// The last anchor in a log, if there is one.
    static func last(in log: Log) throws(ExchangeError) -> AccessAnchor? {
        let entry = try ExchangeError.wrapping { () throws(LogError) in try log.last(Query(types: [eventType])) }
        return try entry.flatMap { entry throws(ExchangeError) in try AccessAnchor(EntryView(entry)) }
    }

    /// The anchor that an entry is, or nil: only the ledger anchors.
    init?(_ view: EntryView) throws(ExchangeError) {
        guard view.type == Self.eventType, view.agency == LedgerVoice.agency,
            view.identity.source == LedgerVoice.accessSource, let data = view.data
        else { return nil }
        try self.init(data: data)
    }

    /// Whether the access log still has what was anchored.
    ///
    /// - Throws: ``ExchangeError`` with code `.accessLogAltered`, saying what is wrong.
    /// - Complexity: O(log *n*) in the access log.
    func check(_ accessLog: Log) throws(ExchangeError) {
        let head = try ExchangeError.wrapping { () throws(LogError) in try accessLog.head }
        guard checkpoint.size <= head else {
            throw ExchangeError(
                .accessLogAltered,
                "The access log has \(head) records; \(checkpoint.size) were anchored. Some were cut off.")
        }
        let root = try ExchangeError.wrapping { () throws(LogError) in try accessLog.root(atSize: checkpoint.size) }
        guard root == checkpoint.root else {
            throw ExchangeError(
                .accessLogAltered,
                "The first \(checkpoint.size) records of the access log have the root \(root); anchored was "
                    + "\(checkpoint.root). Some were changed.")
        }
    }
}

extension ExchangeLedger {
    /// Whether an entry is an anchor: the ledger's own word, with nothing in it that is classified.
    static func isAnchor(_ view: EntryView) -> Bool {
        view.type == AccessAnchor.eventType && view.agency == LedgerVoice.agency
    }
}
