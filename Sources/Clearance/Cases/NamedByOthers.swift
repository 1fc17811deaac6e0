internal import EventLog
internal import Views

/// What an event brought into a case, and a later event names by that event's id: to lift it, revoke it, take it back.
protocol NamedByOthers {
    /// Of the event that brought it: ids are unique per source.
    var id: String { get }
    var source: String { get }
    var agency: String { get }
}

extension Array where Element: NamedByOthers {
    /// Which of them a step means.
    ///
    /// Those with the id it names that are its agency's own, or of an agency that has become it. If there are several: that of
    /// the source it names, or else that of its own source. What is still not certain is none.
    ///
    /// - Complexity: O(*n*).
    func indices(namedIn field: String, of step: CaseStep) -> [Int] {
        // Of an id that is too long for a case file nobody can say whose it is.
        guard let id = step.text(field), !step.isLong(field) else { return [] }
        return indices(named: id, in: step.text("source"), by: step.source) { step.isOf($0) }
    }

    /// Which of them have an id, of the agencies that may say so: those of a source if one is named, or else of who says so.
    func indices(
        named id: String, in source: String?, by own: String?, of isOf: (_ agency: String) -> Bool
    ) -> [Int] {
        let found = indices.filter { self[$0].id.isSame(as: id) && isOf(self[$0].agency) }
        if let source { return found.filter { self[$0].source.isSame(as: source) } }
        let same = found.filter { own.map(self[$0].source.isSame) ?? false }
        if !same.isEmpty { return same }
        return Set(found.map { [UInt8](self[$0].source.utf8) }).count == 1 ? found : []
    }
}

extension CaseStep {
    /// Whether an agency is that of the step, or had become it when the step was recorded: it goes on with what that one began.
    func isOf(_ other: String) -> Bool { agency == other || predecessors.contains(other) }
}

extension String {
    /// Whether two texts are the same byte for byte, as tags are compared.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
