import Foundation
import JSON

/// Data that satisfy a schema, with a canary in each classified field.
struct SchemaSample {
    typealias Object = [String: Any]

    let schema: PortSchema
    private let root: Object

    init(_ schema: PortSchema) throws {
        self.schema = schema
        root = try NaivePort.object(schema.text)
    }

    var isSealedWhole: Bool { (root["x-sharing"] as? Object).map { $0["class"] as? String != "public" } ?? false }
    private var properties: Object { root["properties"] as? Object ?? [:] }
    private var required: Set<String> { Set(root["required"] as? [String] ?? []) }

    /// The names of the marked properties of the data; of an event that is sealed as a whole, of all.
    var classified: [String] {
        properties.keys.sorted().filter { isSealedWhole || (properties[$0] as? Object)?["x-sharing"] != nil }
    }

    /// Whether a property holds text that may be anything: no number, day, choice or yes and no.
    func takesText(_ name: String) -> Bool {
        let property = resolved(properties[name] as? Object ?? [:])
        let value = property["items"].map { resolved($0 as? Object ?? [:]) } ?? property
        let format = value["format"] as? String
        return value["enum"] == nil && format != "date" && format != "date-time"
            && !["integer", "boolean"].contains(value["type"] as? String ?? "")
    }

    /// Those that may be absent.
    var optional: [String] { classified.filter { !required.contains($0) } }

    /// The data with what is required and what is classified.
    func data(without left: String? = nil) -> Object {
        var data: Object = [:]
        for (name, property) in properties where name != left && (required.contains(name) || classified.contains(name))
        {
            let mark = (property as? Object)?["x-sharing"] ?? (isSealedWhole ? root["x-sharing"] : nil)
            data[name] = value(property as? Object ?? [:], (mark as? Object)?["class"] as? String)
        }
        return data
    }

    /// Data in which one classified field does not fit the schema, and holds a canary.
    func misfits(_ name: String) -> [Object] {
        let property = resolved(properties[name] as? Object ?? [:])
        var data = data()
        var misfits: [Object] = []
        data[name] =
            property["type"] as? String == "object" ? Canary.classified as Any : [Canary.classified: Canary.classified]
        misfits.append(data)
        if var object = self.data()[name] as? Object, property["properties"] != nil {
            object[Canary.classified] = [Canary.classified]
            data[name] = object
            misfits.append(data)
        }
        data[name] = String(repeating: Canary.classified, count: 1_000)
        misfits.append(data)
        if property["type"] as? String == "object", property["properties"] == nil {
            data[name] = ["note": String(repeating: Canary.classified, count: 1_000)]
            misfits.append(data)
        }
        if var elements = self.data()[name] as? [Object], (property["items"] as? Object)?["properties"] != nil {
            elements[0][Canary.classified] = 1
            data[name] = elements
            misfits.append(data)
        }
        if property["type"] as? String == "array" {
            data[name] = (0..<600).map { ["id": "\($0)", "name": Canary.classified, "text": Canary.classified] }
            misfits.append(data)
        }
        return misfits
    }

    private func resolved(_ schema: Object) -> Object {
        guard let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last else {
            return schema
        }
        return (root["$defs"] as? Object)?[String(name)] as? Object ?? schema
    }

    /// A value that satisfies a schema; of a marked one, with canaries of its class.
    private func value(_ schema: Object, _ sharingClass: String?) -> Any {
        let schema = resolved(schema)
        if let fixed = schema["const"] { return fixed }
        if let choice = (schema["enum"] as? [Any])?.first { return choice }
        let type = schema["type"] as? String ?? (schema["type"] as? [String])?.first ?? ""
        switch type {
        case "string": return text(schema, sharingClass)
        case "integer": return schema["minimum"] as? Int ?? 0
        case "number": return sharingClass == nil ? 1 : Canary.number
        case "boolean": return true
        case "array":
            let items = resolved(schema["items"] as? Object ?? [:])
            if sharingClass != nil, items["maxLength"] as? Int == 5 { return Canary.codes }
            return (0..<2).map { _ in value(items, sharingClass) }
        default:
            let inner = schema["properties"] as? Object ?? [:]
            guard !inner.isEmpty else { return sharingClass == nil ? [:] : ["note": text([:], sharingClass)] }
            let names = Set(schema["required"] as? [String] ?? [])
            return inner.filter { sharingClass != nil || names.contains($0.key) }.mapValues {
                value($0 as? Object ?? [:], sharingClass)
            }
        }
    }

    private func text(_ schema: Object, _ sharingClass: String?) -> Any {
        if schema["pattern"] as? String == "^[0-9a-f]{64}$" { return Canary.hash }
        switch schema["format"] as? String {
        case "date": return "2026-03-01"
        case "date-time": return "2026-03-01T00:00:00Z"
        default: break
        }
        switch sharingClass {
        case nil, "public": return "x"
        case "shared": return Canary.shared
        default: return Canary.classified
        }
    }
}
