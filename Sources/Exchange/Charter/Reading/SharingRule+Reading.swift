import EventLog
import JSON

extension SharingRule {
    /// Reads a rule. Readers and fields must be there even if they leave everything open: a rule that opens all to all
    /// is not made by forgetting something.
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(
            value, at: pointer, ["id", "effect", "readers", "fields", "purposes", "needsCase", "validity"])
        self.init(
            id: try object.text("id", .code),
            try object.word("effect", Effect.self, of: [.permit, .prohibit]),
            readers: try ReaderSelector(object.required("readers"), at: object.path("readers")),
            fields: try FieldSelector(object.required("fields"), at: object.path("fields")),
            purposes: try object.texts("purposes", .code, atMost: CharterLimits.namesPerSelector),
            needsCase: try object.bool("needsCase") ?? false, validity: try object.validity())
        // Who sends an event says whom it addresses, and must not lift a prohibition by leaving that out.
        guard effect == .permit || !readers.addressed else {
            throw CharterObject.malformed(
                object.path("readers") + "/addressed", "cannot stand in a prohibition: let it hold for all readers")
        }
    }
}

extension ReaderSelector {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["kinds", "agencies", "roles", "addressed"])
        let limit = CharterLimits.namesPerSelector
        self.init(
            kinds: try object.words("kinds", ReaderKind.self, of: ReaderKind.allCases),
            agencies: try object.texts("agencies", .code, atMost: limit),
            roles: try object.texts("roles", .code, atMost: limit), addressed: try object.bool("addressed") ?? false)
    }
}

extension FieldSelector {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["types", "owners", "compartments", "classes", "pointers"])
        let limit = CharterLimits.namesPerSelector
        self.init(
            types: try object.texts("types", .type, atMost: limit),
            owners: try object.texts("owners", .code, atMost: limit),
            compartments: try object.texts("compartments", .code, atMost: limit),
            classes: try object.words("classes", SharingClass.self, of: SharingClass.allCases),
            pointers: try object.texts("pointers", .pointer, atMost: limit))
    }
}

extension DisclosureDeadlines {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(
            value, at: pointer,
            ["check", "answer", "answerUnpublished", "minutesAheadOfUTC", "holidays", "workdays"])
        let days = 1...CharterLimits.workingDays
        self.init(
            check: try object.integer("check", in: days), answer: try object.integer("answer", in: days),
            answerUnpublished: try object.integer("answerUnpublished", in: days),
            minutesAheadOfUTC: try object.integer("minutesAheadOfUTC", in: -1_080...1_080),
            holidays: try Self.days(object, "holidays"), workdays: try Self.days(object, "workdays"))
    }

    private static func days(_ object: CharterObject, _ name: String) throws(ExchangeError) -> [Int] {
        var days: Set<Int> = []
        for (element, pointer) in try object.elements(name, atMost: CharterLimits.holidays) {
            guard let day = element.string.flatMap({ dayNumber(date: $0) }) else {
                throw CharterObject.malformed(pointer, "must be a date such as 2026-10-01")
            }
            guard days.insert(day).inserted else { throw CharterObject.malformed(pointer, "repeats a day") }
        }
        return days.sorted()
    }
}
