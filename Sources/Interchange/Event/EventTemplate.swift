import JSON

/// The values that are the same for all events of a type and a producer, written as JSON once.
struct EventTemplate: Sendable {
    let producer: Producer
    let type: EventType

    let sourceText: [UInt8]
    let typeText: [UInt8]
    let schemaText: [UInt8]

    /// - Parameter form: The form of the data where the type has several.
    init(producer: Producer, type: EventType, form: String? = nil) {
        self.producer = producer
        self.type = type
        sourceText = Self.quoted(producer.source)
        typeText = Self.quoted(type.type)
        schemaText = Self.quoted(type.dataSchema(form: form))
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }
}
