internal import EventLog
internal import Exchange
internal import Synchronization

/// Folds what came before, for each rule and query once: what was folded is kept, and only what is new is read.
final class RuleHistory: Sendable {
    struct Key: Hashable, Sendable {
        /// The rule's place in the book.
        let rule: Int
        /// As entries are found by it.
        let query: Query
    }

    /// How many queries are remembered.
    private static let maximumQueries = 4_096
    /// How many bytes of events they have folded in all: a state is taken to be no larger than what it was made of.
    static let maximumBytes = 64 << 20

    private struct Kept {
        var terms: OwnTerms?
        var memories: [Key: RuleMemory] = [:]
        var bytes = 0

        mutating func put(_ memory: RuleMemory, _ key: Key, most: Int) {
            bytes += memory.bytes - (memories.updateValue(memory, forKey: key)?.bytes ?? 0)
            // What is in use now stays, however large it is.
            while memories.count > RuleHistory.maximumQueries || bytes > most,
                let some = memories.keys.first(where: { $0 != key })
            {
                bytes -= memories.removeValue(forKey: some)?.bytes ?? 0
            }
        }
    }

    private let ledger: ExchangeLedger
    private let upcasters: Upcasters
    private let most: Int
    private let kept = Mutex(Kept())

    init(_ ledger: ExchangeLedger, _ upcasters: Upcasters, maximumBytes: Int = RuleHistory.maximumBytes) {
        self.ledger = ledger
        self.upcasters = upcasters
        most = maximumBytes
    }

    /// How many queries are remembered, and of how many bytes.
    var size: (queries: Int, bytes: Int) { kept.withLock { ($0.memories.count, $0.bytes) } }

    /// What a rule knows of a query at a head.
    ///
    /// - Complexity: O(*n*) in the matching entries since it was asked last.
    func memory(
        _ key: Key, of rule: Rule, at head: Position, _ terms: OwnTerms
    ) throws(ExchangeError) -> RuleMemory {
        let known = kept.withLock { kept in
            // Other terms may read the same entries otherwise, and what was erased must not be remembered.
            if kept.terms != terms { kept = Kept(terms: terms) }
            return kept.memories[key]
        }
        var memory = known.flatMap { $0.head <= head ? $0 : nil } ?? RuleMemory(rule)
        guard memory.head < head else { return memory }
        let ledger = ledger
        let mergers = try ledger.mergers()
        var failure: ExchangeError?
        do throws(LogError) {
            try ledger.log.read(key.query, ReadRange(from: memory.head, to: head)) { entries in
                do throws(ExchangeError) {
                    for event in try ledger.opened(entries, upcasting: upcasters) {
                        memory.fold(LedgerEvent(event, mergers), at: event.position, bytes: event.event.count)
                    }
                } catch {
                    failure = error
                }
                return failure == nil
            }
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
        if let failure { throw failure }
        memory.head = head
        keep(memory, key, terms)
        return memory
    }

    private func keep(_ memory: RuleMemory, _ key: Key, _ terms: OwnTerms) {
        kept.withLock { kept in
            guard kept.terms == terms, kept.memories[key].map({ $0.head < memory.head }) ?? true else { return }
            kept.put(memory, key, most: most)
        }
    }
}
