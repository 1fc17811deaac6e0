public import EventLog
public import JSON
internal import Views

/// Whether the port's one release of a declaration may be completed, and if not, what is missing.
public struct ReleaseDecision: Sendable, Hashable {
    /// One thing that is missing.
    public struct Gap: Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, Hashable {
            /// Nothing says what it declares: it was lodged under another name, or not at all.
            case lodgement
            /// It was not accepted.
            case acceptance
            /// It was withdrawn.
            case withdrawal
            /// An agency has not released yet, or has refused.
            case agency, refusal
            case hold, permit, duty
        }

        public let kind: Kind
        /// The agency, the id of the hold, the number of the permit, the bill.
        public let what: String
        /// What is missing, in words.
        public let text: String
        /// Where that stands by which it is missing.
        public let position: Position?

        public var description: String { text }
    }

    /// Whether it is complete already: there is one release of a declaration.
    public let isReleased: Bool
    /// What stands against it, as far as the reader of the file may know.
    public let missing: [Gap]

    public var mayBeReleased: Bool { !isReleased && missing.isEmpty }

    /// Writes it as docs/case-files.md says.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("mayBeReleased", mayBeReleased)
            writer.member("isReleased", isReleased)
            writer.list("missing", missing) { gap, writer in
                writer.object { writer in
                    writer.member("kind", gap.kind.rawValue)
                    writer.member("what", gap.what)
                    writer.member("text", gap.text)
                    if let position = gap.position { writer.member("position", Int64(position)) }
                }
            }
        }
    }
}

extension DeclarationCase {
    /// Whether the release may be completed. A function of the file alone; holds of its containers count if it was told to
    /// ``consider(_:)`` them.
    ///
    /// - Complexity: O(*n*) in what the file holds.
    public func releaseDecision() -> ReleaseDecision {
        var missing: [ReleaseDecision.Gap] = []
        func miss(
            _ kind: ReleaseDecision.Gap.Kind, _ what: String, _ text: String, at position: Position? = nil
        ) {
            missing.append(ReleaseDecision.Gap(kind: kind, what: what, text: text, position: position))
        }
        if lodgement == nil {
            miss(.lodgement, object, "Nothing says what it declares: no declaration.lodged names it.")
        }
        switch status {
        case .withdrawn: miss(.withdrawal, object, "The declaration was withdrawn.")
        case .rejected: miss(.acceptance, object, "The declaration was rejected, and not lodged again.")
        case .unknown, .lodged: miss(.acceptance, object, "The declaration has not been accepted.")
        case .departed where accepted == nil:
            miss(.acceptance, object, "The goods have left, and the declaration has not been accepted.")
        case .accepted, .released, .cleared, .departed: break
        }
        for requirement in requirements where !requirement.isMet {
            let (agency, since) = (requirement.agency, "\(requirement.because) at \(requirement.since)")
            if requirement.state == .refused {
                miss(.refusal, agency, "\(agency) has refused (\(since)).", at: requirement.since)
            } else {
                miss(.agency, agency, "\(agency) has not released (\(since)).", at: requirement.since)
            }
        }
        for (hold, place) in holds.active.map({ ($0, "") }) + containerHolds.map({ ($0.hold, " on \($0.container)") }) {
            let basis = hold.legalBasis.map { " by \($0)" } ?? ""
            miss(
                .hold, hold.id, "\(hold.agency) holds it\(basis)\(place) (hold \(hold.id), placed at \(hold.placed)).",
                at: hold.placed)
        }
        for use in permits where !use.isSettled {
            let item = use.item.map { " for item \($0)" } ?? ""
            let words =
                switch use.state {
                case .mismatched: "does not match its issuer's record"
                case .matched: "is not written off"
                default: "has not been verified"
                }
            miss(.permit, use.permit, "Permit \(use.permit) \(words)\(item).")
        }
        for obligation in obligations where obligation.kind == .duty && obligation.state == .open {
            let bill = obligation.reference.isEmpty ? "Duty" : "Duty of bill \(obligation.reference)"
            miss(
                .duty, obligation.reference,
                "\(bill) is neither paid nor guaranteed (assessed at \(obligation.since)).",
                at: obligation.since)
        }
        return ReleaseDecision(isReleased: released != nil, missing: missing)
    }

    /// The data of the event `release.completed` that says that all have released: whom it was for to say so, and when
    /// the clock began.
    public var releaseData: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            let number = lodgement?.text("declaration") ?? String(object.drop { $0 != ":" }.dropFirst())
            writer.member("declaration", number)
            writer.member("localReference", ifAny: lodgement?.text("localReference"))
            let met = requirements.filter(\.isMet)
            writer.list("grants", met.compactMap(\.settledBy).filter { (1...128).contains($0.count) })
            writer.list("agencies", met.map(\.agency))
            writer.member("port", ifAny: lodgement?.text("port"))
            writer.member("flow", ifAny: lodgement?.text("flow"))
            writer.member("arrivedAt", ifAny: arrived?.at.description)
            writer.member("lodgedAt", ifAny: lodged?.at.description)
        }
        return writer.bytes
    }
}
