internal import JSON

/// What keeps bytes from being an entry.
enum EntryFault: Error, CustomStringConvertible {
    case json(JSONError)
    case whitespace
    case members
    case time
    case agency
    case tags(String)
    case event(String)
    case signature

    var description: String {
        switch self {
        case .json(let error) where error.code == .tooLarge: "it is longer than \(LogLimits.entryBytes) bytes"
        case .json(let error): "\(error)"
        case .whitespace: "white space stands between its tokens"
        case .members: "its members are not recorded, agency, tags, event and perhaps signature, in this order"
        case .time: "it is recorded at no time of the form 2026-03-01T08:15:30.123456Z"
        case .agency: "its agency is no agency's name"
        case .tags(let fault): fault
        case .event(let reason): "its event is none (\(reason.hasSuffix(".") ? String(reason.dropLast()) : reason))"
        case .signature: "its signature is not a string"
        }
    }
}
