/// Which witnesses are known, and how many of which must have cosigned a checkpoint.
///
/// Source: C2SP tlog-policy. A group is witnessed when *k* of its members are; a member is a witness or a group that was
/// defined before it, and belongs to one group at the most, so that each witness counts once.
public struct WitnessPolicy: Hashable, Sendable {
    /// The most of each that a policy may have. A note holds 64 signatures, the log's among them.
    public static let maximumLogs = 64
    public static let maximumWitnesses = 63
    public static let maximumGroups = 64
    /// The most bytes of a policy as it is written.
    public static let maximumBytes = 64 << 10

    /// A log whose checkpoints are accepted.
    public struct Log: Hashable, Sendable {
        public let verifier: NoteVerifier
        public let url: String?

        public init(_ verifier: NoteVerifier, url: String? = nil) {
            (self.verifier, self.url) = (verifier, url)
        }
    }

    /// A witness, by the name that it has in this policy.
    public struct Witness: Hashable, Sendable {
        public let name: String
        public let verifier: CosignatureVerifier
        public let url: String?

        public init(_ name: String, _ verifier: CosignatureVerifier, url: String? = nil) {
            (self.name, self.verifier, self.url) = (name, verifier, url)
        }
    }

    /// Some witnesses and groups, and how many of them must have cosigned.
    public struct Group: Hashable, Sendable {
        public let name: String
        public let threshold: Int
        public let members: [String]

        public init(_ name: String, _ threshold: Int, of members: [String]) {
            (self.name, self.threshold, self.members) = (name, threshold, members)
        }
    }

    public private(set) var logs: [Log] = []
    public private(set) var witnesses: [Witness] = []
    public private(set) var groups: [Group] = []
    /// The witness or group that must have cosigned; nil if none must.
    public private(set) var quorum: String?
    /// The names that are taken, by their bytes: what looks alike is not the same.
    private var names: [[UInt8]: Bool] = [:]

    /// - Throws: ``NoteError`` with code `.malformedPolicy` if a name is not defined before it is used, defined twice, or in
    ///   two groups; if a key is there twice; if a group needs more members than it has; if there is too much of anything.
    public init(
        logs: [Log] = [], witnesses: [Witness], groups: [Group] = [], quorum: String?
    ) throws(NoteError) {
        for log in logs { try add(log) }
        for witness in witnesses { try add(witness) }
        for group in groups { try add(group) }
        try require(quorum)
    }

    /// A policy without anything, to be added to.
    init() {}

    mutating func add(_ log: Log) throws(NoteError) {
        guard logs.count < Self.maximumLogs else {
            throw Self.malformed("There are more than \(Self.maximumLogs) logs.")
        }
        guard logs.allSatisfy({ $0.verifier.publicKey != log.verifier.publicKey }) else {
            throw Self.malformed("The key of “\(log.verifier.name)” is there twice.")
        }
        try Self.check(log.url)
        logs.append(log)
    }

    mutating func add(_ witness: Witness) throws(NoteError) {
        guard witnesses.count < Self.maximumWitnesses else {
            throw Self.malformed("There are more than \(Self.maximumWitnesses) witnesses.")
        }
        guard witnesses.allSatisfy({ $0.verifier.publicKey != witness.verifier.publicKey }) else {
            throw Self.malformed("The key of “\(witness.name)” is another witness's, too. Each has a key of its own.")
        }
        try Self.check(witness.url)
        try define(witness.name)
        witnesses.append(witness)
    }

    mutating func add(_ group: Group) throws(NoteError) {
        guard groups.count < Self.maximumGroups else {
            throw Self.malformed("There are more than \(Self.maximumGroups) groups.")
        }
        guard group.threshold >= 1, group.threshold <= group.members.count else {
            throw Self.malformed(
                "“\(group.name)” needs \(group.threshold) of its \(group.members.count) members: write 1 to "
                    + "\(group.members.count), any or all.")
        }
        for member in group.members {
            switch names[Array(member.utf8)] {
            case nil: throw Self.malformed("“\(member)” in the group “\(group.name)” is not defined before it.")
            case true?: throw Self.malformed("“\(member)” is a member twice: each belongs to one group.")
            case false?: names[Array(member.utf8)] = true
            }
        }
        try define(group.name)
        groups.append(group)
    }

    mutating func require(_ name: String?) throws(NoteError) {
        if let name, names[Array(name.utf8)] == nil {
            throw Self.malformed("“\(name)” must have cosigned, but is not defined before that.")
        }
        quorum = name
    }

    private mutating func define(_ name: String) throws(NoteError) {
        let bytes = Array(name.utf8)
        guard !bytes.isEmpty, bytes.count <= 255, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), name != "none" else {
            throw Self.malformed("“\(name.prefix(80))” can name no witness and no group.")
        }
        guard names[bytes] == nil else { throw Self.malformed("“\(name)” is defined twice.") }
        names[bytes] = false
    }

    private static func check(_ url: String?) throws(NoteError) {
        guard let url else { return }
        guard !url.isEmpty, url.utf8.count <= 2_048, url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw malformed("“\(url.prefix(80))” is no address.")
        }
    }

    static func malformed(_ reason: String) -> NoteError { NoteError(.malformedPolicy, reason) }

    /// Whether the policy is for a log: one that names none is for all.
    public func accepts(_ log: NoteVerifier) -> Bool {
        logs.isEmpty || logs.contains { $0.verifier == log }
    }
}
