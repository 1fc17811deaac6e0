public import EventLog
public import JSON
internal import Views

/// What a permit was issued for, what was written off, and what is left, as one reader may know it.
public struct PermitBalance: CaseFile {
    /// A quantity that was written off for an item of a declaration.
    public struct WriteOff: Sendable, Hashable {
        public enum State: String, Sendable, Hashable {
            case counted
            /// There is an earlier one for the same item that counts.
            case repeated
            /// Its agency has corrected it.
            case reversed
        }

        public let id: String
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
    /// The step that issued it, or changed its quantity last.
    public private(set) var issue: CaseStep?
    public private(set) var writeOffs: [WriteOff] = []

    public init(object: String) {
        self.object = object
    }

    /// The quantity it was issued for; nil if none is known.
    public var issued: Int64? { issue?["quantity"].integer }

    public var unit: String? { issue?.text("unit") }

    /// What is written off, each item once. At the ends of what can be counted it stays there.
    public var used: Int64 {
        writeOffs.reduce(0) { sum, writeOff in
            guard writeOff.state == .counted else { return sum }
            let (result, isOverflow) = sum.addingReportingOverflow(writeOff.quantity)
            return isOverflow ? .max : result
        }
    }

    /// What is left; below zero if more was written off than issued. Nil if it has no quantity that is known.
    public var left: Int64? { issued.map { $0 - used } }

    public var isExceeded: Bool { (left ?? 0) < 0 }

    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        switch step.event {
        case .permitIssued:
            if issue == nil || issue?.agency == step.agency { issue = step }
        case .permitWrittenOff:
            guard let declaration = step.text("declaration") else { return }
            writeOffs.append(
                WriteOff(
                    id: step.id, agency: step.agency, declaration: declaration, item: step["item"].integer ?? 0,
                    quantity: step["quantity"].integer ?? 0, position: step.position, state: .counted))
            count()
        case .recordCorrected:
            guard let id = step.text("event") else { return }
            for index in writeOffs.indices where writeOffs[index].id == id && writeOffs[index].agency == step.agency {
                writeOffs[index].state = .reversed
            }
            count()
        default: break
        }
    }

    /// Lets the first of each item that was not reversed count.
    private mutating func count() {
        struct Item: Hashable {
            let declaration: String
            let item: Int64
        }
        var counted: Set<Item> = []
        for index in writeOffs.indices where writeOffs[index].state != .reversed {
            let item = Item(declaration: writeOffs[index].declaration, item: writeOffs[index].item)
            writeOffs[index].state = counted.insert(item).inserted ? .counted : .repeated
        }
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("kind", ifAny: issue?.text("kind"))
        writer.member("holder", ifAny: issue?.text("holder"))
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
