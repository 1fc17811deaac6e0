internal import EventLog
internal import Exchange

/// The objects of an export, gathered while their events go by: what each is over time, and to which others it belongs. They are
/// held in memory, up to a limit.
struct MinedObjects {
    /// One object.
    struct Object {
        let tag: Tag
        /// In the order of events: each value once as long as it stays.
        var values: [(name: String, value: MinedValue, time: Timestamp)] = []
        /// In the order of events, each once.
        var relations: [MinedEvent.Relation] = []
    }

    private let limits: MiningLimits
    private var numbers: [Tag: Int] = [:]
    /// In the order in which events first name them.
    private(set) var all: [Object] = []
    private var valueCount = 0

    init(_ limits: MiningLimits) {
        self.limits = limits
    }

    /// Takes in what an event tells of its objects.
    ///
    /// - Throws: ``ExchangeError`` with code `.limitExceeded`.
    mutating func take(_ event: MinedEvent) throws(ExchangeError) {
        let objects = event.objects
        for object in objects {
            let number = try number(of: object)
            for (name, value) in Self.told(of: object, by: event) {
                guard all[number].values.last(where: { $0.name == name })?.value != value else { continue }
                try count()
                all[number].values.append((name, value, event.time))
            }
        }
        guard let kind = MiningVocabulary.relating[event.type] else { return }
        let owners = objects.filter { $0.isOf(kind: kind) }
        // Of an event that names several, nobody can tell to which of them the others belong.
        guard owners.count == 1, let owner = owners.first, let number = numbers[owner] else { return }
        for relation in event.relations where relation.object != owner {
            guard !all[number].relations.contains(relation) else { continue }
            try count()
            all[number].relations.append(relation)
        }
    }

    private mutating func number(of object: Tag) throws(ExchangeError) -> Int {
        if let number = numbers[object] { return number }
        guard all.count < limits.objects else {
            throw MiningFault.tooMuch("\(limits.objects) objects")
        }
        let number = all.count
        numbers[object] = number
        all.append(Object(tag: object))
        return number
    }

    private mutating func count() throws(ExchangeError) {
        valueCount += 1
        guard valueCount <= limits.values else { throw MiningFault.tooMuch("\(limits.values) values of objects") }
    }

    /// What an event says of one of its objects, sorted by name.
    private static func told(of object: Tag, by event: MinedEvent) -> [(String, MinedValue)] {
        var told: [(String, MinedValue)] = []
        for (kind, types, fields) in MiningVocabulary.objectFields
        where object.isOf(kind: kind) && types.contains(event.type) {
            // Of an event that names several of a kind, its data are about none of them in particular.
            guard event.objects.filter({ $0.isOf(kind: kind) }).count == 1 else { continue }
            told += fields.compactMap { name in event.value(name).map { (name, $0) } }
        }
        if object.isOf(kind: "declaration"), let state = MiningVocabulary.states[event.type] {
            told.append(("state", .text(state)))
        }
        return told
    }
}

/// Why an export was given up.
enum MiningFault {
    static func tooMuch(_ what: String) -> ExchangeError {
        ExchangeError(
            .limitExceeded,
            "The export has more than \(what), which is more than is held in memory. Export less at a time: by --from and "
                + "--at, --since and --until, --port, or fewer kinds of objects.")
    }
}
