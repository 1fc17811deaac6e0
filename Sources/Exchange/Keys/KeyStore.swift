internal import EventLog
internal import Synchronization

/// The keys of a ledger, `DIR/keys/`: for each subject and compartment a data-encryption key, wrapped under a key that
/// lies outside the folder, by sequence number.
///
/// Keys are durable before they are handed out, so nothing is ever sealed under a key that a power failure takes away.
/// Subjects stand in the store only as HMACs under a secret of its own. An LMDB environment lies in a folder named by
/// the generation of its wrapping key; ``rotate()`` writes the next one whole, puts it in its place in one step and
/// destroys the wrapping key of the last, so that what is left of that on the disk or in a backup opens nothing.
///
/// Calls block: on a lock, and on the disk where a key is new or not in memory.
public final class KeyStore: Sendable {
    public struct Options: Sendable {
        /// Whether only to look keys up; nothing is created, finished or cleaned up.
        public var isReadOnly = false
        /// The most keys that are kept in memory unwrapped, by reference and by number.
        public var cachedKeys = 65_536

        public init(isReadOnly: Bool = false, cachedKeys: Int = 65_536) {
            self.isReadOnly = isReadOnly
            self.cachedKeys = cachedKeys
        }
    }

    /// What the store says of a number.
    public enum Finding: Sendable {
        case live(SubjectKey)
        /// Destroyed, behind the fence with this number.
        case erased(fence: UInt64)
    }

    let core: Mutex<KeyStoreCore>
    /// How often subjects were erased since it was opened: whoever keeps keys lets go of them when this changes.
    private let erasureCount = Atomic<Int>(0)
    var erasures: Int { erasureCount.load(ordering: .acquiring) }
    let mask: NumberMask

    private init(_ core: KeyStoreCore) {
        mask = core.mask
        self.core = Mutex(core)
    }

    /// Makes a store in a folder, which is made if it is not there.
    ///
    /// - Throws: ``ExchangeError``: `.conflict` if there is one, else `.log` or what the wrapping key throws.
    public static func create(
        path: String, wrappingKey: any WrappingKey, options: Options = Options()
    ) throws(ExchangeError) -> KeyStore {
        KeyStore(try KeyStoreCore.create(path, wrappingKey, options, KeyProbe()))
    }

    /// Opens a store, and finishes what was begun: an erasure whose fence is in the log, a rotation.
    ///
    /// - Parameter logFence: The number of the last fence in the log; 0 if there is none.
    /// - Throws: ``ExchangeError``: `.staleKeys` if the log has fences that the store does not know, or the wrapping
    ///   key has been rotated since: then it is an old copy. `.keyMissing` without the wrapping key, `.keyDamaged`,
    ///   `.log`.
    public convenience init(
        path: String, wrappingKey: any WrappingKey, logFence: UInt64, options: Options = Options()
    ) throws(ExchangeError) {
        try self.init(path: path, wrappingKey: wrappingKey, logFence: logFence, options: options, probe: KeyProbe())
    }

    /// As the other, with something that is told of each step and may stop there.
    package convenience init(
        path: String, wrappingKey: any WrappingKey, logFence: UInt64, options: Options = Options(), probe: KeyProbe
    ) throws(ExchangeError) {
        self.init(try KeyStoreCore.open(path, wrappingKey, logFence, options, probe))
    }

    /// The keys of some subjects and compartments, in their order; those that are not there yet are made, all in one
    /// commit.
    ///
    /// - Throws: ``ExchangeError``: `.subjectErased`, `.conflict` for a subject whose erasure has begun, `.keyDamaged`,
    ///   `.log`; nothing is made then.
    public func keys(for references: [KeyReference]) throws(ExchangeError) -> [SubjectKey] {
        try core.withLock { core throws(ExchangeError) in try core.keys(for: references) }
    }

    /// The key of a subject and compartment if there is one; none is made. For queries, by blinded tag.
    ///
    /// - Throws: ``ExchangeError``: `.subjectErased`, `.keyDamaged`, `.log`.
    public func existingKey(for reference: KeyReference) throws(ExchangeError) -> SubjectKey? {
        try core.withLock { core throws(ExchangeError) in try core.existingKey(for: reference) }
    }

    /// The key with a number.
    ///
    /// - Throws: ``ExchangeError``: `.keyMissing`, `.keyDamaged`, `.log`.
    public func key(numbered number: UInt64) throws(ExchangeError) -> Finding {
        try core.withLock { core throws(ExchangeError) in try core.key(numbered: number) }
    }

    /// Begins the erasure of a subject: from now on no key of its is handed out for sealing. Next, append an event that
    /// carries the fence's number; then ``finishErasure(_:)``. If the event could not be appended,
    /// ``cancelErasure(_:)``.
    ///
    /// - Parameter logFence: The number of the last fence in the log.
    /// - Returns: The fence; the same again if this erasure has begun already.
    /// - Throws: ``ExchangeError``: `.subjectErased`, `.conflict` while another subject's is under way, `.log`.
    public func beginErasure(of subject: KeySubject, logFence: UInt64) throws(ExchangeError) -> ErasureFence {
        try core.withLock { core throws(ExchangeError) in try core.beginErasure(of: subject, logFence: logFence) }
    }

    /// Takes back an erasure whose fence did not come into the log.
    public func cancelErasure(_ fence: ErasureFence) throws(ExchangeError) {
        try core.withLock { core throws(ExchangeError) in try core.cancelErasure(fence) }
    }

    /// Destroys the keys of the subject whose fence is in the log now, then rotates the wrapping key. May be repeated
    /// until it succeeds; opening the store does so too.
    public func finishErasure(_ fence: ErasureFence) throws(ExchangeError) {
        // Also if it fails after the keys are gone, and before anybody is told that they are.
        defer { erasureCount.add(1, ordering: .releasing) }
        try core.withLock { core throws(ExchangeError) in try core.finishErasure(fence) }
    }

    /// Wraps all keys anew under a new wrapping key and destroys the old one.
    ///
    /// - Complexity: O(*n*) in the number of keys, some microseconds each; other calls wait.
    public func rotate() throws(ExchangeError) {
        try core.withLock { core throws(ExchangeError) in try core.rotate() }
    }

    /// Whether a subject was erased.
    public func isErased(_ subject: KeySubject) throws(ExchangeError) -> Bool {
        try core.withLock { core throws(ExchangeError) in try core.isErased(core.blind(subject)) }
    }

    /// The number of the last fence whose keys have been destroyed; 0 if there is none.
    public func lastFence() throws(ExchangeError) -> UInt64 {
        try core.withLock { core throws(ExchangeError) in try core.readState().fences.seen }
    }
}
