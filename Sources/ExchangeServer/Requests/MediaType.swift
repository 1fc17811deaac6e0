/// The media types that the server takes and gives.
enum MediaType {
    static let json = "application/json"
    static let lines = "application/x-ndjson"
    static let eventStream = "text/event-stream"
    static let event = "application/cloudevents+json"
    static let events = "application/cloudevents-batch+json"
    static let text = "text/plain; charset=utf-8"
    static let bytes = "application/octet-stream"

    /// The type without its parameters, in small letters.
    static func essence(_ header: String) -> String {
        let end = header.firstIndex(of: ";") ?? header.endIndex
        return header[..<end].filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// Whether an `Accept` header asks for a type, by name or not at all; quality values only exclude.
    static func accepts(_ header: String?, _ type: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { essence(String($0)) == type && !$0.contains("q=0,") }
    }

    /// Whether data of a type is JSON (RFC 6839).
    static func isJSON(_ essence: String) -> Bool { essence == json || essence.hasSuffix("+json") }
}
