internal import EventLog
internal import JSON
internal import Transparency

extension VerifiableEntry {
    /// The line, without its newline.
    ///
    /// - Throws: ``ExchangeError`` with code `.limitExceeded` if it has more bytes than ``maximumLineBytes``.
    public func line() throws(ExchangeError) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.object { writer in
            writer.member("position", Int64(position))
            switch content {
            case .stub(let leaf): writer.member("stub", leaf.base64)
            case .entry(let opened): opened.write(to: &writer)
            }
            if let proof { Self.write(proof, "proof", to: &writer) }
        }
        guard writer.bytes.count <= Self.maximumLineBytes else {
            throw ExchangeError(
                .limitExceeded,
                "What is disclosed at position \(position) does not fit into a line of \(Self.maximumLineBytes) bytes. "
                    + "Read it in merged form.")
        }
        return writer.bytes
    }

    static func write(_ hashes: [MerkleHash], _ key: String, to writer: inout JSONWriter) {
        writer.key(key)
        writer.array { writer in for hash in hashes { writer.string(hash.base64) } }
    }

    /// Reads the line. Nothing is verified yet.
    init(_ root: JSONValue) throws(ExchangeError) {
        let reader = try EventDataReader(
            root,
            keys: [
                "position", "stub", "entry", "whole", "disclosures", "withheld", "gone", "absent", "omitted", "proof",
            ])
        let position = try reader.required("position", reader.position("position"))
        let proof = try Self.hashes("proof", atMost: ConsistencyProof.maximumHashes, reader)
        guard let stub = root["stub"] else {
            self.init(position: position, content: .entry(try Opened(reader)), proof: proof)
            return
        }
        guard let leaf = stub.string.flatMap({ MerkleHash(base64: $0) }) else {
            throw reader.fault("This is not the hash of a leaf.", at: "stub")
        }
        for (key, _) in root.members where !["position", "stub", "proof"].contains(key) {
            throw reader.fault("A stub has nothing but position, hash and proof.", at: key)
        }
        self.init(position: position, content: .stub(leaf), proof: proof)
    }

    /// The hashes of a member, or nil if there is none.
    static func hashes(
        _ key: String, atMost count: Int, _ reader: EventDataReader
    ) throws(ExchangeError) -> [MerkleHash]? {
        guard let value = reader.object[key] else { return nil }
        let hashes = value.elements.compactMap { $0.string.flatMap { MerkleHash(base64: $0) } }
        guard value.kind == .array, value.elements.count <= count, hashes.count == value.elements.count else {
            throw reader.fault("There must be an array of at most \(count) hashes in base64.", at: key)
        }
        return hashes
    }
}

extension VerifiableEntry.Opened {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.key("entry")
        writer.raw(entry)
        if isSealedWhole {
            writer.key("whole")
            writer.bool(true)
        }
        if !disclosures.isEmpty {
            writer.key("disclosures")
            writer.array { writer in
                for disclosure in disclosures { writer.string(String(decoding: disclosure, as: UTF8.self)) }
            }
        }
        SeenEntry.write(withheld, gone, to: &writer)
        for (key, paths) in [("absent", absent), ("omitted", omitted)] where !paths.isEmpty {
            writer.key(key)
            writer.array { writer in for path in paths { writer.string(path) } }
        }
    }

    fileprivate init(_ reader: EventDataReader) throws(ExchangeError) {
        entry = Array(try reader.required("entry", reader.object["entry"]).text)
        isSealedWhole = try reader.bool("whole") ?? false
        let most = LogLimits.disclosuresPerEvent
        disclosures =
            try reader.elements("disclosures", atMost: most) { (value, at) throws(ExchangeError) in
                guard let text = value.string else { throw reader.fault("A disclosure is a string.", at: at) }
                return Array(text.utf8)
            } ?? []
        withheld = try Self.withheld(reader)
        gone = try Self.gone(reader)
        absent = try Self.paths("absent", reader)
        omitted = try Self.paths("omitted", reader)
    }

    private static func withheld(_ reader: EventDataReader) throws(ExchangeError) -> [SeenEntry.Withheld] {
        let fields = try reader.objects(
            "withheld", atMost: VerifiableEntry.maximumPaths, keys: ["path", "class", "compartment", "owner"])
        var result: [SeenEntry.Withheld] = []
        for field in fields ?? [] {
            let reason = WithholdingReason(
                sharingClass: try field.required("class", field.word("class", SharingClass.self)),
                compartment: try field.required("compartment", field.text("compartment", atMost: Self.nameBytes)),
                owner: try field.required("owner", field.text("owner", atMost: Self.nameBytes)))
            result.append(SeenEntry.Withheld(pointer: try path(field), reason: reason))
        }
        return result
    }

    private static let nameBytes = LogLimits.attributeBytes

    private static func gone(_ reader: EventDataReader) throws(ExchangeError) -> [SeenEntry.Gone] {
        let fields = try reader.objects("gone", atMost: VerifiableEntry.maximumPaths, keys: ["path", "cause"])
        var result: [SeenEntry.Gone] = []
        for field in fields ?? [] {
            let cause = try field.required("cause", field.word("cause", SeenEntry.Gone.Cause.self))
            result.append(SeenEntry.Gone(pointer: try path(field), cause: cause))
        }
        return result
    }

    private static func path(_ field: EventDataReader) throws(ExchangeError) -> String {
        try path(field.required("path", field.object["path"]), "path", field)
    }

    private static func paths(_ key: String, _ reader: EventDataReader) throws(ExchangeError) -> [String] {
        try reader.elements(key, atMost: VerifiableEntry.maximumPaths) { (value, at) throws(ExchangeError) in
            try path(value, at, reader)
        } ?? []
    }

    /// A pointer of any length: the names of a schema's properties have no limit of their own.
    private static func path(
        _ value: JSONValue, _ key: String, _ reader: EventDataReader
    ) throws(ExchangeError) -> String {
        guard let text = value.string, JSONPointer(text) != nil else {
            throw reader.fault("This is not a JSON Pointer.", at: key)
        }
        return text
    }
}
