internal import LMDB
internal import Transparency

extension LogReader {
    /// The entries of events that are in the log, by the indices of what they are known by.
    ///
    /// - Complexity: O(*n* · *r*) in the identities and the runs, a cache line each, for those that are not there.
    @available(*, noasync)
    func entries(of identities: [EventIdentity]) throws(LogError) -> [Int: Entry] {
        let transaction = try store.beginRead()
        let head = try store.readState(in: transaction).frontier.size
        let index = try usableIndex()
        let snapshot = try snapshot(of: index, covering: head)
        let names = identities.map(\.bytes)
        let hashes = names.map { index.hasher.hash(.id, $0.span) }
        var candidates: [Int: [Position]] = [:]
        do throws(LMDBError) {
            for run in snapshot.runs {
                for event in try snapshot.indices(of: hashes, perhapsIn: run) {
                    let list = try snapshot.list(of: hashes[event], in: run, reaching: run.base) ?? []
                    if !list.isEmpty { candidates[event, default: []] += list }
                }
            }
        } catch {
            throw LogError(ofIndex: error)
        }
        for event in snapshot.indicesInMemory(ofKnown: hashes) {
            candidates[event, default: []] += snapshot.positionsInMemory(of: hashes[event], in: 0..<head)
        }
        var found: [Int: Entry] = [:]
        var reader = EntryReader()
        for (event, positions) in candidates {
            // The index files by hash: two names may share one, so the entry itself decides.
            for position in positions where position < head && found[event] == nil {
                let entry = try store.entry(at: position, in: transaction)
                if try reader.identity(of: entry.bytes.span) == names[event] { found[event] = entry }
            }
        }
        return found
    }
}
