internal import JSON
internal import Views

/// What a declaration has to do with a permit, for one item or as a whole.
public struct PermitUse: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// Named by the declaration, and not verified yet.
        case declared
        /// As its issuer has it, and to be written off.
        case matched
        /// Not as its issuer has it.
        case mismatched
        /// As its issuer has it, and not to be written off.
        case exempt
        case writtenOff
    }

    enum Verification: Sendable, Hashable {
        case none, match, mismatch, exempt
    }

    struct WriteOff: Sendable, Hashable {
        let id: String
        let agency: String
        let quantity: Int64
    }

    /// Its number.
    public let permit: String
    /// The item of the declaration; nil if none is named.
    public internal(set) var item: Int64?
    var verification = Verification.none
    var writeOffs: [WriteOff] = []

    init(_ permit: String, item: Int64? = nil) {
        self.permit = permit
        self.item = item
    }

    public var state: State {
        switch verification {
        case .mismatch: .mismatched
        case _ where !writeOffs.isEmpty: .writtenOff
        case .exempt: .exempt
        case .match: .matched
        case .none: .declared
        }
    }

    /// What was written off: the first counts.
    public var quantity: Int64? { writeOffs.first?.quantity }

    /// Whether nothing is to be done any more.
    public var isSettled: Bool { state == .writtenOff || state == .exempt }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("permit", permit)
            if let item { writer.member("item", item) }
            writer.member("state", state.rawValue)
            if let quantity { writer.member("quantity", quantity) }
        }
    }
}

extension [PermitUse] {
    /// Takes in that the declaration names a permit.
    mutating func declare(_ permit: String) {
        if !contains(where: { $0.permit == permit }) { append(PermitUse(permit)) }
    }

    /// Takes in a step about a permit; others change nothing.
    mutating func take(_ step: CaseStep) {
        switch step.event {
        case .permitVerified:
            guard let index = index(step) else { return }
            let isMatch = step.text("result") == "match"
            self[index].verification =
                !isMatch ? .mismatch : step["writeOff"] == .json([UInt8]("false".utf8)) ? .exempt : .match
        case .permitWrittenOff:
            guard let index = index(step) else { return }
            self[index].writeOffs.append(
                PermitUse.WriteOff(id: step.id, agency: step.agency, quantity: step["quantity"].integer ?? 0))
        case .recordCorrected:
            // Only what names the permit as well is in its account: or it would count there still.
            guard let id = step.text("event"), let permit = step.text("permit"), step.text("declaration") != nil
            else { return }
            for index in indices where self[index].permit.utf8.elementsEqual(permit.utf8) {
                self[index].writeOffs.removeAll { $0.id == id && $0.agency == step.agency }
            }
        default: break
        }
    }

    /// The use of the permit and item that a step names; what was named without an item becomes that of the first.
    private mutating func index(_ step: CaseStep) -> Int? {
        guard let permit = step.text("permit") else { return nil }
        let item = step["item"].integer
        if let found = firstIndex(where: { $0.permit == permit && $0.item == item }) { return found }
        if let found = firstIndex(where: { $0.permit == permit && $0.item == nil }) {
            self[found].item = item
            return found
        }
        append(PermitUse(permit, item: item))
        return count - 1
    }
}
