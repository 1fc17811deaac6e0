internal import JSON
internal import Transparency

/// The one record of a key store that is about all of it.
struct KeyStoreState: Hashable, Sendable {
    private static let format: Int64 = 1

    /// How many keys have been made.
    var count: UInt64 = 0
    var fences = FenceState()
    /// Whether keys were destroyed under the wrapping key in use.
    var needsRotation = false
    /// The key that wraps the others, wrapped.
    var keyKey: [UInt8]
    /// What subjects are blinded with and numbers masked, wrapped under that.
    var secret: [UInt8]

    init(keyKey: [UInt8], secret: [UInt8]) {
        self.keyKey = keyKey
        self.secret = secret
    }

    init(_ bytes: [UInt8]) throws(ExchangeError) {
        guard let root = try? JSONDocument(parsing: bytes).root, let format = root["format"]?.integer else {
            throw Self.damaged
        }
        guard format == Self.format else {
            throw ExchangeError(.keyDamaged, "The keys have format \(format), which this program does not know.")
        }
        guard let count = root["count"]?.integer, count >= 0, let seen = root["seen"]?.integer, seen >= 0,
            let needsRotation = root["needsRotation"]?.bool,
            let keyKey = root["keyKey"]?.string.flatMap({ Base64.decode($0) }),
            let secret = root["secret"]?.string.flatMap({ Base64.decode($0) })
        else { throw Self.damaged }
        self.count = UInt64(count)
        self.needsRotation = needsRotation
        self.keyKey = keyKey
        self.secret = secret
        fences.seen = UInt64(seen)
        guard let noted = root["noted"] else { return }
        guard let number = noted["number"]?.integer, number > 0,
            let subject = noted["subject"]?.string.flatMap({ Base64.decode($0) })
        else { throw Self.damaged }
        fences.noted = ErasureFence(number: UInt64(number), subject: subject)
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", Self.format)
            writer.member("count", Int64(count))
            writer.member("seen", Int64(fences.seen))
            if let noted = fences.noted {
                writer.key("noted")
                writer.object { writer in
                    writer.member("number", Int64(noted.number))
                    writer.member("subject", Base64.encode(noted.subject))
                }
            }
            writer.key("needsRotation")
            writer.bool(needsRotation)
            writer.member("keyKey", Base64.encode(keyKey))
            writer.member("secret", Base64.encode(secret))
        }
        return writer.bytes
    }

    private static var damaged: ExchangeError {
        ExchangeError(.keyDamaged, "The key store's state is damaged. Restore the keys from a backup.")
    }
}
