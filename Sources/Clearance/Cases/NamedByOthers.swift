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
        guard let id = step.text(field) else { return [] }
        let found = indices.filter { self[$0].id.isSame(as: id) && step.isOf(self[$0].agency) }
        if let source = step.text("source") { return found.filter { self[$0].source.isSame(as: source) } }
        let own = found.filter { step.source.map(self[$0].source.isSame) ?? false }
        if !own.isEmpty { return own }
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
