import Foundation
import JSON
import Testing

/// The schemas of the folder Schemas, read anew as plain JSON: nothing of the sources says here what a mark means.
struct PortSchema {
    /// A field that is marked, in the order of the file.
    struct Mark: Hashable {
        let pointer: String
        let sharingClass: String
        let compartment: String
        let owner: String
        let bytes: Int
        /// The field in whose value it stands: the whole event, or an array of persons.
        var parent: Int?
    }

    let uri: String
    let type: String
    let text: [UInt8]

    var json: JSONValue { get throws { try JSONDocument(parsing: text).root } }
    var governs: Bool {
        ["disclosure.", "assistance.", "erasure.", "legalhold.", "access."].contains { type.hasPrefix("sanhu." + $0) }
    }

    init(_ text: [UInt8]) throws {
        self.text = text
        let id = try #require(try JSONDocument(parsing: text).root["$id"]?.string)
        uri = id
        type = "sanhu." + (id.split(separator: ":")[3].split(separator: "+").first ?? "")
    }

    /// Whether its marks seal the whole event: a root that is public does not.
    var isSealedWhole: Bool {
        get throws { try json["x-sharing"].map { $0["class"]?.string != "public" } ?? false }
    }

    /// The owner of a root that is marked public, so that everyone may see what is not marked; nil if it is not.
    var openRootOwner: String? {
        get throws { try isSealedWhole ? nil : json["x-sharing"]?["owner"]?.string }
    }

    /// The marks: of the whole event first, then those of its properties, and of an array's elements after it.
    func marks() throws -> [Mark] {
        let root = try json
        var marks: [Mark] = []
        func add(_ schema: JSONValue, _ pointer: String, _ parent: Int?) {
            guard let mark = schema["x-sharing"] else { return }
            marks.append(
                Mark(
                    pointer: pointer, sharingClass: mark["class"]?.string ?? "",
                    compartment: mark["compartment"]?.string ?? "", owner: mark["owner"]?.string ?? "",
                    bytes: Int(mark["bytes"]?.integer ?? 0), parent: parent))
        }
        if try isSealedWhole { add(root, "", nil) }
        let whole = marks.isEmpty ? nil : 0
        for (name, property) in root["properties"]?.members ?? [] where property["x-sharing"] != nil {
            let array = marks.count
            add(property, "/" + name, whole)
            guard let items = property["items"], items["x-sharing"] != nil else { continue }
            for index in 0..<Int(property["maxItems"]?.integer ?? 0) { add(items, "/\(name)/\(index)", array) }
        }
        return marks
    }

    /// The tags that properties of the data become, by the name of the property.
    func tagKinds() throws -> [String: String] {
        var kinds: [String: String] = [:]
        for (name, property) in try json["properties"]?.members ?? [] {
            if let kind = property["x-tag"]?["kind"]?.string { kinds[name] = kind }
        }
        return kinds
    }
}

enum PortSchemas {
    /// All that are for the charter of the port: those of the charter's own events and of the ledger's are not registered,
    /// those of alerts are for another network.
    static let all: [PortSchema] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Schemas")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().filter { $0.hasSuffix(".schema.json") }.filter { name in
            !["charter.", "alert.", "access.anchored."].contains { name.hasPrefix($0) }
        }.compactMap { name in
            (try? Data(contentsOf: root.appendingPathComponent(name))).flatMap { try? PortSchema(Array($0)) }
        }
    }()
}
