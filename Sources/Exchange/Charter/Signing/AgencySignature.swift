import Transparency

/// The `signature` of an entry: an agency's over the event it sealed itself, written `KEY:BASE64`, the id of the key and
/// the 64 bytes of the Ed25519 signature.
public struct AgencySignature: Sendable, Hashable, CustomStringConvertible {
    public let key: String
    public let bytes: [UInt8]

    public init(key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    /// Reads it as an entry has it.
    ///
    /// - Throws: ``ExchangeError`` with code `.wrongSignature`.
    public init(_ text: String) throws(ExchangeError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, NameForm.code.accepts(String(parts[0])), let bytes = Base64.decode(parts[1]),
            bytes.count == 64
        else {
            throw ExchangeError(
                .wrongSignature, "The event's signature is not of the form KEY:BASE64 with 64 bytes; sign it again.")
        }
        self.init(key: String(parts[0]), bytes: bytes)
    }

    public var description: String { "\(key):\(Base64.encode(bytes))" }
}
