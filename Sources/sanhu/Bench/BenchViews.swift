import ArgumentParser
import EventLog
import Exchange
import Foundation
import JSON
import Views

/// `sanhu bench views`.
struct BenchViews: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "views",
        abstract: "How fast views are folded beside a plain scan, read, and rebuilt while events are appended.",
        discussion: """
            On a ledger with a charter in a temporary folder that is removed afterwards. Rebuilt in turns with a scan of the \
            same entries: the counting view (a sum for each type and day) and the timeline (a row for each tag). Then an \
            object of 50 events is read, and events are appended with and without a rebuild under way. At last the case files \
            (a row for each object of an event, with its fields) are rebuilt in turns with a scan, and one of 50 events is read.

            EXAMPLES
              sanhu bench views --events 1000000
            """)

    @Option(name: .long, help: "How many events.")
    var events: Int = 1_000_000

    @Option(name: .long, help: "How many bytes an entry has, about.")
    var bytes: Int = 700

    @Option(name: .long, help: "How many times each is measured; the medians count.")
    var rounds: Int = 3

    @Flag(name: .long, help: "Only the case files, on a log of the same size as with the others.")
    var onlyCases = false

    func validate() throws {
        guard events > 0, rounds > 0, (400...60_000).contains(bytes) else {
            throw ValidationError("--events and --rounds from 1, --bytes 400 to 60000.")
        }
    }

    func run() async throws {
        let bar = ProgressBar("measuring")
        let result = try await BenchMachine.inTemporaryFolder { folder in
            let bench = try await BenchExchange.found(at: folder)
            defer { bench.ledger.close() }
            let keeper = try ViewKeeper(of: bench.ledger)
            defer { keeper.close() }
            return try await measure(ViewBench(bench: bench, keeper: keeper, bytes: bytes), bar)
        }
        bar.finish()
        Output.standard.writeObject { writer in
            writer.member("bench", "views")
            result.write(to: &writer)
            writer.member("events", Int64(events))
            writer.member("bytes", Int64(bytes))
            BenchMachine.write(to: &writer, folder: NSTemporaryDirectory())
        }
        Output.standard.flush()
    }

    private func measure(_ bench: ViewBench, _ bar: ProgressBar) async throws -> ViewBench.Result {
        var result = ViewBench.Result()
        try await bench.fill(events)
        bar.show(0.2)
        guard !onlyCases else {
            for _ in 0..<rounds * 2 { _ = try await bench.append(events / 5, rebuilding: nil) }
            result.cases = try await bench.cases(rounds: rounds)
            return result
        }
        let counts = try bench.keeper.open(StandardViews.counts)
        let timeline = try bench.keeper.open(StandardViews.timeline.definition)
        let head = try bench.head
        for view in [counts, timeline] {
            guard await view.reached(head, timeout: .seconds(3_600)) else {
                throw CommandFailure(.failed, "\(view.state)")
            }
        }
        for round in 0..<rounds {
            result.scan.append(try bench.scan())
            result.counts.append(try await bench.rebuild(counts))
            result.timeline.append(try await bench.rebuild(timeline))
            bar.show(0.2 + 0.4 * Double(round + 1) / Double(rounds))
        }
        (result.withheld, result.disclosed) = try await bench.read(timeline)
        result.commit = try BenchMachine.commitTime(in: bench.bench.ledger.log.path)
        bar.show(0.7)
        for _ in 0..<rounds {
            result.appends.append(try await bench.append(events / 5, rebuilding: nil))
            result.appendsRebuilding.append(try await bench.append(events / 5, rebuilding: timeline))
        }
        bar.show(0.9)
        result.cases = try await bench.cases(rounds: rounds)
        return result
    }
}

/// What is measured of views.
struct ViewBench: Sendable {
    struct Result {
        var scan: [Double] = []
        var counts: [Double] = []
        var timeline: [Double] = []
        /// Seconds of reading an object of 50 events.
        var withheld: [Double] = []
        var disclosed: [Double] = []
        /// Seconds of making a commit durable, which what is disclosed waits for.
        var commit = 0.0
        var appends: [Double] = []
        var appendsRebuilding: [Double] = []
        var cases = CaseBench()

        func write(to writer: inout JSONWriter) {
            guard !counts.isEmpty else { return cases.write(to: &writer) }
            writer.key("counts")
            writer.object { BenchMachine.write(comparing: "scan", scan, "fold", counts, to: &$0) }
            writer.key("timeline")
            writer.object { BenchMachine.write(comparing: "scan", scan, "fold", timeline, to: &$0) }
            writer.key("appends")
            writer.object { writer in
                BenchMachine.write(comparing: "alone", appends, "rebuilding", appendsRebuilding, to: &writer)
            }
            for (name, times) in [("object_of_50_us", withheld), ("object_of_50_disclosed_us", disclosed)] {
                ViewBench.write(name, median: times, to: &writer)
            }
            cases.write(to: &writer)
            writer.key("commit_us")
            _ = writer.number(String(format: "%.0f", commit * 1e6))
        }
    }

    static let object = "declaration:bench-50"
    static let reads = 200

    /// The median of some times, in microseconds.
    static func write(_ name: String, median times: [Double], to writer: inout JSONWriter) {
        writer.key(name)
        _ = writer.number(String(format: "%.0f", times.sorted()[times.count / 2] * 1e6))
    }

    let bench: BenchExchange
    let keeper: ViewKeeper
    let plain: BenchEvents

    init(bench: BenchExchange, keeper: ViewKeeper, bytes: Int) {
        self.bench = bench
        self.keeper = keeper
        plain = BenchEvents(bytes: bytes, tags: 3, schema: BenchExchange.schema)
    }

    var head: Position { get throws { try bench.ledger.log.head } }

    /// Appends events as they are stored, and fifty that are sealed about one object.
    func fill(_ count: Int) async throws {
        let tag = try Tag(Self.object)
        let sealed = BenchExchange.events(0..<50, like: plain).map { AgencyEvent($0.event, tags: [tag]) }
        _ = try await bench.ledger.append(sealed, as: BenchExchange.agency)
        for start in stride(from: 0, to: count, by: 10_000) {
            _ = try await bench.ledger.log.append(AppendRequest(plain.drafts(start..<min(count, start + 10_000))))
        }
    }

    func scan() throws -> Double {
        var (entries, sum) = (0, 0)
        let time = try ContinuousClock().measure {
            try bench.ledger.log.scan { (_, _, entry) throws(LogError) in
                sum &+= Int(entry[0]) &+ Int(entry[entry.count - 1])
                entries += 1
                return true
            }
        }
        return Double(entries) / time.seconds
    }

    func rebuild(_ view: ViewRunner) async throws -> Double {
        let head = try head
        let time = try await ContinuousClock().measure { try await view.rebuildAll() }
        return Double(head) / time.seconds
    }

    /// Reads an object as one from whom its classified fields are withheld, and as its owner.
    func read(_ view: ViewRunner) async throws -> (withheld: [Double], disclosed: [Double]) {
        var times: ([Double], [Double]) = ([], [])
        for _ in 0..<Self.reads {
            let withheld = try await ContinuousClock().measure {
                _ = try await view.facts(of: Self.object, for: Reader(.authority, agency: BenchExchange.onlooker))
            }
            let disclosed = try await ContinuousClock().measure {
                _ = try await view.facts(of: Self.object, for: Reader(.authority, agency: BenchExchange.agency))
            }
            times.0.append(withheld.seconds)
            times.1.append(disclosed.seconds)
        }
        return times
    }

    /// Appends events, several requests under way, and returns how many a second; if a view is given, it is rebuilt meanwhile.
    func append(_ count: Int, rebuilding view: ViewRunner?) async throws -> Double {
        let start = Int(try head) + 1_000_000_000
        let rebuild = Task { try await view?.rebuildAll() }
        let result = try await BenchRun(log: bench.ledger.log, events: plain.copied(), batch: 1_000, clients: 8)
            .append(from: start, count: count)
        try await rebuild.value
        let head = try head
        for title in [StandardViews.counts.title, StandardViews.timeline.definition.title] {
            guard let view = keeper.view(title), await view.reached(head, timeout: .seconds(600)) else { continue }
        }
        return Double(count) / result.time.seconds
    }
}
