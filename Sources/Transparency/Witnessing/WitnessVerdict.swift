/// What a policy finds of the cosignatures under a checkpoint.
public struct WitnessVerdict: Hashable, Sendable {
    /// How a witness stands to a checkpoint.
    public enum Standing: Hashable, Sendable {
        /// It cosigned it, at a time in seconds since 1970.
        case cosigned(UInt64)
        /// It cosigned it, but longer ago than was asked for.
        case tooOld(UInt64)
        /// It cosigned it at a time that is still to come.
        case ahead(UInt64)
        /// There is a line of its key that does not verify.
        case wrong
        case missing

        /// Whether it counts.
        public var counts: Bool { if case .cosigned = self { true } else { false } }
    }

    /// One witness of the policy.
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let standing: Standing
    }

    /// All witnesses of the policy, in its order.
    public let entries: [Entry]
    /// Whether enough have cosigned.
    public let isSatisfied: Bool
    /// What is not enough: each group that lacks some, and the witnesses that it lacks; empty if it is.
    public let shortfalls: [String]

    /// How many witnesses count.
    public var count: Int { entries.count { $0.standing.counts } }

    /// What is lacking, in a sentence.
    public var reason: String {
        isSatisfied
            ? "Enough witnesses have cosigned."
            : "Not enough witnesses have cosigned: "
                + shortfalls.joined(separator: "; ") + "."
    }
}

extension WitnessPolicy {
    /// By how many seconds a witness's clock may be ahead.
    public static let clockSkew: UInt64 = 300

    /// Finds whether enough witnesses have cosigned a checkpoint. That the log has signed it is verified elsewhere.
    ///
    /// - Parameters:
    ///   - now: In seconds since 1970.
    ///   - maximumAge: How old a cosignature may be, in seconds; nil if age does not matter.
    /// - Complexity: A verification for each line of a known key: about 80 µs.
    public func verdict(on note: SignedNote, now: UInt64, maximumAge: UInt64? = nil) -> WitnessVerdict {
        let entries = witnesses.map { witness in
            WitnessVerdict.Entry(
                name: witness.name, standing: Self.standing(of: witness.verifier, in: note, now, maximumAge))
        }
        var reached: [[UInt8]: Bool] = [:]
        for entry in entries { reached[Array(entry.name.utf8)] = entry.standing.counts }
        // A group has its members before it.
        for group in groups {
            reached[Array(group.name.utf8)] = group.members.count { reached[Array($0.utf8)] == true } >= group.threshold
        }
        let isSatisfied = quorum.map { reached[Array($0.utf8)] == true } ?? true
        return WitnessVerdict(
            entries: entries, isSatisfied: isSatisfied, shortfalls: isSatisfied ? [] : shortfalls(entries, reached))
    }

    private static func standing(
        of key: CosignatureVerifier, in note: SignedNote, _ now: UInt64, _ maximumAge: UInt64?
    ) -> WitnessVerdict.Standing {
        let found = key.cosignatures(in: note)
        let (ahead, past) = (now.addingReportingOverflow(clockSkew), found.sound)
        let latest = ahead.overflow ? UInt64.max : ahead.partialValue
        guard let newest = past.first(where: { $0.time <= latest }) else {
            if let first = past.first { return .ahead(first.time) }
            return found.hasWrong ? .wrong : .missing
        }
        if let maximumAge, newest.time < now, now - newest.time > maximumAge { return .tooOld(newest.time) }
        return .cosigned(newest.time)
    }

    private func shortfalls(_ entries: [WitnessVerdict.Entry], _ reached: [[UInt8]: Bool]) -> [String] {
        guard let quorum else { return [] }
        var texts: [String] = []
        var waiting = [Array(quorum.utf8)]
        while let name = waiting.popLast() {
            guard let group = groups.first(where: { Array($0.name.utf8) == name }) else {
                // A witness alone; those of a group are told with it.
                if let entry = entries.first(where: { Array($0.name.utf8) == name }) { texts.append(Self.text(entry)) }
                continue
            }
            let lacking = group.members.map { Array($0.utf8) }.filter { reached[$0] != true }
            let names = lacking.compactMap { name in entries.first { Array($0.name.utf8) == name }.map(Self.text) }
            let list = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
            texts.append(
                "“\(group.name)” has \(group.members.count - lacking.count) of \(group.threshold)\(list)")
            waiting += lacking.filter { name in groups.contains { Array($0.name.utf8) == name } }.reversed()
        }
        return texts
    }

    private static func text(_ entry: WitnessVerdict.Entry) -> String {
        switch entry.standing {
        case .cosigned: entry.name
        case .tooOld(let time): "\(entry.name) cosigned too long ago, at \(time)"
        case .ahead(let time): "\(entry.name) cosigned in the future, at \(time)"
        case .wrong: "\(entry.name) has a wrong cosignature"
        case .missing: "\(entry.name) is missing"
        }
    }
}
