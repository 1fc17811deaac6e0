// How long sealing and opening take: an event of about 1 kB with two sealed blocks, keys in memory.
//
//     swift build -c release --product SealingBench && .build/release/SealingBench
import Exchange
import Foundation
import JSON
import JSONSchema

/// How often each thing is done in a round, of seven; the best round counts.
let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000

let schema = """
    {"type":"object","properties":{"goods":{"type":"string"},
      "commercial":{"x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS","bytes":256}},
      "parties":{"x-sharing":{"class":"conditional","compartment":"personal","owner":"CUS","bytes":256}}}}
    """
let filler = (0..<9).map { #""field\#($0)":"value of a property that everyone may see, \#($0)""# }.joined(
    separator: ",")
let text = """
    {"specversion":"1.0","id":"21GB7X8M7S6NG8N6R0-1","source":"/cus/4604/entry","type":"sanhu.declaration.lodged",\
    "time":"2026-03-01T08:15:30+08:00","data":{"goods":"871200",\(filler),\
    "commercial":{"price":"12500.00","currency":"CNY","incoterm":"FOB","seller":"Acme Bicycles GmbH, Hamburg"},\
    "parties":{"buyer":"Hainan Sanhu Trading","phone":"+86 898 0000 0000","address":"1 Port Road, Yangpu, Danzhou"}}}
    """

func measure(_ name: String, _ count: Int, _ body: () throws -> Int) rethrows {
    var best = Double.infinity
    var checksum = 0
    for _ in 0..<7 {
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<count { checksum &+= try body() }
        best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / 1_000 / Double(count))
    }
    print("\(name): \(String(format: "%.2f", best)) µs (\(checksum & 1))")
}

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sealing-bench-\(UUID().uuidString)").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }
let store = try KeyStore.create(
    path: folder + "/keys", wrappingKey: WrappingKeyFile(path: folder + "/wrapping.json"))
var registry = SchemaRegistry()
try registry.register(JSONDocument(parsing: Array(schema.utf8)), at: "https://port.example/d/1")
let plan = try SealingPlan("https://port.example/d/1", in: registry)
let event = try JSONDocument(parsing: Array(text.utf8))
var sealer = EventSealer()
var opener = DisclosureOpener()
let prepared = try SealableEvent(event, agency: "CUS", plan: plan)
let keys = try store.keys(for: prepared.references)
let sealed = try sealer.seal(prepared, keys: keys)
let place = EventPlace(agency: "CUS", source: "/cus/4604/entry", id: "21GB7X8M7S6NG8N6R0-1")
print("\(event.bytes.count) bytes, sealed \(sealed.event.count), rows \(sealed.rows.map(\.count))")

try measure("find values and keys", count) {
    try store.keys(for: SealableEvent(event, agency: "CUS", plan: plan).references).count
}
try measure("seal", count) { try sealer.seal(prepared, keys: keys).rows.count }
try measure("all of sealing", count) {
    let prepared = try SealableEvent(event, agency: "CUS", plan: plan)
    return try sealer.seal(prepared, keys: store.keys(for: prepared.references)).rows.count
}
try measure("open two rows", count) {
    var count = 0
    for (ordinal, row) in sealed.rows.enumerated() {
        if case .value = try opener.open(row, ordinal: ordinal, of: plan, at: place, keys: store) { count += 1 }
    }
    return count
}
try measure("open and merge", count) {
    var fields: [FieldContent?] = []
    for (ordinal, row) in sealed.rows.enumerated() {
        fields.append(try opener.open(row, ordinal: ordinal, of: plan, at: place, keys: store))
    }
    return try opener.merge(sealed.event, 0..<sealed.event.count, with: fields, of: plan).event.count
}
