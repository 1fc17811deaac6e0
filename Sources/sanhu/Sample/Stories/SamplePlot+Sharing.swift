import EventLog

/// Requests between agencies: assistance of the seven kinds (执法互助), and fields asked for and granted.
extension SamplePlot {
    /// Who asks whom, for which fields, of each kind in turn.
    private static let kinds: [(kind: String, asking: SampleAgency, owner: SampleAgency, compartment: String)] = [
        ("terrorism", .police, .border, "personal"), ("emergency", .portOffice, .maritime, "security"),
        ("smuggling", .antiSmuggling, .customs, "trade-secret"), ("tax-refund-fraud", .tax, .customs, "trade-secret"),
        ("quarantine-evasion", .agriculture, .customs, "trade-secret"),
        ("illegal-migration", .police, .border, "personal"),
        ("unsafe-products", .market, .customs, "trade-secret"),
    ]

    static var kindsOfAssistance: Int { kinds.count }

    /// A request for assistance: answered in time, late, in part, refused, or never.
    init(
        assistance number: Int, kind: Int, about object: String, at port: SamplePort, at time: SampleTime, seed: UInt64
    ) {
        self.init(SampleStory(kind: .assistance, index: number, seed: seed, port: port))
        let (name, asking, owner, compartment) = Self.kinds[kind]
        // How it goes changes with the kind and from day to day.
        let turn = number / 1_000 + kind
        let (caseName, deadline) = ("A-\(number)", time + random.within(20...40) * SampleTime.hour)
        let asked = tell("assistance.requested", asking, at: time) { data in
            data.text("kind", name)
            data.text("owner", owner.rawValue)
            data.object("fields") { $0.texts("compartments", [compartment]) }
            data.texts("objects", ["declaration:" + object])
            data.text("purpose", "assistance")
            data.text("case", caseName)
            data.time("to", time + 20 * SampleTime.day)
            data.time("deadline", deadline)
            data.text("subject", "Sample Imports 007")
            data.found("agency", owner.rawValue)
        }
        self.name([asked])
        // One in six gets no answer.
        guard turn % 6 != 5 else { return }
        let isLate = turn % 4 == 3
        let isRefused = turn % 5 == 4
        let isPartial = !isRefused && turn % 7 == 6
        let at = isLate ? deadline + some(120...900) : time + some(120...1_100)
        if !isRefused {
            tellDecision(on: asked, owner, "granted", at: at - some(10...60))
        }
        let answered = tell("assistance.answered", owner, at: at, after: steps.count - 1) { data in
            data.position("assistance", of: asked)
            data.text("result", isRefused ? "refused" : isPartial ? "partly" : "provided")
            if isRefused || isPartial { data.texts("reasons", ["Other files are under another case"]) }
            if !isRefused { data.texts("evidence", ["file \(caseName)"]) }
        }
        tell("assistance.closed", asking, 600...2_000, after: answered) { data in
            data.position("assistance", of: asked)
            data.texts("reasons", ["case closed"])
        }
    }

    @discardableResult
    private mutating func tellDecision(
        on asked: Int, _ owner: SampleAgency, _ outcome: String, at time: SampleTime, to: SampleTime? = nil
    ) -> Int {
        tell("disclosure.decided", owner, at: max(time, known(asked) + 60), after: steps.count - 1) { data in
            data.position("request", of: asked)
            data.text("outcome", outcome)
            data.texts("reasons", ["Art. 5 of the rules on data use"])
            if let to { data.time("to", to) }
        }
    }

    /// A request for fields: denied and disputed, or granted and revoked, or granted until its time is over.
    init(disclosure number: Int, about object: String, at port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .disclosure, index: number, seed: seed, port: port))
        let ends = time + SampleTime.day
        let asked = tell("disclosure.requested", .tax, at: time) { data in
            data.text("owner", SampleAgency.customs.rawValue)
            data.object("fields") { data in
                data.texts("types", ["sanhu.declaration.lodged"])
                data.texts("pointers", ["/commercial"])
            }
            data.texts("objects", ["declaration:" + object])
            data.text("purpose", "refund")
            data.text("case", "T-\(number)")
            data.time("to", number % 3 == 2 ? ends : time + 30 * SampleTime.day)
            data.text("purposeDetail", "The refund of this declaration is examined")
            data.found("agency", SampleAgency.customs.rawValue)
        }
        let checked = tell("disclosure.checked", .customs, 30...120, after: asked) { data in
            data.position("request", of: asked)
            data.bool("conforms", true)
        }
        let decided = tellDecision(
            on: asked, .customs, number % 3 == 0 ? "denied" : "granted", at: self.time(checked) + some(60...240))
        name([asked, decided])
        switch number % 3 {
        case 0:
            tell("disclosure.disputed", .tax, 60...300, after: decided) { data in
                data.position("decision", of: decided)
                data.texts("reasons", ["It is the same enterprise"])
            }
        case 1:
            tell("disclosure.revoked", .customs, 600...1_200, after: decided) { data in
                data.position("grant", of: decided)
                data.texts("reasons", ["The refund is decided"])
            }
        default:
            tell("disclosure.expired", .singleWindow, at: ends + some(1...10), after: decided, role: .concluded) {
                data in
                data.position("grant", of: decided)
            }
        }
    }

    /// A complaint of an enterprise, which the port office passes on.
    init(complaint number: Int, about object: String, at port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .disclosure, index: number, seed: seed, port: port))
        let asked = tell("assistance.requested+action", .portOffice, at: time) { data in
            data.text("kind", "complaint")
            data.tags("asked", [SampleAgency.customs.rawValue], as: "agency")
            data.text("action", "answer")
            data.texts("objects", ["declaration:" + object])
            data.text("case", "K-\(number)")
            data.time("deadline", time + 5 * SampleTime.day)
            data.objects("statements", [0]) { data, _ in data.text("text", "Three days without an answer") }
        }
        let event = reference(asked)
        tell("notice.acknowledged", .customs, 60...600, after: asked) { data in
            data.text("stage", "answered")
            data.reference("event", event)
            data.text("party", data.agency.rawValue)
        }
    }
}
