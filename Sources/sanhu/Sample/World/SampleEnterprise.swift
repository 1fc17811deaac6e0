/// An enterprise of the sample: invented, but with a credit code whose check characters are right.
struct SampleEnterprise: Sendable {
    /// Its unified social credit code.
    let code: String
    /// Its name, which says that it is a sample.
    let name: String

    /// What an enterprise does at the port.
    enum Trade: UInt64, Sendable {
        case importer = 1
        case exporter
        case broker

        fileprivate var title: String {
            switch self {
            case .importer: "Sample Imports"
            case .exporter: "Sample Exports"
            case .broker: "Sample Customs Brokers"
            }
        }

        /// How many there are at a port.
        fileprivate var count: Int {
            switch self {
            case .importer: 400
            case .exporter: 300
            case .broker: 40
            }
        }
    }

    /// One of the enterprises of a trade at a port: a few come often, most of them seldom.
    init(_ trade: Trade, at port: SamplePort, seed: UInt64, random: inout SplitMix64) {
        let rank = min(random.below(trade.count), random.below(trade.count))
        var own = SplitMix64(seed: seed, part: UInt64(rank) << 8 | trade.rawValue, of: SampleEnterprise.part(of: port))
        var organisation = "MA"
        for _ in 0..<6 { organisation.append(own.pick(SampleKeys.creditAlphabet)) }
        code = SampleKeys.creditCode(division: port.division, organisation: organisation)
        name = "\(trade.title) \(SampleKeys.digits(rank + 1, count: 3)) (\(port.name)) Co., Ltd."
    }

    /// A number that stands for the enterprises of a port.
    private static func part(of port: SamplePort) -> UInt64 {
        port.locode.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
