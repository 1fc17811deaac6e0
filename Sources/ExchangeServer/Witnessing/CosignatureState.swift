internal import EventLog
internal import JSON
internal import Transparency

/// The checkpoints of a ledger that witnesses have cosigned: the latest that enough of them did, and those that are on their way.
struct CosignatureState: Sendable {
    /// The most checkpoints that are on their way.
    static let maximumGathering = 8

    /// A checkpoint, with what the policy finds of its cosignatures whatever their age.
    struct Cosigned: Sendable {
        let note: SignedNote
        let size: UInt64
        let count: Int
        let isSatisfied: Bool
    }

    /// The best there is: the largest that satisfies the policy, else the one that most have cosigned.
    private(set) var best: Cosigned?
    /// Others, larger than the best or with as much of a chance.
    private(set) var gathering: [Cosigned] = []

    var all: [Cosigned] { (best.map { [$0] } ?? []) + gathering }

    /// What is known of a checkpoint with a text.
    func known(_ text: String) -> Cosigned? { all.first { $0.note.text == text } }

    /// Takes a checkpoint in, in place of what was known of it.
    mutating func take(_ new: Cosigned) {
        var others = all.filter { $0.note.text != new.note.text } + [new]
        best = others.max { Self.isLess($0, $1) }
        others.removeAll { $0.note.text == best?.note.text }
        // What is smaller than a satisfied one is of no use to anybody.
        if let best, best.isSatisfied { others.removeAll { $0.size <= best.size } }
        gathering = Array(others.sorted { ($0.count, $0.size) > ($1.count, $1.size) }.prefix(Self.maximumGathering))
    }

    private static func isLess(_ left: Cosigned, _ right: Cosigned) -> Bool {
        guard left.isSatisfied == right.isSatisfied else { return right.isSatisfied }
        return left.isSatisfied ? left.size < right.size : (left.count, left.size) < (right.count, right.size)
    }

    // MARK: The file

    init() {}

    /// Reads it: cosignatures of witnesses that the policy does not name any more are left out.
    ///
    /// - Throws: ``ServerFault`` with code `.foreignState` if it is of another ledger, or damaged.
    init(_ bytes: [UInt8], at path: String, key: NoteVerifier, policy: WitnessPolicy) throws(ServerFault) {
        guard let root = try? JSONDocument(parsing: bytes).root, let elements = root["checkpoints"]?.elements else {
            throw Self.fault(path, "it is damaged")
        }
        for element in elements {
            guard let note = try? SignedNote(element.string ?? ""),
                let checkpoint = try? Checkpoint(note, verifiedBy: key)
            else { throw Self.fault(path, "a checkpoint in it is not signed with the ledger's key") }
            if let cosigned = Self.cosigned(note, checkpoint.size, key, policy) { take(cosigned) }
        }
    }

    private static func fault(_ path: String, _ reason: String) -> ServerFault {
        ServerFault(.foreignState, "\(path) cannot be used: \(reason). Remove it: witnesses cosign again.")
    }

    /// A note with the log's line and the newest of each witness of the policy; nil if there is none.
    static func cosigned(
        _ note: SignedNote, _ size: UInt64, _ key: NoteVerifier, _ policy: WitnessPolicy
    ) -> Cosigned? {
        let newest = policy.witnesses.compactMap { witness in
            note.signatures.compactMap { line in witness.verifier.cosignature(line, of: note.text).map { (line, $0) } }
                .max { $0.1.time < $1.1.time }?.0
        }
        guard !newest.isEmpty else { return nil }
        let kept = note.keeping { newest.contains($0) || ($0.name == key.name && $0.id == key.id) }
        let verdict = policy.verdict(on: kept, now: .max)
        return Cosigned(note: kept, size: size, count: verdict.count, isSatisfied: verdict.isSatisfied)
    }

    var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("checkpoints")
            json.array { json in for one in all { json.string(one.note.description) } }
        }
        json.endLine()
        return json.bytes
    }
}
