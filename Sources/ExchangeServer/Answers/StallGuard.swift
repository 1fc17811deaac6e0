internal import NIOCore

/// Ends a connection whose other side takes nothing for too long.
final class StallGuard: Sendable {
    private let channel: any Channel
    private let limit: TimeAmount
    private let metrics: ServerMetrics
    private let timer: NIOLoopBoundBox<Scheduled<Void>?>

    init(_ channel: any Channel, limit: TimeAmount, _ metrics: ServerMetrics) {
        self.channel = channel
        self.limit = limit
        self.metrics = metrics
        timer = .makeEmptyBox(valueType: Scheduled<Void>.self, eventLoop: channel.eventLoop)
    }

    /// Something is being handed over.
    func began() {
        channel.eventLoop.execute { [self] in
            timer.value?.cancel()
            timer.value = channel.eventLoop.scheduleTask(in: limit) { [channel, metrics] in
                metrics.cutOff()
                channel.close(promise: nil)
            }
        }
    }

    /// It was taken.
    func ended() {
        channel.eventLoop.execute { [self] in
            timer.value?.cancel()
            timer.value = nil
        }
    }
}
