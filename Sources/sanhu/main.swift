import EventLog
import Transparency
import Foundation

let args = CommandLine.arguments
let dir = args[1]
let n = Int(args[2])!, b = Int(args[3])!, inflight = Int(args[4])!
try? FileManager.default.removeItem(atPath: dir)
let signer = try NoteSigner.generate(name: "bench.example/ledger")
var log: Log! = try Log.create(at: dir, signer: signer)
let events = BenchEvents(bytes: 700, tags: 3)
print(events.draft(1).event.count)
func elapsed(_ f: () async throws -> Void) async throws -> Double {
    let s = ContinuousClock.now
    try await f()
    let d = ContinuousClock.now - s
    return Double(d.components.seconds) + Double(d.components.attoseconds) / 1e18
}
let t = try await elapsed {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for w in 0..<inflight {
            group.addTask { [log = log!] in
                var k = w * b
                while k < n {
                    _ = try await log.append(AppendRequest((k..<min(n, k + b)).map(events.draft)))
                    k += inflight * b
                }
            }
        }
        try await group.waitForAll()
    }
}
print("events/s", Double(n) / t, "bytes", try log.entry(at: 0).bytes.count)
let s = try await elapsed {
    var sum = 0
    var c = 0
    try log.scan { _, _, e in sum &+= Int(e[0]) &+ Int(e[e.count-1]); c += 1; return true }
    print(c, sum)
}
print("scan/s", Double(n) / s)
let c = try await elapsed { log.close(); log = nil }
print("close", c)
let o = try await elapsed { let l = try Log.open(at: dir, signer: signer); print(try l.head, try l.statistics()); l.close() }
print("open+close", o)
if args.count > 5 { print(try Log.verify(at: dir)) }
