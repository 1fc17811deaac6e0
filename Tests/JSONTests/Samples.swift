import JSON

/// A text that must be refused, why, and where the first fault is.
struct Refusal: CustomStringConvertible, Sendable {
    let description: String
    let bytes: [UInt8]
    let fault: JSONError

    init(_ text: String, _ code: JSONError.Code, _ offset: Int, _ description: String) {
        self.init([UInt8](text.utf8), code, offset, description)
    }

    init(_ bytes: [UInt8], _ code: JSONError.Code, _ offset: Int, _ description: String) {
        self.bytes = bytes
        self.fault = JSONError(code, at: offset)
        self.description = description
    }
}

/// The fault that a parser reports, or nil if it accepts the text.
func fault(in bytes: [UInt8], limits: JSONParser.Limits = .init()) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONDocument(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

func fault(in text: String, limits: JSONParser.Limits = .init()) -> JSONError? {
    fault(in: [UInt8](text.utf8), limits: limits)
}

func document(_ text: String) throws -> JSONDocument {
    try JSONDocument(parsing: [UInt8](text.utf8))
}

/// The canonical form of a text, as text.
func canonical(_ text: String) throws -> String {
    String(decoding: JSONCanonicalForm.bytes(of: try document(text).root), as: UTF8.self)
}

/// Bytes put in quotes as they are.
func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }
