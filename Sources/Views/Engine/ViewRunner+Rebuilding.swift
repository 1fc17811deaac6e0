internal import EventLog
internal import Exchange
internal import Foundation
internal import LMDB

/// A rebuild that is under way.
struct Rebuild {
    var isRunning = false
    /// How far it has come; nil if none is under way.
    var position: Position?
    /// Whether the old view is not brought on meanwhile.
    var holdsOld = false
    /// How many there were in this process.
    var count = 0
    var waiting: [CheckedContinuation<ViewError?, Never>] = []
}

extension ViewRunner {
    /// How near to the head a rebuild comes before it takes the old view's place.
    private static let nearness: UInt64 = 20_000

    /// Makes the view anew beside the old one, which answers meanwhile, and puts it in its place.
    ///
    /// - Throws: ``ViewError``; the old view is as it was then. `.closed` if the view is closed before it is done.
    /// - Complexity: O(*n*) in the entries of the log, on all cores unless events are being appended.
    public func rebuildAll() async throws(ViewError) {
        let failure: ViewError? = await withCheckedContinuation { continuation in
            let isRefused = condition.withLock {
                guard !closesRebuilds else { return true }
                rebuild.waiting.append(continuation)
                return false
            }
            guard !isRefused else {
                continuation.resume(returning: ViewError(.closed, "The view \(definition.title) was closed."))
                return
            }
            startRebuild(holdingOld: false)
        }
        if let failure { throw failure }
    }

    /// Starts a rebuild, unless one is under way.
    func startRebuild(holdingOld: Bool) {
        let number: Int? = condition.withLock {
            if holdingOld { rebuild.holdsOld = true }
            guard !rebuild.isRunning else { return nil }
            rebuild.isRunning = true
            rebuild.position = 0
            defer { rebuild.count += 1 }
            return rebuild.count
        }
        guard let number else { return }
        let thread = Thread { [self] in
            var failure: ViewError?
            do throws(ViewError) {
                try makeAnew(number)
            } catch {
                failure = error
            }
            finishRebuild(failure)
        }
        thread.name = "sanhu-rebuild"
        thread.start()
    }

    private func finishRebuild(_ failure: ViewError?) {
        let waiting = condition.withLock {
            let waiting = rebuild.waiting
            let isHeld = rebuild.holdsOld
            rebuild = Rebuild(count: rebuild.count)
            if let failure, isHeld { trouble.note(failure) }
            condition.broadcast()
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: failure) }
        wake()
    }

    @available(*, noasync)
    private func makeAnew(_ number: Int) throws(ViewError) {
        let (folder, path) = (folder, try folder.makeShadow(number))
        var isTaken = false
        defer { if !isTaken { folder.remove(path) } }
        let shadow = try ViewStore(path: path, title: definition.title, isReadOnly: false, isShadow: true)
        var folding = ViewFolding(definition, ledger, options, parkedStore, pacer: Pacer(ledger.log))
        var meta = try folding.emptyMeta()
        let log = ledger.log
        while true {
            guard !isClosing else { throw ViewError(.closed, "The view was closed while it was rebuilt.") }
            let head = try ViewError.wrapping { () throws(LogError) in try log.head }
            guard try folding.catalog().lines == meta.lines else {
                throw ViewError(
                    .exchange, "The schemas changed while \(definition.title) was rebuilt. Rebuild it again.")
            }
            guard head > meta.position + (meta.position == 0 ? 0 : Self.nearness) else { break }
            if meta.position == 0 {
                meta = try makeMost(&folding, shadow, path, meta, to: head)
            } else {
                meta = try folding.fold(shadow, meta, to: head)
            }
            condition.withLock { rebuild.position = meta.position }
        }
        try shadow.wrapping { () throws(LMDBError) in try shadow.environment.syncFromNowOn() }
        let made = meta
        try performAndWait { [self] () throws(ViewError) in try take(shadow, at: path, made) }
        isTaken = true
    }

    /// Folds all that is there when a rebuild begins.
    @available(*, noasync)
    private func makeMost(
        _ folding: inout ViewFolding, _ shadow: ViewStore, _ path: String, _ meta: ViewMeta, to head: Position
    ) throws(ViewError) -> ViewMeta {
        let (folder, asidePath, pacer) = (folder, path + ViewFolder.asideSuffix, folding.pacer)
        defer { folder.remove(asidePath) }
        return try folding.foldAll(shadow, meta, to: head) { () throws(ViewError) in
            try folder.makeFolder(asidePath)
            return try shadow.wrapping { () throws(LMDBError) in
                try RowSpill(path: asidePath, pacer: pacer)
            }
        } progress: { [self] position in
            condition.withLock {
                rebuild.position = position
                return !isStopping
            }
        }
    }

    /// Takes what a rebuild came to as the view, after folding what came since. By the writing thread.
    private func take(_ shadow: ViewStore, at path: String, _ meta: ViewMeta) throws(ViewError) {
        guard !isClosing else { throw ViewError(.closed, "The view was closed while it was rebuilt.") }
        let log = ledger.log
        var meta = meta
        while true {
            let head = try ViewError.wrapping { () throws(LogError) in try log.head }
            guard meta.position < head else { break }
            meta = try folding.fold(shadow, meta, to: head)
        }
        try folder.exchange(with: path)
        noted = nil
        condition.withLock { trouble = Trouble() }
        waiters.end(false)
        publish(shadow, meta)
        try folding.reconcile(shadow, meta)
        // The old one's files go when its last reader lets go of them.
        folder.remove(path)
    }

    /// Has something done by the writing thread, and waits for it on this one.
    private func performAndWait(_ body: @escaping @Sendable () throws(ViewError) -> Void) throws(ViewError) {
        let done = DispatchSemaphore(value: 0)
        let box = ResultBox()
        Task { [self] in
            do throws(ViewError) {
                try await perform(body)
            } catch {
                box.failure = error
            }
            done.signal()
        }
        done.wait()
        if let failure = box.failure { throw failure }
    }

    /// What a thread waits for; written before it is signalled, read after.
    private final class ResultBox: @unchecked Sendable {
        var failure: ViewError?
    }
}
