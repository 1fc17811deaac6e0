import EventLog

/// Reads the files of one scenario and maps them together.
struct WCOScenario {
    let group: SourceGroup
    let profile: WCOProfile

    /// The most files of a scenario: they are held together, because the last may name the number of the first.
    static let maximumFiles = 1_000

    /// What the scenario gives: refusals and warnings, the drafts in the order of what happened, an outcome per file.
    ///
    /// - Complexity: O(*n*) in the size of the files; memory holds the messages of the scenario.
    func read() -> (items: [ImportItem], outcomes: [FileOutcome]) {
        var refused: [String: ImportFault] = [:]
        var messages: [WCOMessage] = []
        let reader = XMLMessageReader()
        for (index, file) in group.files.enumerated() {
            guard index < Self.maximumFiles else {
                let reason = "is beyond the \(Self.maximumFiles) files of a scenario; put it in a folder of its own"
                refused[file.path] = ImportFault(file: file.path, reason: reason)
                continue
            }
            do throws(ImportFault) {
                let root = try reader.read(file)
                do throws(Refusal) {
                    messages.append(try WCOMessageClassifier.classify(root, file: file, index: index))
                } catch {
                    refused[file.path] = error.fault(in: file.path)
                }
            } catch {
                refused[file.path] = error
            }
        }
        let references = ScenarioReferences(messages)
        var drafts: [ImportItem] = []
        var warnings = remarks(on: messages, references)
        map(messages, references, into: &drafts, &warnings, &refused)
        let faults = group.files.compactMap { refused[$0.path] }.map(ImportItem.refused)
        let outcomes = group.files.map { file in
            FileOutcome(file: file.path, status: refused[file.path] == nil ? .imported : .refused)
        }
        return (faults + warnings.map(ImportItem.warning) + drafts, outcomes)
    }

    private func map(
        _ messages: [WCOMessage], _ references: ScenarioReferences,
        into drafts: inout [ImportItem], _ warnings: inout [ImportFault], _ refused: inout [String: ImportFault]
    ) {
        let mapper = WCOEventMapper(profile: profile, references: references)
        var known: [String: (draft: EventDraft, file: String)] = [:]
        for placed in WCOSequencer(messages, references: references).placed() {
            let file = placed.message.file.path
            do throws(Refusal) {
                let mapped = try mapper.map(placed)
                let identity = mapped.draft.agency + " " + mapped.id
                if let first = known[identity] {
                    guard first.draft == mapped.draft else {
                        throw Refusal("carries the reference of \(first.file), with other content")
                    }
                    warnings.append(ImportFault(file: file, reason: "says the same as \(first.file); imported once"))
                    continue
                }
                known[identity] = (mapped.draft, file)
                for remark in mapped.remarks { warnings.append(ImportFault(file: file, reason: remark)) }
                let origin = ImportOrigin(file: file, scenario: group.name, type: mapped.type.type, id: mapped.id)
                drafts.append(.draft(mapped.draft, origin: origin))
            } catch {
                refused[file] = error.fault(in: file)
            }
        }
        for message in messages where message.kind == .report {
            let reason =
                "is a copy of a declaration fetched from the authority, not something that happened; "
                + "its numbers and times were used to tie the scenario together"
            refused[message.file.path] = ImportFault(file: message.file.path, reason: reason)
        }
    }

    /// Remarks on references that could not be resolved although the scenario tells numbers.
    private func remarks(on messages: [WCOMessage], _ references: ScenarioReferences) -> [ImportFault] {
        let tellsNumbers = messages.contains { $0.kind != .lodgement && $0.statedNumber != nil }
        return messages.compactMap { message in
            guard message.kind == .lodgement, message.statedNumber == nil, let reference = message.localReference
            else { return nil }
            let conflict = references.conflict(of: reference)
            if !conflict.isEmpty {
                let reason =
                    "its reference \(reference) goes with \(conflict.joined(separator: " and ")); filed under none"
                return ImportFault(file: message.file.path, reason: reason)
            }
            guard tellsNumbers, references.number(of: reference) == nil else { return nil }
            let reason = "no answer in the scenario carries its reference \(reference); filed under that alone"
            return ImportFault(file: message.file.path, reason: reason)
        }
    }
}
