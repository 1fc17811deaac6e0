internal import EventLog
internal import JSON
internal import Views

/// An event that case files are made of, as rules and automations get it: what the view's map step and the reading of its
/// facts make of an entry, without the view.
struct CaseRecord: Sendable {
    let step: CaseStep
    let tags: [Tag]

    init(_ step: CaseStep, _ tags: [Tag]) {
        self.step = step
        self.tags = tags
    }

    /// - Parameter isKept: Whether a field is of use; others are missing.
    /// - Returns: nil if case files have none of its type.
    init?(_ event: LedgerEvent, keeping isKept: (_ name: String) -> Bool = { _ in true }) {
        guard let vocabulary = CaseVocabulary.named(Array(event.type.utf8).span) else { return nil }
        let values = zip(vocabulary.names, vocabulary.paths).map { name, path -> FactValue in
            guard isKept(name), let value = event.data.flatMap({ path.value(in: $0) }) else { return .missing }
            return .json(Array(value.text))
        }
        let time = event.root["time"]?.string ?? ""
        step = CaseStep(
            vocabulary.event, at: event.position, event.recorded, time: time.isEmpty ? nil : time,
            id: event.identity.id, source: vocabulary.hasSource ? event.identity.source : nil, agency: event.agency,
            predecessors: event.predecessors, values)
        tags = event.tags
    }

    /// Whether an event is about an object, by its tags, or, if those are blinded, by what it says.
    ///
    /// - Parameter others: The other objects by which the event may have been found.
    func isAbout(_ object: Tag, among others: [Tag]) -> Bool {
        if tags.contains(object) { return true }
        guard !others.contains(where: tags.contains) else { return false }
        // What names none of them is about all: it was found by one, and so a hold counts wherever it may be meant.
        return names(object) || !others.contains(where: names)
    }

    /// Whether its data name an object.
    private func names(_ object: Tag) -> Bool {
        step.text(String(object.kind)).map(String(object.value).isSame) ?? false
    }
}

extension CaseFile {
    /// Takes in what happened next.
    mutating func take(_ record: CaseRecord) {
        take(record.step.told(of: object))
        guard CaseVocabulary.of(record.step.event).relates else { return }
        for tag in record.tags where CaseMapping.isRelated(tag.text) && tag.text != object { relate(tag.text) }
    }
}
