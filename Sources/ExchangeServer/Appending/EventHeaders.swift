internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Transparency

/// An event in binary mode: its attributes as headers that begin with `ce-`, its data as the body.
///
/// Source: CloudEvents HTTP protocol binding 1.0, sections 3.1.1 to 3.1.3: header values are percent-encoded.
enum EventHeaders {
    /// The header of an attribute.
    static func name(_ attribute: String) -> HTTPField.Name {
        HTTPField.Name("ce-" + attribute) ?? .contentType
    }

    private static let prefix = "ce-"
    private static let order = ["specversion", "id", "source", "type", "subject", "time", "dataschema"]

    /// The event in JSON format.
    ///
    /// - Throws: ``Problem`` with 400 for a header that is none, or data that is said to be JSON and is not.
    static func event(_ headers: HTTPFields, _ body: [UInt8], contentType: String) throws(Problem) -> [UInt8] {
        var attributes: [String: String] = [:]
        for field in headers where field.name.canonicalName.hasPrefix(prefix) {
            let name = String(field.name.canonicalName.dropFirst(prefix.count))
            guard name != "data", name != "data_base64", name != "datacontenttype", attributes[name] == nil,
                let value = PercentEncoding.decode(unquoted(field.value))
            else { throw fault("The header ce-\(name.prefix(64)) is there twice, or cannot be.") }
            attributes[name] = value
        }
        var json = JSONWriter(reservingCapacity: body.count + 512)
        let names = order.filter { attributes[$0] != nil } + attributes.keys.filter { !order.contains($0) }.sorted()
        json.object { json in
            for name in names { json.member(name, attributes[name] ?? "") }
            json.member("datacontenttype", contentType)
            guard !body.isEmpty else { return }
            if MediaType.isJSON(contentType) {
                json.key("data")
                json.raw(body)
            } else {
                json.member("data_base64", Base64.encode(body))
            }
        }
        return json.bytes
    }

    private static func unquoted(_ value: String) -> String {
        guard value.count >= 2, value.first == "\"", value.last == "\"" else { return value }
        return String(value.dropFirst().dropLast().replacing("\\\"", with: "\"").replacing("\\\\", with: "\\"))
    }

    private static func fault(_ detail: String) -> Problem {
        Problem(400, "malformedHeader", "A header is malformed", detail)
    }
}
