/// An officer of the sample: invented, known by a number.
struct SampleOfficer: Sendable {
    /// Office, desk and number.
    let id: String
    let agency: SampleAgency
    let unit: String
    let name: String

    /// One of the twelve of a desk.
    init(_ agency: SampleAgency, _ desk: SampleAgency.Desk, _ number: Int, at port: SamplePort) {
        id = "\(agency.office(at: port))\(desk.rawValue)\(SampleKeys.digits(number % Self.perDesk, count: 2))"
        self.agency = agency
        unit = agency.unit(desk, at: port)
        let place = number * 7 + desk.rawValue * 3 + agency.rawValue.utf8.reduce(0) { $0 + Int($1) }
        name = Self.families[place % Self.families.count] + Self.givens[place / 3 % Self.givens.count]
    }

    static let perDesk = 12
    private static let families = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡"]
    private static let givens = ["伟", "芳", "娜", "敏", "静", "磊", "洋", "勇", "艳", "杰", "涛", "明", "超", "霞"]
}
