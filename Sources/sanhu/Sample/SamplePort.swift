/// A port of the sample, with the offices that act there.
struct SamplePort: Sendable {
    /// Its UN/LOCODE.
    let locode: String
    /// Its name.
    let name: String
    /// Four digits, the customs office, 关区.
    let customsOffice: String
    /// Six digits, the office of inspection and quarantine.
    let quarantineOffice: String
    /// Six digits, the administrative division where its enterprises are registered.
    let division: String

    /// The ports of the sample.
    static let all = [
        SamplePort(
            locode: "CNSHA", name: "Shanghai", customsOffice: "2248", quarantineOffice: "310700", division: "310115"),
        SamplePort(
            locode: "CNYTN", name: "Yantian", customsOffice: "5316", quarantineOffice: "470500", division: "440308"),
        SamplePort(
            locode: "CNTAO", name: "Qingdao", customsOffice: "4227", quarantineOffice: "370500", division: "370211"),
        SamplePort(
            locode: "CNNGB", name: "Ningbo", customsOffice: "3104", quarantineOffice: "380200", division: "330206"),
        SamplePort(
            locode: "CNTXG", name: "Tianjin", customsOffice: "0202", quarantineOffice: "120600", division: "120116"),
    ]
}
