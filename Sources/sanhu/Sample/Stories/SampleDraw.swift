import Clearance

/// A day's draw of containers to be inspected, by a seed to whose hash customs is committed before (双随机).
struct SampleDraw: Sendable {
    let name: String
    /// The seed, as hexadecimal digits, and what commits to it.
    let seed: String
    let commitment: String
    let pool: [String]
    let poolHash: String
    let picks: [String]
    let officers: [SampleOfficer]
    let officerPool: [SampleOfficer]
    let officerPoolHash: String

    /// In ten-thousandths.
    static let rate = 500
    static let officerCount = 2
    /// The most containers of a pool.
    static let poolObjects = 300

    /// - Parameter containers: Those that the day's ships bring; at least one.
    init?(day: Int, name: String, containers: [String], at port: SamplePort, seed: UInt64) {
        var random = SplitMix64(seed: seed, part: UInt64(day), of: 0xD4A8)
        var bytes: [UInt8] = []
        while bytes.count < Draw.seedBytes { bytes.append(UInt8(truncatingIfNeeded: random.next() >> 16)) }
        let pool = containers.prefix(Self.poolObjects).map { "container:" + $0 }
        let officerPool = (0..<8).map { SampleOfficer(.customs, .inspecting, $0, at: port) }
        do throws(DrawError) {
            let draw = try Draw(seed: bytes, pool: pool)
            self.pool = draw.pool
            poolHash = try Draw.hash(ofPool: pool)
            picks = draw.picks((draw.pool.count * Self.rate + 9_999) / 10_000)
            let ids = try draw.officers(Self.officerCount, of: officerPool.map(\.id))
            officers = ids.compactMap { id in officerPool.first { $0.id == id } }
            officerPoolHash = try Draw.hash(ofPool: officerPool.map(\.id))
        } catch {
            return nil
        }
        self.name = name
        self.seed = bytes.map { SampleDraw.hex($0) }.joined()
        commitment = Draw.commitment(to: bytes)
        self.officerPool = officerPool
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

extension SamplePlot {
    /// The story of a draw: committed to, drawn, revealed, published.
    init(of draw: SampleDraw, day: Int, from midnight: SampleTime, at port: SamplePort, seed: UInt64) {
        self.init(SampleStory(kind: .draw, index: day, seed: seed, port: port))
        // Before the manifests of the day are in.
        let committed = tell("selection.drawn", .customs, at: midnight - 40 * SampleTime.hour) { data in
            data.tag("draw", draw.name)
            data.text("stage", "committed")
            data.text("kind", "inspection")
            data.text("commitment", draw.commitment)
            data.text(
                "poolRule",
                "Containers that the ships of the next day but one bring to be imported, the first \(SampleDraw.poolObjects)"
            )
            data.int("rate", SampleDraw.rate)
            data.int("officerCount", SampleDraw.officerCount)
            data.text("port", data.port.locode)
            data.acting(.selecting, .draw)
        }
        let drawn = tell("selection.drawn", .customs, at: midnight - some(30...90), after: committed) { data in
            data.tag("draw", draw.name)
            data.text("stage", "drawn")
            data.text("kind", "inspection")
            data.text("poolHash", draw.poolHash)
            data.int("poolSize", draw.pool.count)
            data.int("officerCount", SampleDraw.officerCount)
            data.text("officerPoolHash", draw.officerPoolHash)
            data.acting(.selecting, .draw)
            data.texts("picks", draw.picks)
            data.officers(draw.officers)
            data.objects("officerPool", draw.officerPool) { $0.text("id", $1.id) }
        }
        let revealed = tell("selection.drawn", .customs, at: midnight + 3 * SampleTime.day, after: drawn) { data in
            data.tag("draw", draw.name)
            data.text("stage", "revealed")
            data.text("kind", "inspection")
            data.text("seed", draw.seed)
            data.text("poolHash", draw.poolHash)
            data.int("poolSize", draw.pool.count)
            data.texts("pool", draw.pool)
            data.texts("selected", draw.picks)
            data.int("officerCount", SampleDraw.officerCount)
            data.text("officerPoolHash", draw.officerPoolHash)
            data.acting(.selecting, .draw)
            data.officers(draw.officers)
            data.objects("officerPool", draw.officerPool) { $0.text("id", $1.id) }
        }
        name([committed, drawn, revealed])
        let published = midnight + 3 * SampleTime.day + some(60...300)
        tell("policy.published", .customs, at: published, after: revealed) { data in
            data.tag("kind", "selection-result", as: "policy")
            data.text("edition", draw.name)
            data.text("publisher", data.agency.rawValue)
            data.texts("ports", [data.port.locode])
            data.object("validity") { $0.day("from", published) }
            data.object("selection") { data in
                data.text("draw", draw.name)
                data.text("commitment", draw.commitment)
                data.text("seed", draw.seed)
                data.text("poolHash", draw.poolHash)
                data.int("poolSize", draw.pool.count)
                data.texts("pool", draw.pool)
                data.texts("picks", draw.picks)
                data.positions("positions", of: [committed, drawn, revealed])
            }
        }
    }
}
