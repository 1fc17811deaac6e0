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
    /// When calls of conveyances arrived, by conveyance and voyage; without a voyage, by the conveyance alone.
    var arrivals: [String: Timestamp] = [:]
    /// All arrivals of a conveyance, and all times a container came into a yard.
    private var calls: [String: [Timestamp]] = [:]
    private var yards: [String: [Timestamp]] = [:]

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

    /// When a declaration's goods arrived: as an arrival says that names it, else as its conveyance's call, of which it may name no
    /// voyage: then the last before the release; else as its release says.
    func arrival(of story: FigureStory) -> Timestamp? {
        let own = story.all("conveyance.arrived").filter { $0.text("direction") != "departure" }.map(\.moment).min()
        if let own { return own }
        if let lodged = story.first("declaration.lodged"), let conveyance = lodged.text("conveyance"),
            let call = arrivals[Self.call(conveyance, lodged.text("voyage"))]
        {
            return call
        }
        if let lodged = story.first("declaration.lodged"), lodged.text("voyage") == nil,
            let conveyance = lodged.text("conveyance"), let call = Self.last(calls[conveyance], before: story)
        {
            return call
        }
        return story.first("release.completed")?.time("arrivedAt")
    }

    /// When a declaration's goods came into the yard: as a move says that names it, else as the first container does that it was lodged
    /// with, the last time before the release.
    func yard(of story: FigureStory) -> Timestamp? {
        let own = story.all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.moment).min()
        if let own { return own }
        let container = story.first("declaration.lodged")?.text("transport/containers/0/id")
        return container.flatMap { Self.last(yards[$0], before: story) }
    }

    private static func last(_ times: [Timestamp]?, before story: FigureStory) -> Timestamp? {
        guard let release = story.first("release.completed")?.moment else { return nil }
        return times?.filter { $0 <= release }.max()
    }

    /// Takes in when a container came into a yard.
    mutating func take(container: FigureStory) {
        let times = container.all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.moment)
        guard !times.isEmpty else { return }
        yards[String(container.object.drop { $0 != ":" }.dropFirst())] = times
    }

    /// Takes in the arrivals of a conveyance.
    mutating func take(_ conveyance: FigureStory) {
        let name = String(conveyance.object.drop { $0 != ":" }.dropFirst())
        for arrival in conveyance.all("conveyance.arrived") where arrival.text("direction") != "departure" {
            let call = Self.call(name, arrival.text("voyage"))
            arrivals[call] = min(arrivals[call] ?? arrival.moment, arrival.moment)
            calls[name, default: []].append(arrival.moment)
        }
    }

    private static func call(_ conveyance: String, _ voyage: String?) -> String { conveyance + "\n" + (voyage ?? "") }
}
