internal import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// Small requests are answered where they are read: else each goes to a thread of the pool and back, which costs more than
/// what is done there. What takes longer leaves by ``offLoop(_:)``, for a loop serves many connections.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// One for each loop of a group.
    static func all(of group: any EventLoopGroup) -> [ObjectIdentifier: LoopExecutor] {
        Dictionary(
            group.makeIterator().map { (ObjectIdentifier($0), LoopExecutor($0)) },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Does something on the threads of the pool, that would keep an event loop from its other connections.
func offLoop<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor, operation: body)
}
