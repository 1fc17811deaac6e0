internal import EventLog
public import JSON
internal import Views

/// The credit file of an enterprise, a conveyance or a person on a day (企业信用, S17, S18, S50).
public struct CreditBoard: Board {
    public static let kind = BoardKind.credit

    public let object: String
    /// All ratings, AEO statuses and registrations that were given.
    public private(set) var rated: [BoardStep] = []
    public private(set) var violations: [BoardStep] = []
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
    }

    public var isEmpty: Bool { rated.isEmpty && violations.isEmpty }

    public mutating func take(_ step: BoardStep) {
        switch step.type {
        case "credit.rated": rated.append(step)
        case "violation.recorded": violations.append(step)
        default: break
        }
    }

    /// Of each scheme and issuer what is valid on the day: the last that had begun by then, if it has not ended.
    public var valid: [BoardStep] {
        rated.filter { step in
            guard hasBegun(step) else { return false }
            let isReplaced = rated.contains {
                $0.position > step.position && $0.isOf(step.agency) && $0.text("scheme") == step.text("scheme")
                    && hasBegun($0)
            }
            return !isReplaced && step.text("until").map { time.day <= $0 } ?? true
        }
    }

    private func hasBegun(_ step: BoardStep) -> Bool {
        (step.text("from") ?? PortRules.day(of: step.recorded)) <= time.day
    }

    /// The schemes in which issuers disagree on the day. None should be.
    public var divergent: [String] {
        var classes: [String: Set<String>] = [:]
        for step in valid {
            guard let scheme = step.text("scheme"), let rating = step.text("rating") else { continue }
            classes[scheme, default: []].insert(rating)
        }
        return classes.filter { $0.value.count > 1 }.keys.sorted()
    }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("on", time.day)
        let (valid, divergent) = (valid, divergent)
        writer.member("name", ifAny: rated.last { $0.text("name") != nil }?.text("name"))
        func isRegistration(_ step: BoardStep) -> Bool { step.text("kind") == "registration" }
        for (name, steps) in [
            ("ratings", valid.filter { !isRegistration($0) }), ("registrations", valid.filter(isRegistration)),
        ] {
            writer.list(name, steps) { step, writer in
                writer.object { writer in
                    step.write(
                        ["kind", "scheme", "rating", "from", "until", "cause", "country", "inputs", "person"],
                        to: &writer)
                    if let scheme = step.text("scheme"), divergent.contains(scheme) {
                        writer.member("isDivergent", true)
                    }
                }
            }
        }
        writer.list("divergent", divergent)
        writer.list("violations", violations) { step, writer in
            writer.object {
                step.write(["declaration", "published", "kind", "severity", "penalty", "person"], to: &$0)
            }
        }
        writer.member("published", Int64(violations.count { $0["published"].value?.bool ?? false }))
    }
}
