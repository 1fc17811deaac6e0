internal import Crypto
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOSSL
internal import NIOTLS
internal import Transparency

/// Notes, once the handshake is done, which certificate the client showed.
final class CertificateReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let book: ConnectionBook

    init(_ book: ConnectionBook) {
        self.book = book
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent,
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let shown = handler.peerCertificate.flatMap(ClientCertificate.init)
        {
            book.note(shown, of: context.channel)
        }
        context.fireUserInboundEventTriggered(event)
    }
}

extension ClientCertificate {
    /// What a SubjectPublicKeyInfo of an Ed25519 key begins with (RFC 8410, section 4).
    private static let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// - Returns: nil if its key is not an Ed25519 key.
    init?(_ certificate: NIOSSLCertificate) {
        guard let key = try? certificate.extractPublicKey().toSPKIBytes(), key.count == Self.prefix.count + 32,
            key.starts(with: Self.prefix), let bytes = try? certificate.toDERBytes()
        else { return nil }
        let (from, to) = (Int64(certificate.notValidBefore), Int64(certificate.notValidAfter))
        self.init(
            thumbprint: Base64.encode(Array(SHA256.hash(data: bytes)), .url),
            publicKey: Array(key.dropFirst(Self.prefix.count)), validity: from..<max(from, to))
    }
}
