internal import JSON
internal import JSONSchema

/// Walks a schema from place to place of the data, and notes what is marked.
struct SealingPlanCompiler {
    private static let keywords = ["x-sharing", "x-tag"]
    private static let reservedNames: Set<String> = ["_sd", "...", "_sd_alg"]

    private let registry: SchemaRegistry
    private let personalKinds: Set<String>
    private var search: MarkSearch
    private(set) var wholeEvent: SharingMark?
    private(set) var slots: [SealingSlot] = []
    private(set) var hosts: [SealingHost] = []
    private(set) var tags: [TagRule] = []
    /// The way from the event to its data; where the whole event is sealed, the data are wrapped once more.
    private var root: [PathStep] = [.member(Array("data".utf8))]

    init(registry: SchemaRegistry, personalKinds: Set<String>) {
        self.registry = registry
        self.personalKinds = personalKinds
        search = MarkSearch(registry: registry)
    }

    /// Where the walk is.
    private struct Position {
        var path: [PathStep] = []
        var tokens: [String] = []
        /// Why what is here may be absent; nil if it is always there and an object.
        var whyLoose: String?
        /// The field that seals what is here, or nil.
        var sealedBy: Int?
        /// Where the name stands whose key seals what is here; nil if it is an owner's, or nothing is sealed.
        var subject: String?
        /// Whether what is here is in a marked property.
        var isInMark = false
        /// Whether there may be many of what is here.
        var isRepeated = false

        var pointer: String { JSONPointer(tokens: tokens).description }
    }

    mutating func compile(_ uri: String) throws(ExchangeError) {
        let place: SchemaPlace
        do throws(SchemaError) {
            place = try registry.place(at: uri)
        } catch {
            throw ExchangeError(.unknownSchema, error.description)
        }
        let location = try SchemaLocation([place], registry)
        var position = Position()
        wholeEvent = location.mark
        if let mark = location.mark, mark.sharingClass > .public {
            position.sealedBy = try add(
                mark, at: position, .member(Array("data".utf8)), host: root, hostPointer: "", isArray: false,
                parent: nil, place)
            root.append(.member(Array("data".utf8)))
            position.subject = mark.subject
        }
        try walk(location, position)
    }

    private mutating func walk(_ location: SchemaLocation, _ position: Position) throws(ExchangeError) {
        for place in location.places {
            guard let found = try search.first(Self.keywords, in: search.inapplicable(of: place)) else { continue }
            throw refusal(
                found, "What is marked here is not always there, so that the number of digests would tell of it.")
        }
        if let kind = location.tagKind, let place = location.tagPlace {
            guard position.sealedBy == nil || !position.isRepeated else {
                throw refusal(place, "The number of tags would tell how many there are of what is sealed.")
            }
            try checkPerson(kind, position, place)
            tags.append(
                TagRule(kind: kind, path: position.path, pointer: position.pointer, slot: position.sealedBy))
        }
        for (name, schemas) in location.properties(registry) {
            guard !Self.reservedNames.contains(name) else {
                throw ExchangeError(
                    .reservedName, "“\(name)” belongs to the format of digests and cannot be a property's name.",
                    pointer: position.pointer + "/" + name)
            }
            guard try search.first(Self.keywords, in: schemas) != nil else { continue }
            try walkProperty(name, schemas, in: location, position)
        }
        let items = location.items(registry)
        guard let place = try search.first(Self.keywords, in: items) else { return }
        if let marked = try search.first(["x-sharing"], in: items) {
            throw refusal(
                marked, "Marks below “items” need an array that is marked as a whole, and stand on “items” itself.")
        }
        try checkDepth(position, place)
        var inner = position
        inner.path.append(.all)
        inner.tokens.append("*")
        inner.isRepeated = true
        try walk(try SchemaLocation(items, registry), inner)
    }

    private mutating func walkProperty(
        _ name: String, _ schemas: [SchemaPlace], in parent: SchemaLocation, _ position: Position
    ) throws(ExchangeError) {
        try checkDepth(position, schemas[0])
        let location = try SchemaLocation(schemas, registry)
        let step = PathStep.member(Array(name.utf8))
        var inner = position
        inner.path.append(step)
        inner.tokens.append(name)
        if inner.whyLoose == nil, !parent.isAlways("object") {
            inner.whyLoose = "“\(position.pointer)” is not of the type object alone"
        }
        guard let mark = location.mark, let markPlace = location.markPlace else {
            if inner.whyLoose == nil, !parent.requires(name) { inner.whyLoose = "“\(inner.pointer)” is not required" }
            try walk(location, inner)
            return
        }
        guard !position.isInMark else {
            throw refusal(markPlace, "A marked property cannot have marked ones in it: one property, one disclosure.")
        }
        if let why = inner.whyLoose {
            throw refusal(markPlace, "The number of digests would tell what is there: \(why).")
        }
        let slot = try add(
            mark, at: inner, step, host: root + position.path, hostPointer: position.pointer, isArray: false,
            parent: wholeEvent.flatMap { $0.sharingClass > .public ? 0 : nil }, markPlace)
        inner.isInMark = true
        inner.subject = mark.subject
        if mark.sharingClass > .public { inner.sealedBy = slot }
        let items = location.items(registry)
        let person = try SchemaLocation(items, registry)
        if person.mark != nil {
            try addPersons(person, of: location, inner, slot, markPlace)
        } else {
            try walk(location, inner)
        }
    }

    /// Adds the elements of an array that is marked as a whole.
    private mutating func addPersons(
        _ person: SchemaLocation, of array: SchemaLocation, _ position: Position, _ slot: Int, _ place: SchemaPlace
    ) throws(ExchangeError) {
        guard let mark = person.mark, let markPlace = person.markPlace else { return }
        guard array.isAlways("array"), let count = array.maximumItems, (1...SealingPlan.maximumPersons).contains(count)
        else {
            throw refusal(
                place,
                "An array whose elements are marked needs \"type\": \"array\" and “maxItems” from 1 to "
                    + "\(SealingPlan.maximumPersons): that many rows are kept for it.")
        }
        let inside = person.places.flatMap { place in
            search.inapplicable(of: place) + person.items(registry)
                + person.properties(registry).flatMap(\.schemas)
        }
        let around = array.places.flatMap { search.inapplicable(of: $0) }
        if let found = try search.first(Self.keywords, in: inside + around) {
            throw refusal(found, "In a marked element, or beside “items”, nothing else can be marked.")
        }
        guard person.tagPlace == nil else {
            throw refusal(markPlace, "The number of tags would tell how many elements there are.")
        }
        // Each element is `{"...":"` and a digest and `"}`.
        let least = 2 + count * 53 + (count - 1)
        guard slots[slot].field.mark.bytes >= least else {
            throw refusal(
                place, "The digests of \(count) elements take \(least) bytes, more than the array's mark gives it.")
        }
        for index in 0..<count {
            var inner = position
            inner.path.append(.element(index))
            inner.tokens.append(String(index))
            let subject = mark.subject.map { inner.pointer + $0 }
            let own = SharingMark(
                mark.sharingClass, compartment: mark.compartment, owner: mark.owner, subject: subject, bytes: mark.bytes
            )
            _ = try add(
                own, at: inner, .element(index), host: root + position.path, hostPointer: position.pointer,
                isArray: true,
                parent: slot, markPlace)
        }
    }

    /// Adds a field, and its digest to its host.
    private mutating func add(
        _ mark: SharingMark, at position: Position, _ step: PathStep, host: [PathStep], hostPointer: String,
        isArray: Bool,
        parent: Int?, _ place: SchemaPlace
    ) throws(ExchangeError) -> Int {
        guard slots.count < SealingPlan.maximumFields else {
            throw refusal(place, "A schema has at most \(SealingPlan.maximumFields) marked fields.")
        }
        var quotedName: [UInt8] = []
        if case .member(let name) = step {
            JSONText.appendQuoted(String(decoding: name, as: UTF8.self), to: &quotedName)
        }
        let pointer = position.pointer
        slots.append(
            SealingSlot(
                field: Field(pointer: pointer, mark: mark), parent: parent, step: step, quotedName: quotedName,
                pointerField: EventPlace.field(Array(pointer.utf8)),
                subjectPath: mark.subject.flatMap { JSONPointer($0) }.map { Self.path($0) },
                ownerKey: KeyReference(.agency(mark.owner), compartment: mark.compartment)))
        let index = hosts.firstIndex { $0.path == host } ?? hosts.count
        if index == hosts.count { hosts.append(SealingHost(path: host, pointer: hostPointer, isArray: isArray)) }
        hosts[index].slots.append(slots.count - 1)
        return slots.count - 1
    }

    /// A pointer's steps; a token that is an index may be the key of a member as well, and the value tells.
    private static func path(_ pointer: JSONPointer) -> [PathStep] {
        pointer.tokens.map { .member(Array($0.utf8)) }
    }

    /// Checks that what becomes a tag that names a person is sealed under that person's key.
    private func checkPerson(_ kind: String, _ position: Position, _ place: SchemaPlace) throws(ExchangeError) {
        guard personalKinds.contains(kind) else { return }
        let pointer = position.pointer
        guard !position.isRepeated, let subject = position.subject, subject.utf8.elementsEqual(pointer.utf8) else {
            throw SharingMarkReader.refusal(
                place, "x-tag",
                "“\(pointer)” becomes a tag of the kind “\(kind)”, which names persons, but is not sealed under the key of "
                    + "whom it names: erasing the person would leave it. Mark it with the subject “\(pointer)”.")
        }
    }

    private func checkDepth(_ position: Position, _ place: SchemaPlace) throws(ExchangeError) {
        guard position.path.count < SealingPlan.maximumDepth else {
            throw refusal(place, "Marks stand at most \(SealingPlan.maximumDepth) deep, and not where a schema recurs.")
        }
    }

    private func refusal(_ place: SchemaPlace, _ reason: String) -> ExchangeError {
        SharingMarkReader.refusal(place, "", reason)
    }
}
