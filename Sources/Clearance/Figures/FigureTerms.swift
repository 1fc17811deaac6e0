public import EventLog
internal import Exchange
internal import JSON

/// What figures depend on beside the story of one object: policies, when conveyances arrived, and what time it is.
public struct FigureTerms: Sendable {
    /// A policy as it was published.
    public struct Policy: Sendable {
        public let position: Position
        public let agency: String
        public let kind: String
        public let edition: String
        public let jurisdiction: String
        let data: JSONValue

        private var validity: JSONValue? { data["validity"] }
        private var ports: [String] { data["ports"]?.elements.compactMap(\.string) ?? [] }

        /// Whether it speaks of a port: of those that it names, or else, if it is of a whole country, of all there. Which ports a
        /// part of a country has, only a policy that names them says.
        func isAbout(port: String) -> Bool {
            ports.isEmpty ? jurisdiction.utf8.count == 2 && port.hasPrefix(jurisdiction) : ports.contains(port)
        }

        /// Whether it is in force on a day at a port.
        func isInForce(on day: String, at port: String) -> Bool {
            guard day >= validity?["from"]?.string ?? "" else { return false }
            if let end = validity?["to"]?.string, day >= end { return false }
            return ports.isEmpty || ports.contains(port)
        }
    }

    /// A breach of a rule.
    struct Breach: Sendable {
        let rule: String
        /// `kind:value`.
        let object: String
        let recorded: Timestamp
    }

    /// The breaches of rules that the ledger has recorded; nil if the reader may not see them all.
    var breaches: [Breach]?

    /// An arrival of a conveyance: at what port and on what voyage, if it says so.
    private struct Call: Sendable {
        let moment: Timestamp
        let voyage: String?
        let port: String?
    }

    /// Those below the position, in their order, of those whose policies count.
    public let policies: [Policy]
    /// Lists of fees of agencies that charge: each is their own, for what the others do not name.
    private let ownFees: [Policy]
    /// The recorded time of the last entry below the position: what is over then is over.
    public let now: Timestamp
    /// When conveyances arrived where, with the voyage; and containers at the yard.
    private var arrivals: [String: [Call]] = [:]
    private var gates: [String: [Timestamp]] = [:]

    /// The classes of enterprises, as customs rated them: from when to when.
    private var classes: [String: [Rating]] = [:]

    private struct Rating: Sendable {
        let recorded: Timestamp
        let from: String
        let until: String?
        let rating: String
    }

    /// - Parameter time: If given, what is over then is over.
    init(log: Log, at position: Position, trueAt time: Timestamp? = nil) throws(LogError) {
        let last = position > 0 ? try log.entry(at: position - 1).recorded : Timestamp(microseconds: 0)
        now = time ?? last
        let query = Query(types: [PolicyShelf.type])
        let all = try log.read(query, ReadRange(to: position)).compactMap { entry -> Policy? in
            guard let root = try? JSONDocument(parsing: entry.bytes).root, let data = root["event"]?["data"] else {
                return nil
            }
            return Policy(
                position: entry.position, agency: root["agency"]?.string ?? "", kind: data["kind"]?.string ?? "",
                edition: data["edition"]?.string ?? "", jurisdiction: data["jurisdiction"]?.string ?? "-", data: data)
        }
        policies = all.filter { PolicyPublishers.of($0.kind).contains($0.agency) }
        ownFees = all.filter { $0.kind == "fee-list" && !PolicyPublishers.of($0.kind).contains($0.agency) }
    }

    /// Those of a kind in force, without those that others in force of the same agency supersede; the newest first.
    func inForce(_ kind: String, on moment: Timestamp, at port: String) -> [Policy] {
        Self.inForce(policies.filter { $0.kind == kind }, on: moment, at: port)
    }

    /// The lists of fees by which an agency may charge: those of the port, and its own.
    func feeLists(of agency: String, on moment: Timestamp, at port: String) -> [Policy] {
        inForce("fee-list", on: moment, at: port)
            + Self.inForce(ownFees.filter { $0.agency == agency }, on: moment, at: port)
    }

    private static func inForce(_ policies: [Policy], on moment: Timestamp, at port: String) -> [Policy] {
        let day = PortRules.day(of: moment)
        let valid = policies.filter { $0.isInForce(on: day, at: port) }
        let superseded = Set(
            valid.compactMap { policy in policy.data["supersedes"]?.string.map { [policy.agency, $0] } })
        return valid.filter { !superseded.contains([$0.agency, $0.edition]) }.reversed()
    }

    /// When the goods of a declaration arrived: of an export at the yard, else at the port. As an event says that names the
    /// declaration; else as its conveyance or its containers did; else as its release says.
    func arrival(of story: FigureStory) -> Timestamp? {
        story.flow == "export" ? yardArrival(of: story) : portArrival(of: story)
    }

    /// Of the calls of the conveyance at the declaration's port that of the voyage which the declaration names; if it names none, the next after it was
    /// lodged if it says that it was lodged before the arrival, else the last before that.
    func portArrival(of story: FigureStory) -> Timestamp? {
        let own = story.all("conveyance.arrived").filter { $0.text("direction") != "departure" }.map(\.moment).min()
        if let own { return own }
        if let lodged = story.first("declaration.lodged"), let conveyance = lodged.text("conveyance"),
            let all = arrivals[conveyance]
        {
            // A ship calls at several ports on one voyage.
            let port = lodged.text("port")
            let calls = all.filter { $0.port == nil || port == nil || $0.port == port }
            if let voyage = lodged.text("voyage") {
                if let call = calls.filter({ $0.voyage == voyage }).map(\.moment).min() { return call }
            } else {
                let before = calls.map(\.moment).filter { $0 <= lodged.moment }.max()
                let after = calls.map(\.moment).filter { $0 > lodged.moment }.min()
                let isAhead = lodged.flag("preLodged") == true
                if let call = isAhead ? after ?? before : before ?? after { return call }
            }
        }
        return story.first("release.completed")?.time("arrivedAt")
    }

    /// The first of its containers at the yard, each as it last came before the release.
    func yardArrival(of story: FigureStory) -> Timestamp? {
        let own = story.all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.moment).min()
        if let own { return own }
        guard let release = story.first("release.completed") else { return nil }
        let containers = story.first("declaration.lodged")?.members("transport/containers", "id") ?? []
        return containers.compactMap { gates[$0]?.filter { $0 <= release.moment }.max() }.min()
    }

    /// The class of the enterprise whose goods are declared, as customs had rated it when they were lodged (企业信用等级); `-` if it
    /// had not.
    func enterpriseClass(of story: FigureStory) -> String {
        guard let lodged = story.first("declaration.lodged"),
            let enterprise = lodged.text(story.flow == "export" ? "parties/exporter" : "parties/importer")
        else { return "-" }
        let day = PortRules.day(of: lodged.moment)
        let known = classes[enterprise]?.last { $0.recorded <= lodged.recorded && $0.from <= day }
        guard let known, known.until.map({ day <= $0 }) ?? true else { return "-" }
        return known.rating
    }

    /// Takes in the arrivals of a conveyance, or of a container at the yard, or the ratings of an enterprise.
    mutating func take(_ story: FigureStory) {
        let name = String(story.object.drop { $0 != ":" }.dropFirst())
        for arrival in story.all("conveyance.arrived") where arrival.text("direction") != "departure" {
            arrivals[name, default: []].append(
                Call(moment: arrival.moment, voyage: arrival.text("voyage"), port: arrival.text("port")))
        }
        let gate = story.all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.moment)
        if !gate.isEmpty { gates[name] = gate }
        let rated = story.all("credit.rated").filter { $0.isOf("CUS") && $0.text("scheme") == "AEO" }
        guard !rated.isEmpty else { return }
        classes[name] = rated.compactMap { step in
            guard let rating = step.text("rating") else { return nil }
            let from = step.text("from").map { String($0.prefix(10)) } ?? PortRules.day(of: step.recorded)
            return Rating(
                recorded: step.recorded, from: from,
                until: step.text("until").map { String($0.prefix(10)) }, rating: rating)
        }
    }
}
