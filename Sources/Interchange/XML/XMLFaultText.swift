import Foundation
import FoundationXML

/// Says in words what the parser of the platform tells by number.
enum XMLFaultText {
    /// - Parameter error: What the parser gives; its numbers are those of libxml2.
    static func reason(for error: (any Error)?) -> String {
        guard let error = error as? NSError, error.domain == XMLParser.errorDomain else {
            return "is not well-formed XML"
        }
        let detail =
            switch error.code {
            case 3, 4, 5, 77: "the document ends early, or goes on after its end"
            case 8, 9: "a character that XML does not allow"
            case 26, 27: "an entity that is not declared"
            case 32, 79, 81: "the encoding is wrong"
            case 38...41, 75: "an attribute is not written properly"
            case 42: "an attribute is given twice"
            case 45, 80: "a comment is not ended properly, or has two hyphens inside"
            case 64: "an XML declaration that is not at the start"
            case 68, 72, 73, 74: "a tag is not written properly"
            case 76: "an end tag does not match its start tag"
            default: "parser error \(error.code)"
            }
        return "is not well-formed XML: \(detail)"
    }
}
