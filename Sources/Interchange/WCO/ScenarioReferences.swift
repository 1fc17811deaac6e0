/// Which local reference (LRN) goes with which declaration number (MRN), over a scenario.
///
/// A lodgement knows only its own reference; the number comes with the authority's answers, with the declarant's later
/// requests, or in a report. A reference that goes with two numbers is left unresolved: to guess would put one
/// declaration's goods under another's number.
struct ScenarioReferences {
    private var numbers: [String: [String]] = [:]
    private var references: [String: [String]] = [:]

    init(_ messages: [WCOMessage]) {
        for message in messages {
            if case .report = message.kind {
                for version in ReportReader.versions(in: message.body) { link(version.reference, version.number) }
            } else if case .movement = message.kind {
                continue
            } else {
                link(message.localReference, message.statedNumber)
            }
        }
    }

    private mutating func link(_ reference: String?, _ number: String?) {
        guard let reference, let number else { return }
        if numbers[reference]?.contains(number) != true { numbers[reference, default: []].append(number) }
        if references[number]?.contains(reference) != true { references[number, default: []].append(reference) }
    }

    /// The number a message is about: its own, or the one its reference goes with.
    func number(of message: WCOMessage) -> String? {
        message.statedNumber ?? message.localReference.flatMap(number(of:))
    }

    /// The number a reference goes with, or nil if there is none or more than one.
    func number(of reference: String) -> String? {
        guard let found = numbers[reference], found.count == 1 else { return nil }
        return found[0]
    }

    /// The numbers a reference goes with, if they are several.
    func conflict(of reference: String) -> [String] {
        let found = numbers[reference] ?? []
        return found.count > 1 ? found : []
    }

    /// Every reference that goes with a number, in the order of the files.
    func references(of number: String) -> [String] {
        references[number] ?? []
    }

    /// What ties messages to one declaration: its number, or the reference while there is no number.
    func key(of message: WCOMessage) -> String? {
        if let number = number(of: message) { return "declaration:" + number }
        return message.localReference.map { "lrn:" + $0 }
    }
}
