import JSON
import JSONSchema

func document(_ text: String) throws -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8))
}

/// A schema compiled from its text.
func compiled(
    _ text: String, _ options: SchemaRegistry.Options = .init()
) throws -> CompiledSchema {
    var registry = SchemaRegistry(options: options)
    try registry.register(document(text), at: "https://port.example/schema")
    return try registry.compile("https://port.example/schema")
}

extension CompiledSchema {
    /// What a text violates.
    func violations(_ text: String, _ limits: Limits = .init()) throws -> [SchemaViolation] {
        let document = try document(text)
        return try validate(document.tape, document.bytes.span, limits: limits)
    }

    func accepts(_ text: String) throws -> Bool {
        let document = try document(text)
        return try isValid(document.tape, document.bytes.span)
    }
}

/// The error that something throws, or nil.
func fault(_ body: () throws -> Void) throws -> SchemaError? {
    do {
        try body()
        return nil
    } catch let error as SchemaError {
        return error
    }
}

extension RegularExpression {
    /// Whether a text matches, by all ways there are to match it; nil if they disagree.
    func matches(_ text: String) throws -> Bool? {
        let bytes = Array(text.utf8)
        let result = matches(bytes.span)
        let steps = try RegularExpression(source, usesTable: false)
        return stepThrough(bytes.span).matches == result && steps.matches(bytes.span) == result ? result : nil
    }
}
