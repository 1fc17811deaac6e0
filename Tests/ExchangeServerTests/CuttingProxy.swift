import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TestSupport

/// A proxy between a client and a server that does what networks do: it cuts connections after some bytes, or changes bytes on
/// their way back.
final class CuttingProxy: Sendable {
    struct Plan: Sendable {
        /// After how many bytes of answers a connection is cut, from a source of chance; nil never.
        var cut: (@Sendable (inout Dice) -> Int?) = { _ in nil }
        /// Texts of the same length that are put in the place of others.
        var changes: [(from: String, to: String)] = []
        var seed: UInt64 = 1
    }

    let url: String
    private let listening: any Channel
    private let state: NIOLockedValueBox<(dice: Dice, cuts: Int)>
    private let target: NIOLockedValueBox<Int>

    /// How many connections it has cut.
    var cuts: Int { state.withLockedValue(\.cuts) }

    init(to url: String, _ plan: Plan) async throws {
        let state = NIOLockedValueBox((dice: Dice(seed: plan.seed), cuts: 0))
        let target = NIOLockedValueBox(Self.port(of: url))
        (self.state, self.target) = (state, target)
        listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                let budget = state.withLockedValue { plan.cut(&$0.dice) }
                let port = target.withLockedValue(\.self)
                return ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port).flatMap {
                    server in
                    client.eventLoop.makeCompletedFuture {
                        let back = Forwarder(to: client, budget: budget, changes: plan.changes) {
                            state.withLockedValue { $0.cuts += 1 }
                        }
                        try server.pipeline.syncOperations.addHandler(back)
                        try client.pipeline.syncOperations.addHandler(
                            Forwarder(to: server, budget: nil, changes: []) {})
                    }.flatMap { client.setOption(.autoRead, value: true) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.url = "http://127.0.0.1:\(listening.localAddress?.port ?? 0)"
    }

    /// Leads connections that come from now on to another server.
    func lead(to url: String) { target.withLockedValue { $0 = Self.port(of: url) } }

    func close() async { try? await listening.close() }

    private static func port(of url: String) -> Int { Int(url.split(separator: ":").last ?? "") ?? 0 }
}

/// Hands on what comes, until its bytes are used up.
private final class Forwarder: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private var budget: Int?
    private let changes: [(from: String, to: String)]
    private let onCut: @Sendable () -> Void

    init(
        to other: any Channel, budget: Int?, changes: [(from: String, to: String)],
        onCut: @escaping @Sendable () -> Void
    ) {
        (self.other, self.budget, self.changes, self.onCut) = (other, budget, changes, onCut)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if !changes.isEmpty {
            var text = String(buffer: bytes)
            for (from, to) in changes { text = text.replacing(from, with: to) }
            bytes = ByteBuffer(string: text)
        }
        if let left = budget {
            budget = left - bytes.readableBytes
            if left < bytes.readableBytes {
                onCut()
                let part = bytes.getSlice(at: bytes.readerIndex, length: max(0, left)) ?? ByteBuffer()
                other.writeAndFlush(part, promise: nil)
                other.close(promise: nil)
                context.close(promise: nil)
                return
            }
        }
        other.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
