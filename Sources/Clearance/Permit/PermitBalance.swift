public import EventLog
public import JSON
internal import Views

/// What a permit was issued for, what was written off, and what is left, as one reader may know it.
public struct PermitBalance: CaseFile {
    /// A quantity that was written off for an item of a declaration.
    public struct WriteOff: Sendable, Hashable, NamedByOthers {
        public enum State: String, Sendable, Hashable {
            case counted
            /// There is an earlier one for the same item that counts.
            case repeated
            /// Its agency has corrected it.
            case reversed
        }

        public let id: String
        public let source: String
        public let agency: String
        public let declaration: String
        public let item: Int64
        public let quantity: Int64
        public let position: Position
        public internal(set) var state: State
    }

    public static let kinds = ["permit"]

    public let object: String
    public private(set) var steps: [CaseStep] = []
    private var account = PermitAccount()

    public init(object: String) {
        self.object = object
    }

    /// The step that issued it, or changed its quantity last.
    public var issue: CaseStep? { account.issue }

    public var writeOffs: [WriteOff] { account.writeOffs }

    /// The quantity it was issued for; nil if none is known.
    public var issued: Int64? { account.issued }

    public var unit: String? { account.text("unit") }

    /// What is written off, each item once. At the ends of what can be counted it stays there.
    public var used: Int64 { account.used }

    /// What is left; below zero if more was written off than issued. Nil if it has no quantity that is known.
    public var left: Int64? { account.left }

    public var isExceeded: Bool { (left ?? 0) < 0 }

    /// The agencies that have issued it where they are several: then nobody can tell whose permit is meant, nothing of it is
    /// known, and nothing can be written off.
    public var rivals: [String] { account.rivals.map(\.agency).reduce(into: []) { $0.add($1) } }

    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        // An event of another permit may name this one as well: it takes nothing from it.
        let permit = step.text("permit")
        guard permit.map({ object.isSame(as: "permit:" + $0) }) ?? false else { return }
        account.take(step)
    }

    public func writeState(to writer: inout JSONWriter) {
        if rivals.isEmpty {
            writer.member("kind", ifAny: issue?.text("kind"))
            writer.member("holder", ifAny: issue?.text("holder"))
        } else {
            writer.list("rivals", rivals)
        }
        writer.member("unit", ifAny: unit)
        if let issued { writer.member("issued", issued) }
        if let left { writer.member("left", left) }
        writer.member("isExceeded", isExceeded)
        writer.list("writeOffs", writeOffs) { writeOff, writer in
            writer.object { writer in
                writer.member("declaration", writeOff.declaration)
                writer.member("item", writeOff.item)
                writer.member("quantity", writeOff.quantity)
                writer.member("position", Int64(writeOff.position))
                writer.member("state", writeOff.state.rawValue)
            }
        }
    }
}
