public import JSON
public import Views

/// What may be known of one object: a state that steps are folded into.
public protocol CaseFile: Sendable, Hashable {
    /// The kinds of tags that name such objects.
    static var kinds: [String] { get }

    /// - Parameter object: `kind:value`.
    init(object: String)

    /// The object, `kind:value`.
    var object: String { get }
    /// What happened, in the order of positions.
    var steps: [CaseStep] { get }

    /// Takes in what happened next.
    mutating func take(_ step: CaseStep)

    /// Takes in that a declaration names an object, by its tag. Only files of declarations are told.
    mutating func relate(_ tag: String)

    /// Writes what is in it beside object and steps, as docs/case-files.md says.
    func writeState(to writer: inout JSONWriter)
}

extension CaseFile {
    public mutating func relate(_ tag: String) {}

    /// The view that folds it. All files of cases are folds over the facts of one view.
    public static var view: View<Self> {
        View(
            name: CaseFiles.definition.name, version: CaseFiles.definition.version, query: CaseFiles.definition.query,
            initial: { Self(object: $0) }, map: CaseFiles.definition.map,
            fold: { file, fact in
                if let step = CaseStep(fact, of: file.object) { file.take(step) }
                for tag in CaseMapping.related(fact) where tag != file.object { file.relate(String(tag)) }
            })
    }

    /// Writes the file as one object.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("object", object)
            writeState(to: &writer)
            writer.key("steps")
            writer.array { writer in for step in steps { step.write(to: &writer) } }
        }
    }

    /// The file as JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024 + steps.count * 256)
        write(to: &writer)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a member whose value is a string, if there is one.
    mutating func member(_ key: String, ifAny value: String?) {
        if let value { member(key, value) }
    }

    /// Writes a member whose value is a boolean.
    mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        bool(value)
    }

    /// Writes a member whose value is an array.
    mutating func list<Element>(
        _ key: String, _ elements: [Element], _ write: (_ element: Element, _ writer: inout JSONWriter) -> Void
    ) {
        self.key(key)
        array { writer in for element in elements { write(element, &writer) } }
    }

    /// Writes a member whose value is an array of strings.
    mutating func list(_ key: String, _ texts: [String]) { list(key, texts) { $1.string($0) } }
}
