/// What is known of one declaration: its numbers, its goods, who is concerned, and how it will fare.
final class SampleShipment: Sendable {
    /// How many declarations came before it.
    let index: Int
    let call: SampleCall
    let isImport: Bool
    let outcome: SampleOutcome
    /// Whether the goods were declared before the ship came, 提前申报.
    let isDeclaredEarly: Bool
    /// The declaration's number, 报关单号, of 18 digits.
    let number: String
    /// The bill of lading.
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
    /// For choices that are of no consequence to the story.
    let salt: UInt64

    /// Makes the shipment of that index. The first is always the same kind of story, the one to show (``SampleShowcase``).
    init(index: Int, call: SampleCall, seed: UInt64) {
        var random = SplitMix64(seed: seed, part: UInt64(index), of: 0xDEC1)
        let isFirst = index == 0
        let imports = random.chance(70) || isFirst
        let drawn = SampleOutcome.drawn(isImport: imports, &random)
        let goods = isFirst ? SampleGoods.beef : random.pick(imports ? SampleGoods.imports : SampleGoods.exports)
        let early = random.chance(35)
        let count = isFirst ? 1 : [1, 1, 1, 2, 2, 3][random.below(6)]
        let serials = SampleShipment.serials(seed: seed)
        self.index = index
        self.call = call
        self.goods = goods
        isImport = imports
        outcome = isFirst ? .inspected : drawn
        isDeclaredEarly = imports && !isFirst && early
        containers = (0..<count).map { SampleShipment.container(serials.container + index * 3 + $0) }
        let serial = (serials.declaration + index) % 1_000_000_000
        number = SampleKeys.declaration(
            office: call.port.customsOffice, year: call.arrival.date.year, isImport: imports, serial: serial)
        bill = "\(containers[0].prefix(3))S\(SampleKeys.digits(serials.declaration + index * 7, count: 9))"
        partner = random.pick(goods.partners)
        trader = SampleEnterprise(imports ? .importer : .exporter, at: call.port, seed: seed, random: &random)
        broker = SampleEnterprise(.broker, at: call.port, seed: seed, random: &random)
        let permitSerial = SampleKeys.digits(serials.declaration + index, count: 8)
        permit = goods.permitKind.map { "17-\($0)-\(call.port.customsOffice)-\(permitSerial)" }
        kilograms = count * goods.kilogramsPerContainer * random.within(88...100) / 100
        cents = kilograms * goods.centsPerKilogram * random.within(90...110) / 100
        salt = random.next()
    }

    /// The agencies whose release the goods need, in the order in which they give it.
    var releasers: [SampleAgency] { goods.needsQuarantine ? [.customs, .quarantine] : [.customs] }

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
    private static func container(_ ordinal: Int) -> String {
        // The step has no factor in common with the space, so that it visits every number once.
        let place = ordinal * 4_748_837 % containerSpace
        return SampleKeys.container(owner: owners[place / 1_000_000], serial: place % 1_000_000)
    }
}
