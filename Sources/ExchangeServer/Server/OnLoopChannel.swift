internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes

/// A connection whose requests are handled on the thread of its event loop.
struct OnLoopChannel: HTTPChannelHandler {
    private let base: HTTP1Channel
    private let executors: [ObjectIdentifier: LoopExecutor]

    init(_ base: HTTP1Channel, _ executors: [ObjectIdentifier: LoopExecutor]) {
        self.base = base
        self.executors = executors
    }

    var responder: HTTPChannelHandler.Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger)
    }

    @concurrent func handle(value: HTTP1Channel.Value, logger: Logger) async {
        let executor = executors[ObjectIdentifier(value.channel.eventLoop)]
        await withTaskExecutorPreference(executor) { await base.handle(value: value, logger: logger) }
    }
}
