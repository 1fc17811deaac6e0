internal import Crypto
internal import EventLog
internal import JSON

/// Where a read in pages goes on, and what it may rely on.
///
/// It gives no right. Each page is decided by what holds when it is read, as if it were the first; the cursor only adds on what
/// the pages before relied, and if that has ended, there is no next page. Who forges one can skip entries, or spare itself
/// being told, and sees no more than by a new read. So it is not signed, and the ledger keeps nothing of it.
public struct PageCursor: Sendable, Hashable {
    /// The positions that are still to be read: from the first on, up to and without the end; nil: as far as the log goes.
    let from: Position
    let to: Position?
    /// Which read it continues.
    let read: [UInt8]
    /// When that began.
    let began: Timestamp
    let relied: ReliedTerms

    init(from: Position, to: Position?, read: [UInt8], began: Timestamp, relied: ReliedTerms) {
        self.from = from
        self.to = to
        self.read = read
        self.began = began
        self.relied = relied
    }

    /// What a read is known by: the first 16 bytes of a SHA-256 over all that it asks for, its positions apart.
    static func name(
        _ query: Query, for reader: Reader, asOf earlier: Timestamp?, isBackwards: Bool
    ) -> [UInt8] {
        var json = JSONWriter()
        json.array { json in
            for item in query.items {
                json.array { json in
                    json.array { json in for type in item.types { json.string(type) } }
                    json.array { json in for tag in item.tags { json.string(tag.text) } }
                }
            }
            json.object { json in
                json.member("kind", reader.kind.rawValue)
                if let agency = reader.agency { json.member("agency", agency) }
                if let role = reader.role { json.member("role", role) }
                if let purpose = reader.purpose { json.member("purpose", purpose) }
                if let caseName = reader.caseName { json.member("case", caseName) }
                if let earlier { json.member("asOf", earlier.description) }
                json.key("identities")
                json.array { json in for tag in reader.identities { json.string(tag.text) } }
                json.key("backwards")
                json.bool(isBackwards)
            }
        }
        return Array(SHA256.hash(data: json.bytes).prefix(nameBytes))
    }

    static let nameBytes = 16
}
