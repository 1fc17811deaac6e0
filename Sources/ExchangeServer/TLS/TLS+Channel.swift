internal import HummingbirdTLS
internal import NIOSSL

extension ServerSettings.TLS {
    /// How connections are secured: TLS 1.3 with the server's certificate. A client may show a certificate; what in it counts
    /// is its key, which the charter knows or does not, so who issued it is not asked.
    func channel() throws -> TLSChannelConfiguration {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
            key = try NIOSSLPrivateKey(file: privateKey, format: .pem)
        } catch {
            throw ServerFault(
                .badCertificate,
                "The certificate \(certificate) with the key \(privateKey) cannot be used (\(error)): both are PEM files."
            )
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv13
        // Who calls by a token shows none.
        tls.certificateVerification = .optionalVerification
        tls.verifySignatureAlgorithms = [.ed25519, .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256]
        tls.applicationProtocols = ["http/1.1"]
        // The handshake proves that the client has the key; whose it is, the charter says.
        return TLSChannelConfiguration(tlsConfiguration: tls) { (_: [NIOSSLCertificate]) in .certificateVerified }
    }
}
