public import EventLog
public import Exchange
public import Views

/// The case files of a ledger: one view, of which each reader is given what it may see.
///
/// ```swift
/// let cases = try CaseFiles(in: keeper)
/// let declaration = try await cases.read(DeclarationCase.self, of: "declaration:220020261000000017", for: customs)
/// ```
public struct CaseFiles: Sendable {
    /// The view they are read from.
    public static let definition = ViewDefinition(
        name: "cases", version: 3, query: CaseMapping.query, map: { entry, facts in CaseMapping.map(entry, &facts) })

    public let runner: ViewRunner

    /// Opens the view, and begins to bring it on.
    ///
    /// - Throws: ``ViewError``, as ``ViewKeeper/open(_:)-(ViewDefinition)``.
    public init(in keeper: ViewKeeper) throws(ViewError) {
        runner = try keeper.open(Self.definition)
    }

    /// Those of a view that is open already.
    public init(_ runner: ViewRunner) {
        self.runner = runner
    }

    /// The file of an object, of what a reader sees of it. Classified values it is given are in the access log before this
    /// returns.
    ///
    /// - Parameters: As ``ViewRunner/facts(of:for:asOf:at:)``.
    /// - Throws: ``ViewError``.
    /// - Complexity: As reading the facts; O(*n*) in them.
    public func read<File: CaseFile>(
        _ kind: File.Type = File.self, of object: String, for reader: Reader, asOf earlier: Timestamp? = nil,
        at position: Position? = nil
    ) async throws(ViewError) -> File {
        let facts = try await runner.facts(of: object, for: reader, asOf: earlier, at: position)
        return File.view.state(of: object, from: facts)
    }

    /// The file of a declaration with the holds on its containers, as ``DeclarationCase/releaseDecision()`` wants it. Of the
    /// containers nothing else is read, and nothing that is classified.
    ///
    /// - Parameters, Throws: As ``read(_:of:for:asOf:at:)``.
    public func declaration(
        _ object: String, for reader: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil
    ) async throws(ViewError) -> DeclarationCase {
        var file = try await read(DeclarationCase.self, of: object, for: reader, asOf: earlier, at: position)
        var containers: [ContainerCase] = []
        for container in file.containers.map({ "container:" + $0 }) {
            let facts = try await runner.facts(
                of: container, for: reader, asOf: earlier, at: position, only: Self.holds)
            containers.append(ContainerCase.view.state(of: container, from: facts))
        }
        file.consider(containers)
        return file
    }

    /// What is read of holds: not why they were placed, nor by whom.
    private static let holds = values(of: [.holdPlaced, .holdLifted]) { !["reason", "officer"].contains($0) }

    /// Which values of facts are read of some events, so that nothing else is opened: id, time, source and some fields.
    static func values(
        of events: [CaseEvent], where isWanted: (_ name: String) -> Bool
    ) -> [UInt8: Set<Int>] {
        Dictionary(
            uniqueKeysWithValues: events.map { event in
                let vocabulary = CaseVocabulary.of(event)
                let before = vocabulary.fields.count - vocabulary.names.count
                let fields = vocabulary.names.indices.filter { isWanted(vocabulary.names[$0]) }
                return (event.rawValue, Set((0..<before) + fields.map { before + $0 }))
            })
    }
}
