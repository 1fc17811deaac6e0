public import EventLog
public import Exchange
public import Views

/// The file of an object as it was true at a time, beside the file as it was known at that time.
public struct TrueCase: Sendable {
    /// As it was true: of what is known, what had happened by then, each event at its own time, without what was taken back.
    public let file: any CaseFile
    /// As it was known: what was recorded by then.
    public let known: any CaseFile
    /// What counts, and by which events the two differ.
    public let account: TrueAccount
}

extension CaseFiles {
    /// The file of an object as it was true at a time; nil if there are no files of its kind.
    ///
    /// - Parameters:
    ///   - time: Only what had happened by then counts: an event that does not say when it happened did so when it was recorded.
    ///   - others: As of ``read(_:of:for:asOf:at:)``: what is known, and by whom.
    /// - Throws: ``ViewError``.
    /// - Complexity: As reading the facts; O(*n* log *n*) in them, and O(*n*) for each correction.
    public func file(
        of object: String, for reader: Reader, trueAt time: Timestamp, asOf earlier: Timestamp? = nil,
        at position: Position? = nil
    ) async throws(ViewError) -> TrueCase? {
        let facts = try await runner.facts(of: object, for: reader, asOf: earlier, at: position)
        switch object.prefix(while: { $0 != ":" }) {
        case "container": return Self.truth(ContainerCase.self, object, facts, time)
        case "enterprise": return Self.truth(EnterpriseCase.self, object, facts, time)
        case "permit": return Self.truth(PermitBalance.self, object, facts, time)
        case let kind where DeclarationCase.kinds.contains(String(kind)):
            var (file, known, account) = Self.folded(DeclarationCase.self, object, facts, time)
            var (holds, knownHolds): ([ContainerCase], [ContainerCase]) = ([], [])
            for container in Set(file.containers + known.containers).sorted().map({ "container:" + $0 }) {
                let facts = try await runner.facts(
                    of: container, for: reader, asOf: earlier, at: position, only: Self.holdsAndCorrections)
                let folded = Self.folded(ContainerCase.self, container, facts, time)
                holds.append(folded.file)
                knownHolds.append(folded.known)
            }
            file.consider(holds.filter { file.containers.map { "container:" + $0 }.contains($0.object) })
            known.consider(knownHolds.filter { known.containers.map { "container:" + $0 }.contains($0.object) })
            file.expire(at: time)
            known.expire(at: time)
            return TrueCase(file: file, known: known, account: account)
        default: return nil
        }
    }

    private static let holdsAndCorrections = values(of: [.holdPlaced, .holdLifted, .recordCorrected]) {
        !["reason", "officer"].contains($0)
    }

    private static func truth<File: CaseFile>(
        _ kind: File.Type, _ object: String, _ facts: [Fact], _ time: Timestamp
    ) -> TrueCase {
        let (file, known, account) = folded(kind, object, facts, time)
        return TrueCase(file: file, known: known, account: account)
    }

    private static func folded<File: CaseFile>(
        _ kind: File.Type, _ object: String, _ facts: [Fact], _ time: Timestamp
    ) -> (file: File, known: File, account: TrueAccount) {
        let account = account(of: object, facts, at: time)
        // What more belongs to an object is told by facts of the same entry.
        let file = File.view.state(of: object, from: account.ordered(facts) { $0.position })
        let known = File.view.state(of: object, from: facts.filter { $0.recorded <= time })
        return (file, known, account)
    }

    /// What facts about an object come to at a time.
    static func account(of object: String, _ facts: [Fact], at time: Timestamp) -> TrueAccount {
        var events: [Position: Happening] = [:]
        for step in facts.compactMap({ CaseStep($0, of: object) }) { events[step.position] = Happening(step) }
        return TrueAccount(of: Array(events.values), at: time)
    }
}
