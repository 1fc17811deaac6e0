import Crypto
import Exchange
import JSON

/// A founding charter or an amendment, to be signed.
struct CharterEvent {
    private let root: JSONValue
    private let data: JSONValue
    private let isFounding: Bool

    /// - Returns: nil if it is neither, by its type, or has no data.
    init?(_ root: JSONValue) {
        let type = root["type"]?.string
        guard let data = root["data"], type == CharterFounding.type || type == CharterAmendment.type else { return nil }
        (self.root, self.data, isFounding) = (root, data, type == CharterFounding.type)
    }

    /// The event with signatures added to those it has, as compact JSON.
    ///
    /// - Parameter keys: By the ids that they have in the charter.
    func signed(by keys: [(id: String, key: Curve25519.Signing.PrivateKey)], origin: String) throws -> [UInt8] {
        let text =
            isFounding
            ? try CharterFounding(data).signedText(origin: origin)
            : try CharterAmendment(data).signedText(origin: origin)
        let signatures = try keys.map { id, key in
            CharterSignature(key: id, bytes: Array(try key.signature(for: text)))
        }
        let signed = CharterSignature.adding(signatures, to: data)
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in root.members {
                writer.key(name)
                writer.raw(name == "data" ? signed[...] : value.text)
            }
        }
        return writer.bytes
    }
}
