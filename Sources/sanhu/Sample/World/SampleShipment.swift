/// What is known of one declaration: its numbers, its goods, who is concerned, and how it will fare.
final class SampleShipment: Sendable {
    /// How many declarations came before it.
    let index: Int
    let call: SampleCall
    let isImport: Bool
    let script: SampleScript
    /// Whether the goods were declared before the ship came, 提前申报.
    let isDeclaredEarly: Bool
    /// The declaration's number, 报关单号, of 18 digits.
    let number: String
    /// The bill of lading, and the manifest.
    let bill: String
    let containers: [String]
    let goods: SampleGoods
    /// The country and the port that the goods come from or go to.
    let partner: (country: String, port: String)
    /// The importer or exporter.
    let trader: SampleEnterprise
    let broker: SampleEnterprise
    /// The number of the permit that the goods need, if they need one.
    let permit: String?
    /// What the goods weigh without packing, in kilograms.
    let kilograms: Int
    /// What they cost, in US cents.
    let cents: Int

    var port: SamplePort { call.port }
    var manifest: String { "M-" + bill }
    var flow: String { isImport ? "import" : "export" }
    var seals: [String] { containers.map { "SH" + $0.suffix(7) } }
    /// The duty on the value and the tax on value and duty, in fen; the yuan is reckoned at 6.29 to the dollar.
    var duty: (duty: Int, tax: Int) {
        let value = cents * 629 / 100
        let duty = value * goods.dutyRate / 10_000
        return (duty, (value + duty) * goods.taxRate / 10_000)
    }

    /// Makes the shipment of that index. The first is always the same kind of story, the one to show (``SampleShowcase``).
    ///
    /// - Parameters:
    ///   - script: How it fares; nil for chance.
    init(index: Int, call: SampleCall, script given: SampleScript?, seed: UInt64) {
        var random = SplitMix64(seed: seed, part: UInt64(index), of: 0xDEC1)
        let isFirst = index == 0
        let imports = random.chance(68)
        isImport = isFirst || (given?.isImport ?? imports)
        let chance = SampleScript.drawn(isImport: isImport, &random)
        let script = isFirst ? .inspected : given ?? chance
        self.script = script
        let any = random.pick(isImport ? SampleGoods.imports : SampleGoods.exports)
        goods =
            switch script {
            case _ where isFirst: .beef
            case .tested, .failed: .ore
            case .recognised, .revoked, .corrected, .treated: .beef
            case .held where random.chance(50): .paint
            default: any
            }
        let early = random.chance(35)
        let count = isFirst ? 1 : [1, 1, 1, 2, 2, 3][random.below(6)]
        let serials = SampleShipment.serials(seed: seed)
        self.index = index
        self.call = call
        isDeclaredEarly = isImport && !isFirst && early
        containers = (0..<count).map { SampleShipment.container(serials.container + index * 3 + $0) }
        number = SampleShipment.number(index, at: call.port, year: call.arrival.date.year, isImport: isImport, seed)
        bill = "\(containers[0].prefix(3))S\(SampleKeys.digits(serials.declaration + index * 7, count: 9))"
        partner = random.pick(goods.partners)
        trader = SampleEnterprise(isImport ? .importer : .exporter, at: call.port, seed: seed, random: &random)
        broker = SampleEnterprise(.broker, at: call.port, seed: seed, random: &random)
        let (port, serial) = (call.port, SampleKeys.digits(serials.declaration + index, count: 8))
        permit = goods.permitKind.map { "\(call.arrival.date.year % 100)-\($0)-\(port.customsOffice)-\(serial)" }
        kilograms = count * goods.kilogramsPerContainer * random.within(88...100) / 100
        cents = kilograms * goods.centsPerKilogram * random.within(90...110) / 100
    }

    /// The agencies whose release the goods need at a time, in the order in which they give it.
    func releasers(at time: SampleTime) -> [SampleAgency] {
        var agencies = [SampleAgency.customs]
        if goods.needsQuarantine, time + SampleTime.minute < SampleTime.merger { agencies.append(.quarantine) }
        if goods.hazard != nil { agencies.append(.maritime) }
        return agencies
    }

    /// The number of a declaration of some index.
    static func number(
        _ index: Int, at port: SamplePort, year: Int, isImport: Bool, _ seed: UInt64
    ) -> String {
        SampleKeys.declaration(
            office: port.customsOffice, year: year, isImport: isImport,
            serial: (serials(seed: seed).declaration + index) % 1_000_000_000)
    }

    /// Where numbering begins, so that two seeds do not number alike.
    private static func serials(seed: UInt64) -> (declaration: Int, container: Int) {
        var random = SplitMix64(seed: seed, part: 0, of: 0x5E41)
        return (random.below(100_000_000), random.below(containerSpace))
    }

    /// The owners' codes of the containers.
    private static let owners = [
        "MSKU", "CSNU", "OOLU", "HLBU", "TCLU", "CMAU", "EGHU", "TGHU", "FCIU", "BMOU", "SEGU",
    ]
    private static let containerSpace = owners.count * 1_000_000

    /// A container's number; eleven million follow one another before one comes again.
    static func container(_ ordinal: Int) -> String {
        // The step has no factor in common with the space, so that it visits every number once.
        let place = ordinal * 4_748_837 % containerSpace
        return SampleKeys.container(owner: owners[place / 1_000_000], serial: place % 1_000_000)
    }
}
