import ArgumentParser
import EventLog
import Foundation
import JSON
import Transparency

/// `sanhu bench append`.
struct BenchAppend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Durable appends a second, tree and index included.",
        discussion: """
            Appends to a new ledger in --ledger DIR, or in a temporary folder that is removed afterwards. Making the \
            events is part of the time. --clients append at once, each waiting for its receipt before its next request.

            EXAMPLES
              sanhu bench append --events 1000000 --batch 1000
              sanhu bench append --events 100000 --batch 1 --clients 64
              sanhu bench append --events 5000000 --batch 1000 --report-every 100000
            """)

    /// How the figure is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json, text
    }

    @Option(name: .long, help: "A new folder for the ledger, which is kept.")
    var ledger: String?

    @Option(name: .long, help: "How many events.")
    var events: Int = 200_000

    @Option(name: .long, help: "How many events a request has.")
    var batch: Int = 1_000

    @Option(name: .long, help: "How many bytes an entry has, about.")
    var bytes: Int = 700

    @Option(name: .long, help: "How many tags an event has.")
    var tags: Int = 3

    @Option(
        name: .long,
        help: "How many append at once. By default 1 for --batch 1, and \(requestsUnderWay) for larger batches.")
    var clients: Int?

    /// How many batches are under way at once unless told otherwise: enough for one to be made ready while others are
    /// being written.
    private static let requestsUnderWay = 8

    private var clientCount: Int { clients ?? (batch == 1 ? 1 : Self.requestsUnderWay) }

    @Option(name: .customLong("report-every"), help: "Also print a line each so many events.")
    var reportEvery: Int?

    @Flag(name: .long, help: "Store entries as they are, not compressed.")
    var plain = false

    @Option(name: .long, help: "json or text.")
    var format: Format = .json

    func validate() throws {
        guard events > 0, (1...10_000).contains(batch), (200...60_000).contains(bytes), (0...60).contains(tags),
            (1...10_000).contains(clientCount), reportEvery.map({ $0 >= batch }) ?? true
        else {
            throw ValidationError(
                "--events from 1, --batch 1 to 10000, --bytes 200 to 60000, --tags 0 to 60, --clients 1 to 10000.")
        }
    }

    func run() async throws {
        let folder = ledger ?? NSTemporaryDirectory() + "sanhu-bench-\(ProcessInfo.processInfo.processIdentifier)"
        let signer = try NoteSigner.generate(name: "bench.example/ledger")
        let log = try Log.create(at: folder, signer: signer, compresses: !plain)
        // A ledger that is kept can be opened again, so its key is kept too.
        if ledger != nil { _ = try KeyFolder.standard.store(signer) }
        let run = BenchRun(log: log, events: BenchEvents(bytes: bytes, tags: tags), batch: batch, clients: clientCount)
        let bar = ProgressBar("appending")
        var done = 0
        var total = Duration.zero
        let step = min(reportEvery ?? max(batch * clientCount, events / 50), events)
        var latencies: [Double] = []
        if reportEvery != nil {
            while done < events {
                let count = min(step, events - done)
                let result = try await run.append(from: done, count: count)
                total += result.time
                latencies += result.latencies
                done += count
                bar.show(Double(done) / Double(events))
                print(done, count, result.time, [], folder)
            }
        } else {
            let result = try await run.append(from: 0, count: events)
            (done, total, latencies) = (events, result.time, result.latencies)
        }
        bar.finish()
        if reportEvery == nil { print(done, events, total, latencies, folder) }
        Output.standard.flush()
        log.close()
        if ledger == nil { try? FileManager.default.removeItem(atPath: folder) }
    }

    private func print(_ done: Int, _ count: Int, _ time: Duration, _ latencies: [Double], _ folder: String) {
        let rate = Double(count) / time.seconds
        guard format == .json else {
            Output.standard.writeLine("\(Int(rate)) events a second")
            return
        }
        let sorted = latencies.sorted()
        Output.standard.writeObject { writer in
            writer.member("bench", "append")
            writer.key("events_per_second")
            _ = writer.number(String(format: "%.0f", rate))
            writer.member("events", Int64(count))
            writer.member("head", Int64(done))
            writer.member("batch", Int64(batch))
            writer.member("bytes", Int64(bytes))
            writer.member("tags", Int64(tags))
            writer.member("clients", Int64(clientCount))
            for (name, share) in [("p50_ms", 0.5), ("p99_ms", 0.99)] where !sorted.isEmpty {
                writer.key(name)
                _ = writer.number(String(format: "%.3f", sorted[Int(Double(sorted.count - 1) * share)] * 1000))
            }
            writer.member("rss_anon_bytes", BenchMachine.privateMemory)
            BenchMachine.write(to: &writer, folder: folder)
        }
    }
}

/// Clients that append at once.
struct BenchRun: Sendable {
    let log: Log
    let events: BenchEvents
    let batch: Int
    let clients: Int

    /// Appends events with consecutive numbers, and returns the time and each request's.
    func append(from start: Int, count: Int) async throws -> (time: Duration, latencies: [Double]) {
        let clock = ContinuousClock()
        let began = clock.now
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for client in 0..<clients {
                let events = events.copied()
                group.addTask {
                    var latencies: [Double] = []
                    var next = start + client * batch
                    while next < start + count {
                        let request = AppendRequest(events.drafts(next..<min(start + count, next + batch)))
                        let sent = clock.now
                        _ = try await log.append(request)
                        latencies.append((clock.now - sent).seconds)
                        next += clients * batch
                    }
                    return latencies
                }
            }
            var all: [Double] = []
            for try await latencies in group { all += latencies }
            return all
        }
        return (clock.now - began, latencies)
    }
}
