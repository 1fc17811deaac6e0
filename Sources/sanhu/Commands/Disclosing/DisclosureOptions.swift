import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON

/// Who acts in a ledger with a charter, and by which event.
struct ActingOptions: ParsableArguments {
    @OptionGroup var writing: WritingOptions

    @OptionGroup var remote: ServerOptions

    @Option(name: .customLong("as"), help: "The agency that acts.")
    var agency: String

    @Option(name: .long, help: "The event's id; without it, one made of what the event says.")
    var id: String?

    @Option(name: .long, help: "The event's source; without it, the agency's first one.")
    var source: String?

    /// Appends an event of disclosure and prints where it stands.
    func append(_ event: DisclosureEvent, detail: DisclosureDetail? = nil) async throws {
        if remote.address != nil {
            let server = RemoteAsking(remote: remote, claim: ServerOptions.Claim(agency: agency))
            return try await server.post(event, detail, [("id", id), ("source", source)])
        }
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        try await ledger.settle()
        let receipt = try await ledger.append(event, detail: detail, as: agency, id: id, source: source)
        switch receipt {
        case .appended(let position):
            Output.standard.writeObject { $0.member("appended", Int64(position)) }
        case .duplicate(let position), .erased(let position):
            Output.standard.writeObject { $0.member("duplicate", Int64(position)) }
            Terminal.say("It was said before, at position \(position). To say it anew, give another --id.")
        }
        Output.standard.flush()
    }
}

/// Which fields, for whom and how long.
struct FieldOptions: ParsableArguments {
    @Option(name: .long, help: "A type of event whose fields are meant. May be given several times, as all of these.")
    var type: [String] = []

    @Option(name: .long, help: "A compartment of the fields: trade-secret, personal, …")
    var compartment: [String] = []

    @Option(name: .customLong("class"), help: "A class of the fields: conditional or restricted.")
    var sharingClass: [String] = []

    @Option(name: .long, help: "Where the fields stand in the data, as a JSON Pointer: /commercial.")
    var field: [String] = []

    @Option(name: .long, help: "A role whose holders are to see them; without it, the whole agency.")
    var role: [String] = []

    @Option(name: .long, help: "What it is about: a tag of the entries, kind:value.")
    var object: [String] = []

    @Option(name: .long, help: "From when on (RFC 3339); without it, from the decision on.")
    var from: String?

    @Option(name: .long, help: "Until when (RFC 3339).")
    var to: String?

    /// The fields that are named, if any are.
    func fields(owners: [String]) throws -> FieldSelector? {
        guard !type.isEmpty || !compartment.isEmpty || !sharingClass.isEmpty || !field.isEmpty else { return nil }
        let classes = try sharingClass.map { word in
            guard let known = SharingClass(rawValue: word), [.conditional, .restricted].contains(known) else {
                throw ValidationError("--class is conditional or restricted; “\(word)” cannot be granted.")
            }
            return known
        }
        return FieldSelector(
            types: type, owners: owners, compartments: compartment, classes: classes, pointers: field)
    }

    func objects() throws -> [Tag] { try object.map { text in try Tag(text) } }

    /// What is asked of an owner.
    func scope(owner: String, purpose: String, caseName: String) throws -> DisclosureScope {
        guard let fields = try fields(owners: [owner]) else {
            throw ValidationError("Which fields? Give --field, --compartment, --class or --type.")
        }
        guard !object.isEmpty else { throw ValidationError("About what? Give --object kind:value.") }
        guard let to else { throw ValidationError("Until when? Give --to, for example 2026-12-31T00:00:00+08:00.") }
        return DisclosureScope(
            owner: owner, fields: fields, roles: role, objects: try objects(), purpose: purpose, caseName: caseName,
            from: try from.map(TimeText.time), to: try TimeText.time(to))
    }

    /// What of a request is granted; what is not named, as requested.
    func part() throws -> DisclosureRuling.Part {
        DisclosureRuling.Part(
            fields: try fields(owners: []), roles: role.isEmpty ? nil : role,
            objects: object.isEmpty ? nil : try objects(), from: try from.map(TimeText.time),
            to: try to.map(TimeText.time))
    }
}

/// What a request is for.
struct PurposeOptions: ParsableArguments {
    @Option(name: .long, help: "The agency that owns the fields, as `sanhu read` names it.")
    var owner: String

    @Option(name: .long, help: "A purpose of the charter, by its code.")
    var purpose: String

    @Option(name: .customLong("case"), help: "The case it is for.")
    var caseName: String
}

/// A text that is to be sealed: from a file, for what stands on a command line is seen by others on the machine.
enum SealedText {
    static func read(_ path: String?) throws -> DisclosureDetail? {
        guard let path else { return nil }
        let data: Data?
        if path == "-" {
            data = try FileHandle.standardInput.readToEnd()
        } else {
            data = FileManager.default.contents(atPath: path)
            guard data != nil else { throw CommandFailure(.notThere, "There is no file \(path) that can be read.") }
        }
        guard let text = String(bytes: data ?? Data(), encoding: .utf8) else {
            throw CommandFailure(.refused, "\(path) is not UTF-8.")
        }
        // The end of a file's last line is none of the text.
        return .text(text.trimmingCharacters(in: .newlines))
    }
}
