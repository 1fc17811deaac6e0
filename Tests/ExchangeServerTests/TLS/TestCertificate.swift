import Crypto
import Foundation
import Transparency

/// Certificates for tests, signed by their own keys: X.509 version 3 in DER (RFC 5280, RFC 8410), as PEM.
struct TestCertificate {
    enum Key {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
    }

    let der: [UInt8]
    private let key: Key

    /// - Parameter days: From when to when it is valid, from today.
    init(_ key: Key, name: String, days: Range<Int>, serial: UInt8 = 1) throws {
        self.key = key
        let algorithm: [UInt8] =
            switch key {
            case .ed25519: Self.sequence(Self.object([0x2b, 0x65, 0x70]))
            case .p256: Self.sequence(Self.object([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
            }
        let entity = Self.sequence(
            Self.value(0x31, Self.sequence(Self.object([0x55, 0x04, 0x03]) + Self.value(0x0c, Array(name.utf8)))))
        // subjectAltName: DNS localhost, IP 127.0.0.1.
        let names = Self.sequence(Self.value(0x82, Array("localhost".utf8)) + Self.value(0x87, [127, 0, 0, 1]))
        let extensions = Self.value(
            0xa3, Self.sequence(Self.sequence(Self.object([0x55, 0x1d, 0x11]) + Self.value(0x04, names))))
        let content =
            Self.value(0xa0, [0x02, 0x01, 0x02]) + Self.value(0x02, [serial]) + algorithm + entity
            + Self.sequence(Self.time(days.lowerBound) + Self.time(days.upperBound)) + entity + Self.publicKey(key)
            + extensions
        let body = Self.sequence(content)
        let signature: [UInt8] =
            switch key {
            case .ed25519(let key): Array(try key.signature(for: body))
            case .p256(let key): Array(try key.signature(for: body).derRepresentation)
            }
        der = Self.sequence(body + algorithm + Self.value(0x03, [0] + signature))
    }

    /// SHA-256 of it, base64url (RFC 8705).
    var thumbprint: String { Base64.encode(Array(SHA256.hash(data: der)), .url) }

    var pem: String { Self.pem(der, "CERTIFICATE") }

    var privateKeyPEM: String {
        switch key {
        case .ed25519(let key):
            let seed = Self.value(0x04, Self.value(0x04, Array(key.rawRepresentation)))
            return Self.pem(
                Self.sequence([0x02, 0x01, 0x00] + Self.sequence(Self.object([0x2b, 0x65, 0x70])) + seed), "PRIVATE KEY"
            )
        case .p256(let key): return key.pemRepresentation
        }
    }

    private static func publicKey(_ key: Key) -> [UInt8] {
        switch key {
        case .ed25519(let key):
            sequence(
                sequence(object([0x2b, 0x65, 0x70])) + value(0x03, [0] + Array(key.publicKey.rawRepresentation)))
        case .p256(let key): Array(key.publicKey.derRepresentation)
        }
    }

    private static func time(_ days: Int) -> [UInt8] {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(secondsFromGMT: 0)
        form.dateFormat = "yyyyMMddHHmmss'Z'"
        return value(0x18, Array(form.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400)).utf8))
    }

    private static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }

    private static func object(_ content: [UInt8]) -> [UInt8] { value(0x06, content) }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)] : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
        return [tag] + length + content
    }

    private static func pem(_ der: [UInt8], _ title: String) -> String {
        "-----BEGIN \(title)-----\n\(Data(der).base64EncodedString(options: .lineLength64Characters))\n-----END \(title)-----\n"
    }
}
