public import JSON
import Transparency

/// A signature of an agency under a charter event.
public struct CharterSignature: Sendable, Hashable {
    /// The id of the key.
    public let key: String
    /// The 64 bytes of the Ed25519 signature.
    public let bytes: [UInt8]

    public init(key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["key", "signature"])
        key = try object.text("key", .code)
        bytes = try object.bytes("signature", count: 64)
    }

    /// Reads the member `signatures`; none if it is absent.
    static func list(of object: CharterObject) throws(ExchangeError) -> [CharterSignature] {
        var signatures: [CharterSignature] = []
        var keys: Set<CharterPartName> = []
        for (element, pointer) in try object.elements("signatures", atMost: CharterLimits.signatures) {
            let signature = try CharterSignature(element, at: pointer)
            guard keys.insert(CharterPartName(signature.key)).inserted else {
                throw CharterObject.malformed(pointer, "repeats the key “\(signature.key)”: a key signs once")
            }
            signatures.append(signature)
        }
        return signatures
    }

    /// The data of a charter event with signatures added to those it has.
    ///
    /// - Parameter data: An object.
    /// - Returns: Its members in their order, `signatures` last.
    public static func adding(_ signatures: [CharterSignature], to data: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in data.members where key != "signatures" {
                writer.key(key)
                writer.raw(value.text)
            }
            writer.key("signatures")
            writer.array { writer in
                for signature in data["signatures"]?.elements ?? [] { writer.raw(signature.text) }
                for signature in signatures {
                    writer.object {
                        $0.member("key", signature.key)
                        $0.member("signature", Base64.encode(signature.bytes))
                    }
                }
            }
        }
        return writer.bytes
    }
}
