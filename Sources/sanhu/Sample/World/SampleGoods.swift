/// A kind of goods that crosses the port, and what the law asks of it.
struct SampleGoods: Sendable {
    /// The commodity code of the tariff: the six digits of the Harmonised System and four of China's.
    let code: String
    /// The declared name, 商品名称.
    let name: String
    /// The same in English.
    let description: String
    /// Where it comes from or goes to: a country of ISO 3166 and a port of UN/LOCODE.
    let partners: [(country: String, port: String)]
    /// US cents for a kilogram.
    let centsPerKilogram: Int
    /// Kilograms in a full container.
    let kilogramsPerContainer: Int
    /// Duty and value-added tax in hundredths of a percent.
    let dutyRate: Int
    let taxRate: Int
    /// Whether inspection and quarantine must release it too.
    let needsQuarantine: Bool
    /// The kind of permit it needs, by its code in 监管证件代码 (7: automatic import licence), if any.
    let permitKind: String?
    /// Its class among dangerous goods, if it is one: the maritime administration releases it too.
    var hazard: (unNumber: String, hazardClass: String)?

    /// The six digits that are the same everywhere, of the edition of 2017.
    var hs6: String { String(code.prefix(6)) }
    /// Whether it spoils.
    var isPerishable: Bool { hs6.hasPrefix("02") || hs6.hasPrefix("07") || hs6.hasPrefix("08") }

    /// Frozen beef: it needs a permit, and the release of two agencies.
    static let beef = SampleGoods(
        code: "0202300090", name: "冻去骨牛肉", description: "Frozen boneless beef",
        partners: [("AU", "AUSYD"), ("BR", "BRSSZ"), ("NZ", "NZTRG")], centsPerKilogram: 512,
        kilogramsPerContainer: 26_400, dutyRate: 1200, taxRate: 1300, needsQuarantine: true, permitKind: "7")

    /// What is imported.
    static let imports = [
        beef,
        SampleGoods(
            code: "2204210000", name: "葡萄酒", description: "Wine in bottles of two litres or less",
            partners: [("FR", "FRLEH"), ("CL", "CLSAI"), ("AU", "AUMEL")], centsPerKilogram: 468,
            kilogramsPerContainer: 14_200, dutyRate: 1400, taxRate: 1700, needsQuarantine: true, permitKind: nil),
        SampleGoods(
            code: "0809290000", name: "鲜樱桃", description: "Fresh cherries",
            partners: [("CL", "CLSAI"), ("US", "USLAX")], centsPerKilogram: 744,
            kilogramsPerContainer: 18_500, dutyRate: 1000, taxRate: 1300, needsQuarantine: true, permitKind: nil),
        SampleGoods(
            code: "0402210000", name: "全脂奶粉", description: "Whole milk powder",
            partners: [("NZ", "NZAKL"), ("NZ", "NZTRG"), ("DE", "DEHAM")], centsPerKilogram: 318,
            kilogramsPerContainer: 21_000, dutyRate: 1000, taxRate: 1700, needsQuarantine: true, permitKind: "7"),
        SampleGoods(
            code: "0901210000", name: "已焙炒咖啡", description: "Roasted coffee",
            partners: [("VN", "VNSGN"), ("US", "USLAX")], centsPerKilogram: 690,
            kilogramsPerContainer: 11_800, dutyRate: 1500, taxRate: 1700, needsQuarantine: true, permitKind: nil),
        SampleGoods(
            code: "3901200090", name: "高密度聚乙烯", description: "Polyethylene of a density of 0.94 or more",
            partners: [("KR", "KRPUS"), ("SG", "SGSIN")], centsPerKilogram: 124,
            kilogramsPerContainer: 24_750, dutyRate: 650, taxRate: 1700, needsQuarantine: false, permitKind: "7"),
        SampleGoods(
            code: "4011100000", name: "轿车用新轮胎", description: "New pneumatic tyres for cars",
            partners: [("JP", "JPYOK"), ("TH", "THLCH")], centsPerKilogram: 402,
            kilogramsPerContainer: 9_600, dutyRate: 1000, taxRate: 1700, needsQuarantine: false, permitKind: nil),
        SampleGoods(
            code: "8708409199", name: "轿车用自动变速箱零件", description: "Parts of automatic gearboxes for cars",
            partners: [("DE", "DEHAM"), ("JP", "JPYOK"), ("KR", "KRPUS")], centsPerKilogram: 1860,
            kilogramsPerContainer: 12_300, dutyRate: 1000, taxRate: 1700, needsQuarantine: false, permitKind: nil),
        // A code that the edition of 2022 does not have any more: it is judged by the one in force on its day.
        SampleGoods(
            code: "8525801390", name: "特种用途的电视摄像机", description: "Television cameras for special purposes",
            partners: [("JP", "JPYOK"), ("DE", "DEHAM")], centsPerKilogram: 9150,
            kilogramsPerContainer: 6_100, dutyRate: 0, taxRate: 1700, needsQuarantine: false, permitKind: nil),
        SampleGoods(
            code: "3208909010", name: "油漆", description: "Paints in a non-aqueous medium",
            partners: [("KR", "KRPUS"), ("DE", "DEHAM")], centsPerKilogram: 430,
            kilogramsPerContainer: 15_800, dutyRate: 1000, taxRate: 1700, needsQuarantine: false, permitKind: nil,
            hazard: ("1263", "3")),
        SampleGoods(
            code: "2601111000", name: "平均粒度小于0.8毫米的铁矿砂", description: "Iron ore, not agglomerated",
            partners: [("AU", "AUPHE"), ("BR", "BRSSZ")], centsPerKilogram: 7,
            kilogramsPerContainer: 27_500, dutyRate: 0, taxRate: 1700, needsQuarantine: true, permitKind: "7"),
    ]

    /// Iron ore: it is released before its tests are done (先验放后检测).
    static let ore = imports[imports.count - 1]
    /// Paint, dangerous in a fire.
    static let paint = imports[imports.count - 2]

    /// What is exported.
    static let exports = [
        SampleGoods(
            code: "8516500000", name: "微波炉", description: "Microwave ovens",
            partners: [("US", "USLAX"), ("NL", "NLRTM")], centsPerKilogram: 520,
            kilogramsPerContainer: 9_800, dutyRate: 0, taxRate: 0, needsQuarantine: false, permitKind: nil),
        SampleGoods(
            code: "9403609990", name: "木家具", description: "Wooden furniture",
            partners: [("US", "USLAX"), ("DE", "DEHAM"), ("AU", "AUSYD")], centsPerKilogram: 355,
            kilogramsPerContainer: 8_700, dutyRate: 0, taxRate: 0, needsQuarantine: true, permitKind: nil),
        SampleGoods(
            code: "6109100010", name: "棉制针织T恤衫", description: "Knitted cotton T-shirts",
            partners: [("JP", "JPYOK"), ("NL", "NLRTM"), ("US", "USLAX")], centsPerKilogram: 1430,
            kilogramsPerContainer: 7_900, dutyRate: 0, taxRate: 0, needsQuarantine: false, permitKind: nil),
        SampleGoods(
            code: "0703201000", name: "鲜大蒜", description: "Fresh garlic",
            partners: [("TH", "THLCH"), ("BR", "BRSSZ"), ("VN", "VNSGN")], centsPerKilogram: 168,
            kilogramsPerContainer: 27_000, dutyRate: 0, taxRate: 0, needsQuarantine: true, permitKind: nil),
        // A code of the edition of 2012: it is kept, and whoever declares it is warned.
        SampleGoods(
            code: "4412329000", name: "胶合板", description: "Plywood",
            partners: [("US", "USLAX"), ("KR", "KRPUS")], centsPerKilogram: 96,
            kilogramsPerContainer: 22_400, dutyRate: 0, taxRate: 0, needsQuarantine: true, permitKind: nil),
    ]

    /// The first six digits of all that are of the edition of 2017.
    static let codes = Set((imports + exports).map(\.hs6)).subtracting(["441232"]).sorted()
}
