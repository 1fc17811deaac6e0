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

        /// Whether it is in force on a day at a port.
        func isInForce(on day: String, at port: String) -> Bool {
            guard day >= validity?["from"]?.string ?? "" else { return false }
            if let end = validity?["to"]?.string, day >= end { return false }
            return ports.isEmpty || ports.contains(port)
        }
    }

    /// Those below the position, in their order.
    public let policies: [Policy]
    /// The recorded time of the last entry below the position: what is over then is over.
    public let now: Timestamp
    /// When conveyances arrived, with the voyage; and containers at the yard.
    private var arrivals: [String: [(moment: Timestamp, voyage: String?)]] = [:]
    private var gates: [String: [Timestamp]] = [:]

    init(log: Log, at position: Position) throws(LogError) {
        now = position > 0 ? try log.entry(at: position - 1).recorded : Timestamp(microseconds: 0)
        let query = Query(types: [PolicyShelf.type])
        policies = try log.read(query, ReadRange(to: position)).compactMap { entry in
            guard let root = try? JSONDocument(parsing: entry.bytes).root, let data = root["event"]?["data"] else {
                return nil
            }
            return Policy(
                position: entry.position, agency: root["agency"]?.string ?? "", kind: data["kind"]?.string ?? "",
                edition: data["edition"]?.string ?? "", jurisdiction: data["jurisdiction"]?.string ?? "-", data: data)
        }
    }

    /// Those of a kind in force, without those that others in force of the same agency supersede; the newest first.
    func inForce(_ kind: String, on moment: Timestamp, at port: String) -> [Policy] {
        let day = PortRules.day(of: moment)
        let valid = policies.filter { $0.kind == kind && $0.isInForce(on: day, at: port) }
        let superseded = Set(
            valid.compactMap { policy in policy.data["supersedes"]?.string.map { [policy.agency, $0] } })
        return valid.filter { !superseded.contains([$0.agency, $0.edition]) }.reversed()
    }

    /// When the goods of a declaration arrived: of an export at the yard, else at the port. As an event says that names the
    /// declaration; else as its conveyance or its containers did; else as its release says.
    func arrival(of story: FigureStory) -> Timestamp? {
        story.flow == "export" ? yardArrival(of: story) : portArrival(of: story)
    }

    /// Of the calls of the conveyance that of the voyage which the declaration names; if it names none, the next after it was
    /// lodged if it says that it was lodged before the arrival, else the last before that.
    func portArrival(of story: FigureStory) -> Timestamp? {
        let own = story.all("conveyance.arrived").filter { $0.text("direction") != "departure" }.map(\.moment).min()
        if let own { return own }
        if let lodged = story.first("declaration.lodged"), let conveyance = lodged.text("conveyance"),
            let calls = arrivals[conveyance]
        {
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

    /// Takes in the arrivals of a conveyance, or of a container at the yard.
    mutating func take(_ story: FigureStory) {
        let name = String(story.object.drop { $0 != ":" }.dropFirst())
        for arrival in story.all("conveyance.arrived") where arrival.text("direction") != "departure" {
            arrivals[name, default: []].append((arrival.moment, arrival.text("voyage")))
        }
        let gate = story.all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.moment)
        if !gate.isEmpty { gates[name] = gate }
    }
}
