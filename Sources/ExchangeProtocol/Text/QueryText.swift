package import EventLog

/// Reads queries as they are written on the command line: items joined by ` | `, each of terms joined by spaces, a term
/// being `type=NAME` or a tag. Quotes keep spaces together: `"permit:A 1"`.
package enum QueryText {
    /// Reads a query; the empty text and `*` are every event.
    ///
    /// - Throws: ``LogError`` with code `.invalidQuery` or `.invalidTag`.
    package static func query(_ text: String) throws(LogError) -> Query {
        var items: [Query.Item] = []
        var item = Query.Item()
        var isEmpty = true
        for term in try terms(text) {
            switch term {
            case .bar:
                guard !isEmpty else { throw fault(text) }
                items.append(item)
                item = Query.Item()
                isEmpty = true
            case .word(let word):
                isEmpty = false
                if word == "*" { continue }
                if word.hasPrefix("type=") {
                    guard word != "type=" else { throw fault(text) }
                    item.types.append(String(word.dropFirst("type=".count)))
                } else {
                    item.tags.append(try Tag(word))
                }
            }
        }
        if isEmpty, items.isEmpty { return .all }
        guard !isEmpty else { throw fault(text) }
        return Query(items + [item])
    }

    private enum Term {
        case word(String)
        case bar
    }

    private static func terms(_ text: String) throws(LogError) -> [Term] {
        var terms: [Term] = []
        var word = ""
        var inQuotes = false
        var hasWord = false
        for character in text {
            switch character {
            case "\"":
                inQuotes.toggle()
                hasWord = true
            case " " where !inQuotes, "|" where !inQuotes:
                if hasWord { terms.append(.word(word)) }
                (word, hasWord) = ("", false)
                if character == "|" { terms.append(.bar) }
            default:
                word.append(character)
                hasWord = true
            }
        }
        guard !inQuotes else { throw fault(text) }
        if hasWord { terms.append(.word(word)) }
        return terms
    }

    private static func fault(_ text: String) -> LogError {
        LogError(.invalidQuery, "“\(text)” is no query. Write e.g. type=sanhu.hold.placed container:CMAU9592883")
    }
}
