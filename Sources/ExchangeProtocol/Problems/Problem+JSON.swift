public import JSON

extension Problem {
    /// Writes the problem as an object (RFC 9457, section 3).
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", Self.typePrefix + code)
            json.member("title", title)
            json.member("status", Int64(status))
            json.member("detail", detail)
            json.member("code", code)
            json.member("retry", retry.rawValue)
            if let retryAfter { json.member("retryAfter", Int64(retryAfter)) }
            if let pointer { json.member("pointer", pointer) }
            guard !conflicts.isEmpty else { return }
            json.key("conflicts")
            json.array { json in for conflict in conflicts { conflict.write(to: &json) } }
        }
    }

    /// The problem as compact JSON.
    public var bytes: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    /// Reads a problem; nil if the value is none that this exchange answers.
    public init?(_ value: JSONValue) {
        guard let status = value["status"]?.integer, let code = value["code"]?.string,
            let detail = value["detail"]?.string
        else { return nil }
        self.init(
            Int(clamping: status), code, value["title"]?.string ?? "", detail,
            retry: value["retry"]?.string.flatMap(Retry.init) ?? .never, pointer: value["pointer"]?.string,
            conflicts: value["conflicts"]?.elements.compactMap(Conflict.init) ?? [],
            retryAfter: value["retryAfter"]?.integer.map { Int(clamping: $0) })
    }
}

extension Problem.Conflict {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", kind)
            if let index { json.member("index", Int64(index)) }
            if let position { json.member("position", Int64(clamping: position)) }
        }
    }

    fileprivate init?(_ value: JSONValue) {
        guard let kind = value["kind"]?.string else { return nil }
        self.init(
            kind: kind, index: value["index"]?.integer.map { Int(clamping: $0) },
            position: value["position"]?.integer.flatMap { UInt64(exactly: $0) })
    }
}
