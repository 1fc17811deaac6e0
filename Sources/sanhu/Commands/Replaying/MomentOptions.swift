import ArgumentParser
import Audit

/// As of when something is asked: as known, and as true.
struct MomentOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "As known then: below this position, or recorded by this time; by the rules and grants of then.")
    var known: String?

    @Option(
        name: .customLong("true"),
        help: "As true at this time: what had happened by then, without what was taken back since.")
    var truth: String?

    /// Whether any was said.
    var isGiven: Bool { known != nil || truth != nil }

    var moment: Moment {
        get throws {
            do throws(ReplayError) {
                return try Moment(known: known, true: truth)
            } catch {
                throw ValidationError(error.reason)
            }
        }
    }

    /// As a server is asked.
    var parameters: [(String, String?)] { [("known", known), ("true", truth)] }

    /// Refuses what goes with neither, and a text that is no moment.
    func validate(at position: UInt64?, asOf time: String?) throws {
        guard isGiven else { return }
        guard position == nil, time == nil else {
            throw ValidationError("--known and --true take the place of --at and --as-of.")
        }
        _ = try moment
    }
}
