internal import EventLog
public import JSON
internal import LMDB
internal import Views

/// What stands against an object at the risk-control centre (风险布控, S41, S42, S53, S54): the flags of all agencies together, what intelligence
/// was shared about it, and the orders to inspect it, of which there should be one.
public struct RiskBoard: Board {
    public static let kind = BoardKind.risk

    /// A flag that an agency set.
    public struct Flag: Sendable, Hashable, NamedByOthers {
        public let step: BoardStep
        public internal(set) var cleared: BoardStep?

        var id: String { step.id }
        var source: String { step.source ?? "" }
        var agency: String { step.agency }
    }

    public enum FlagState: String, Sendable, Hashable {
        case standing, lifted, expired, hit
    }

    public let object: String
    public private(set) var flags: [Flag] = []
    public private(set) var intelligence: [BoardStep] = []
    /// What is inspected of the object.
    private var inspection: InspectionBoard
    /// The orders to inspect it that were not taken back.
    public var orders: [BoardStep] { inspection.orders.filter { !$0.isCancelledOrder } }
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
        inspection = InspectionBoard(object: object, at: time)
    }

    /// The name under which the view keeps what an agency says.
    static func object(of agency: Span<UInt8>) -> [UInt8] { Array("risk:".utf8) + agency.copied }

    /// The name under which it keeps what carries a tag, as the entry has it.
    static func object(tagged tag: Span<UInt8>) -> [UInt8] { Array("risk/".utf8) + tag.copied }

    /// The name under which it keeps what carries none.
    static let untagged = Array("risk/".utf8)

    public var isEmpty: Bool { flags.isEmpty && intelligence.isEmpty }

    public mutating func take(_ step: BoardStep) {
        switch step.type {
        case "risk.flagged": flags.append(Flag(step: step))
        case "risk.cleared":
            guard let id = step.text("flag") else { return }
            for index in flags.indices(named: id, in: nil, by: step.source, of: step.isOf) {
                flags[index].cleared = flags[index].cleared ?? step
            }
        case "intelligence.shared": intelligence.append(step)
        case let type where type.hasPrefix("inspection."): inspection.take(step)
        default: break
        }
    }

    /// Where a flag stands at the time of asking.
    public func state(of flag: Flag) -> FlagState {
        if let cleared = flag.cleared { return FlagState(rawValue: cleared.text("outcome") ?? "") ?? .lifted }
        let expires = flag.step.text("expires").flatMap { Timestamp($0) }
        return expires.map { $0 < time.time } ?? false ? .expired : .standing
    }

    public var standing: [Flag] { flags.filter { state(of: $0) == .standing } }

    /// The agencies that have a flag standing.
    public var agencies: [String] { Set(standing.map(\.agency)).sorted() }

    /// The objects that a step names and its reader may know, by tags.
    static func objects(of step: BoardStep) -> [String] {
        ["declaration", "container", "enterprise", "conveyance", "person"].compactMap { kind in
            step.text(kind).map { "\(kind):\($0)" }
        }
    }

    /// The boards of all objects that some steps are about; a step that clears a flag and names no object goes to where the flag is.
    ///
    /// - Parameter steps: In the order of positions.
    static func all(of steps: [BoardStep], at time: BoardTime) -> [RiskBoard] {
        var boards: [String: RiskBoard] = [:]
        // By the ids of flags, what they are about.
        var flagged: [String: Set<String>] = [:]
        for step in steps {
            // What is flagged may be withheld, and that there is a flag not.
            let objects = objects(of: step)
            if step.type == "risk.cleared" {
                let meant = step.text("flag").flatMap { flagged[$0] } ?? []
                for object in objects.isEmpty ? Array(meant) : objects + ["?"] { boards[object]?.take(step) }
                continue
            }
            for object in objects.isEmpty ? ["?"] : objects {
                boards[object, default: RiskBoard(object: object, at: time)].take(step)
                if step.type == "risk.flagged" { flagged[step.id, default: []].insert(object) }
            }
        }
        return boards.values.sorted { $0.object < $1.object }
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.list("agencies", agencies)
        writer.list("flags", flags) { flag, writer in
            writer.object { writer in
                writer.member("flag", flag.id)
                flag.step.write(["reasonClass", "action", "expires", "rule", "source", "cause", "person"], to: &writer)
                writer.member("state", state(of: flag).rawValue)
                if let cleared = flag.cleared {
                    writer.member("cleared", Int64(cleared.position))
                    cleared.write(fields: ["detail"], to: &writer)
                }
            }
        }
        writer.list("intelligence", intelligence) { step, writer in
            writer.object {
                step.write(["intelligence", "kind", "grading", "handling", "content", "person"], to: &$0)
            }
        }
        writer.list("orders", orders) { step, writer in
            writer.object { step.write(["order", "kind", "method", "cause", "place", "port"], to: &$0) }
        }
        // One order for each object, even if several agencies flag it.
        writer.member("isOrderedTwice", inspection.isOrderedTwice)
    }
}
