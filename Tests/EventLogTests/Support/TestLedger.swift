import EventLog
import Foundation
import TestSupport
import Transparency

extension IndexTuning {
    /// Flushes every few events and merges often, so that small logs go through all that large ones do.
    static var small: IndexTuning {
        var tuning = IndexTuning()
        tuning.flushEvents = 7
        tuning.minimumFlushEvents = 1
        tuning.idleSeconds = 0.002
        tuning.smallRun = 5
        tuning.fanIn = 3
        tuning.largestRun = 400
        tuning.bytesPerCommit = 256
        return tuning
    }
}

/// A ledger in a folder of its own that can be closed, looked at on disk, and opened again.
final class TestLedger {
    let folder: TemporaryFolder
    let signer: NoteSigner
    let tuning: IndexTuning
    private var opened: Log?

    /// The ledger's folder.
    var path: String { folder.path("ledger") }

    /// The log, which must be open.
    var log: Log {
        guard let opened else { preconditionFailure("the ledger is closed") }
        return opened
    }

    init(tuning: IndexTuning = .small, name: String = "port.example/ledger") throws {
        folder = try TemporaryFolder()
        signer = try NoteSigner(name: name, seed: Array(1...32))
        self.tuning = tuning
        try Log.create(at: path, signer: signer).close()
        try open()
    }

    deinit {
        close()
    }

    func open() throws {
        opened = try Log.open(at: path, signer: signer, tuning: tuning)
    }

    /// Closes the log and lets go of its files.
    func close() {
        opened?.close()
        opened = nil
    }

    func reopen() throws {
        close()
        try open()
    }

    /// Deletes the index of the closed ledger.
    func deleteIndex() throws {
        try FileManager.default.removeItem(atPath: path + "/index")
        try FileManager.default.createDirectory(atPath: path + "/index", withIntermediateDirectories: false)
    }

    func deleteIndexAndReopen() throws {
        close()
        try deleteIndex()
        try open()
    }

    /// Appends numbered events in one request.
    @discardableResult
    func fill(_ ids: Range<Int>, tags: (Int) -> [String] = { ["number:\($0)"] }) async throws -> [Receipt] {
        try await log.append(AppendRequest(ids.map { draft("e\($0)", tags: tags($0)) }))
    }
}

/// An event to append.
func draft(
    _ id: String, type: String = "test.noted", tags: [String] = [], source: String = "//cus", data: String = "{}",
    agency: String = "CUS", disclosures: [[UInt8]] = []
) -> EventDraft {
    let event =
        "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"type\":\"\(type)\",\"data\":\(data)}"
    return EventDraft(
        agency: agency, tags: tags.map(tag), event: Array(event.utf8), disclosures: disclosures)
}

/// A tag that is known to be one.
func tag(_ text: String) -> Tag {
    guard let tag = try? Tag(text) else { preconditionFailure("“\(text)” is no tag") }
    return tag
}

extension Query {
    /// Events with a tag.
    static func tagged(_ text: String) -> Query { Query(tags: [tag(text)]) }
}

/// What refuses something, or nil if nothing does.
func refusal(_ body: () throws -> Void) -> LogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LogError
    }
}

/// What refuses something, or nil if nothing does.
func refusal(_ body: () async throws -> Void) async -> LogError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? LogError
    }
}

extension Entry {
    /// The entry's text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The entry's text from `,"agency"` on: what does not depend on when it was recorded.
    var body: String { String(text.drop { $0 != "," }) }
}
