internal import EventLog
internal import JSON
internal import JSONSchema

/// Reads the keywords of sharing, strictly: a mark that is misspelt must not make a field public.
enum SharingMarkReader {
    private static let members: Set<String> = ["class", "compartment", "owner", "subject", "bytes"]
    private static let maximumCompartmentBytes = 32
    /// What a row and its disclosure need beside the value, at most.
    private static let overheadBytes = 2_048

    /// The mark of a schema, or nil if it has none.
    static func mark(of place: SchemaPlace) throws(ExchangeError) -> SharingMark? {
        guard let value = place.value["x-sharing"] else { return nil }
        guard value.kind == .object else { throw refusal(place, "x-sharing", "“x-sharing” is not an object.") }
        for (key, _) in value.members where !members.contains(key) {
            throw refusal(place, "x-sharing/\(key)", "“x-sharing” has no member “\(key.prefix(64))”.")
        }
        func text(_ name: String) throws(ExchangeError) -> String {
            guard let text = value[name]?.string, !text.isEmpty else {
                throw refusal(place, "x-sharing/\(name)", "“x-sharing” needs “\(name)”, a string.")
            }
            return text
        }
        let name = try text("class")
        guard let sharingClass = SharingClass(rawValue: name) else {
            let known = SharingClass.allCases.map(\.rawValue).joined(separator: ", ")
            throw refusal(place, "x-sharing/class", "“\(name.prefix(64))” is no sharing class; they are \(known).")
        }
        let compartment = try text("compartment")
        let isName = compartment.utf8.allSatisfy { byte in
            byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "-")
        }
        guard isName, compartment.utf8.count <= maximumCompartmentBytes else {
            throw refusal(
                place, "x-sharing/compartment",
                "A compartment has a name of 1 to \(maximumCompartmentBytes) of a–z, 0–9 and “-”.")
        }
        let owner = try text("owner")
        guard owner.utf8.count <= LogLimits.agencyBytes else {
            throw refusal(
                place, "x-sharing/owner", "An owner is an agency's code: at most \(LogLimits.agencyBytes) bytes.")
        }
        guard let bytes = value["bytes"]?.integer, bytes > 0, bytes <= LogLimits.disclosureBytes - overheadBytes else {
            throw refusal(
                place, "x-sharing/bytes",
                "“x-sharing” needs “bytes”: how many the value has at most, from 1 to "
                    + "\(LogLimits.disclosureBytes - overheadBytes).")
        }
        var subject: String?
        if value["subject"] != nil {
            let pointer = try text("subject")
            guard JSONPointer(pointer) != nil else {
                throw refusal(place, "x-sharing/subject", "“subject” is not a JSON Pointer.")
            }
            subject = pointer
        }
        return SharingMark(
            sharingClass, compartment: compartment, owner: owner, subject: subject, bytes: Int(bytes))
    }

    /// The kind of the tag that a schema's value becomes, or nil if it becomes none.
    static func tagKind(of place: SchemaPlace) throws(ExchangeError) -> String? {
        guard let value = place.value["x-tag"] else { return nil }
        guard value.members.count == 1, let kind = value["kind"]?.string else {
            throw refusal(place, "x-tag", "“x-tag” is an object with “kind”, a string, and nothing else.")
        }
        do throws(LogError) {
            _ = try Tag(kind: kind, value: "1")
        } catch {
            throw refusal(place, "x-tag/kind", error.reason)
        }
        return kind
    }

    /// The refusal of a keyword.
    static func refusal(_ place: SchemaPlace, _ keyword: String, _ reason: String) -> ExchangeError {
        ExchangeError(
            .schemaRefused, "\(place.location): \(reason) Correct the schema and register it again.",
            pointer: place.pointer.description + (keyword.isEmpty ? "" : "/" + keyword))
    }
}
