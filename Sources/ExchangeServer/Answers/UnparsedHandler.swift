internal import ExchangeProtocol
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Answers with a problem what is no HTTP request, or has too large a head: the connection itself answers that, with nothing but
/// its status.
final class UnparsedHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The most bytes of a field of a head, and of all, and the most fields.
    static let fieldBytes = 16 << 10
    static let headBytes = 80 << 10
    static let fields = 128

    private static let body = ByteBuffer(
        bytes: Problem(
            400, "malformedRequest", "The request is malformed",
            "What came is no HTTP request, or its head is too large: a field has at most \(fieldBytes >> 10) KiB, the head "
                + "\(headBytes >> 10) KiB and \(fields) fields."
        ).bytes + [UInt8(ascii: "\n")])

    /// Whether the answer that is being written has no body of its own.
    private var isBare = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status == .badRequest && head.headerFields[.contentType] == nil:
            isBare = true
            head.headerFields[.contentType] = Problem.mediaType
            head.headerFields[.contentLength] = String(Self.body.readableBytes)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isBare:
            isBare = false
            context.write(wrapOutboundOut(.body(Self.body)), promise: nil)
            context.write(data, promise: promise)
        default: context.write(data, promise: promise)
        }
    }
}
