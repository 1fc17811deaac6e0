/// What matters of the certificate that a client showed.
struct ClientCertificate: Sendable, Hashable {
    /// SHA-256 of it, base64url.
    let thumbprint: String
    /// The 32 bytes of its Ed25519 key.
    let publicKey: [UInt8]
    /// When it is valid, in seconds since 1970.
    let validity: Range<Int64>
}
