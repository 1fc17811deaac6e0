internal import EventLog
internal import JSON

extension CatalogueForm {
    /// Where the page has it: the name, as Markdown renderers make an anchor of a given HTML id.
    var anchor: String { name.replacing(".", with: "-").replacing("+", with: "-") }

    /// Its part of the page.
    func markdown() -> String {
        var text = "\n<a id=\"\(anchor)\"></a>\n### \(name) \(chinese)\n\n\(title). \(description)\n\n"
        text += "`\(uri)` · by \(producers)\n"
        if let root {
            let readers =
                root.sharingClass == .conditional ? "; opened to " + Self.readers(openedBy, owner: root.owner) : ""
            text +=
                root.sharingClass == .public
                ? "\nEveryone may see what is not marked otherwise.\n"
                : "\nSealed as a whole: \(root.sharingClass.text), \(root.compartment), owner \(root.owner)\(readers).\n"
        }
        text += "\n| field | | 中文 | values | class | who may read |\n|---|---|---|---|---|---|\n"
        var around: (pointer: String, marks: String)?
        for field in fields {
            let marks = marks(field)
            // What stands in a marked property goes with it, and is not said again.
            let isSaid = around.map { field.pointer.hasPrefix($0.pointer + "/") && $0.marks == marks } ?? false
            if !isSaid { around = (field.pointer, marks) }
            text += "| " + subject(field) + (isSaid && field.mark != root ? " | 〃 | 〃 |\n" : marks)
        }
        for example in examples { text += "\n```json\n" + Self.laidOut(example) + "```\n" }
        return text
    }

    private var producers: String {
        var seen: Set<String> = []
        let listed = powers.compactMap { power -> String? in
            let ports = power.ports.map { " at " + $0.joined(separator: ", ") } ?? ""
            let text = power.agency + ports + power.validity.text
            return seen.insert(text).inserted ? text : nil
        }
        return listed.isEmpty ? "the ledger" : listed.joined(separator: "; ")
    }

    private func subject(_ field: CatalogueField) -> String {
        let name = "`\(field.pointer)`" + (field.isRequired ? " *" : "")
        let tag = field.tagKind.map { " → tag `\($0):`" } ?? ""
        return "\(name)\(tag) | \(field.english) | \(field.chinese) | \(field.form)"
    }

    /// The end of a field's row: its class, and who may read it; empty for what no mark of its own is on.
    private func marks(_ field: CatalogueField) -> String {
        guard let mark = field.mark, mark != root else { return " | | |\n" }
        let readers =
            switch mark.sharingClass {
            case .public: "everyone"
            case .shared: "authorities; named participants and parties"
            case .conditional: Self.readers(field.openedBy, owner: mark.owner)
            case .restricted: "\(mark.owner); by grant"
            case .withheld: mark.owner
            }
        return " | \(mark.sharingClass.text), \(mark.compartment), \(mark.owner) | \(readers) |\n"
    }

    private static func readers(_ rules: [SharingRule], owner: String) -> String {
        let opened = rules.map { rule in
            let purposes = rule.purposes.isEmpty ? "any purpose" : rule.purposes.joined(separator: ", ")
            return "\(rule.readers.text) (\(purposes)\(rule.needsCase ? ", a case" : ""))\(rule.validity.text)"
        }
        return ([owner] + opened + ["by grant"]).joined(separator: "; ")
    }

    /// Each member of an object on a line of its own.
    private static func laidOut(_ example: [UInt8]) -> String {
        guard let root = try? JSONDocument(parsing: example).root, root.kind == .object else { return "" }
        let lines = root.members.map { member in
            var name: [UInt8] = []
            JSONText.appendQuoted(member.key, to: &name)
            return "  " + String(decoding: name + Array(": ".utf8) + member.value.text, as: UTF8.self)
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }
}

extension Validity {
    /// ` from … until …`, or nothing.
    var text: String {
        (from.map { " from \(Self.text($0))" } ?? "") + (to.map { " until \(Self.text($0))" } ?? "")
    }

    private static func text(_ time: Timestamp) -> String {
        time.description.replacing(".000000Z", with: "Z")
    }
}

extension ReaderSelector {
    /// Whom it speaks of, in a few words.
    var text: String {
        var words = agencies.isEmpty ? kinds.map(\.plural) : agencies
        if words.isEmpty { words = ["everyone"] }
        return words.joined(separator: ", ") + (roles.isEmpty ? "" : " as " + roles.joined(separator: ", "))
            + (addressed ? " if addressed" : "")
    }
}

extension ReaderKind {
    fileprivate var plural: String {
        switch self {
        case .authority: "authorities"
        case .participant: "participants"
        case .party: "parties"
        case .auditor: "auditors"
        case .public: "the public"
        }
    }
}

extension SharingClass {
    fileprivate var text: String {
        switch self {
        case .public: "public 公开"
        case .shared: "shared 无条件"
        case .conditional: "conditional 有条件"
        case .restricted: "restricted 限定"
        case .withheld: "withheld 不予"
        }
    }
}
