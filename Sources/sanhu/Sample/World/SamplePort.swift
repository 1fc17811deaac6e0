/// A port of the sample, with the offices that act there.
struct SamplePort: Sendable {
    /// Its UN/LOCODE.
    let locode: String
    /// Its name, and the same in Chinese.
    let name: String
    let chinese: String
    /// Four digits, the customs office, 关区.
    let customsOffice: String
    /// Six digits, the office of inspection and quarantine.
    let quarantineOffice: String
    /// Six digits, the administrative division where its enterprises are registered.
    let division: String

    /// Where goods are inspected.
    var yard: String { "\(name) inspection area" }

    /// The ports of the sample: those where the terminals of the sample charter have power.
    static let all = [
        SamplePort(
            locode: "CNNSA", name: "Nansha", chinese: "南沙", customsOffice: "5165", quarantineOffice: "442700",
            division: "440115"),
        SamplePort(
            locode: "CNSHA", name: "Shanghai", chinese: "上海", customsOffice: "2248", quarantineOffice: "310700",
            division: "310115"),
        SamplePort(
            locode: "CNNGB", name: "Ningbo", chinese: "宁波", customsOffice: "3104", quarantineOffice: "380200",
            division: "330206"),
    ]

    /// The one of a code; nil if the sample does not have it.
    init?(code: String) {
        guard let port = Self.all.first(where: { $0.locode == code }) else { return nil }
        self = port
    }

    private init(
        locode: String, name: String, chinese: String, customsOffice: String, quarantineOffice: String, division: String
    ) {
        (self.locode, self.name, self.chinese) = (locode, name, chinese)
        (self.customsOffice, self.quarantineOffice, self.division) = (customsOffice, quarantineOffice, division)
    }
}
