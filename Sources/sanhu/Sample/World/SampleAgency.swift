/// Who appends the events of the sample, by its code in the charter.
enum SampleAgency: String, Sendable, CaseIterable {
    /// 海关, 检验检疫 (part of customs from 20 April 2018 on), 边检, 交通运输, 海事.
    case customs = "CUS"
    case quarantine = "CIQ"
    case border = "BOR"
    case road = "TRA"
    case maritime = "MSA"
    /// 税务, 国库, 外汇管理.
    case tax = "TAX"
    case treasury = "TRE"
    case exchange = "FX"
    /// 商务, 市场监管, 农业农村, 药品监管, 生态环境: who issues permits.
    case commerce = "COM"
    case market = "MKT"
    case agriculture = "AGR"
    case drugs = "DRUG"
    case environment = "ENV"
    /// 缉私, 公安, 口岸办, 价格主管.
    case antiSmuggling = "ASB"
    case police = "POL"
    case portOffice = "POO"
    case prices = "PRI"
    /// 单一窗口, 民航.
    case singleWindow = "SW"
    case aviation = "CAA"
    /// 码头, 承运人, 申报人, 收发货人, 第三方检测机构, 铁路, 保险, 邮政, 境外口岸执法机构.
    case terminal = "TER"
    case carrier = "CAR"
    case declarant = "DEC"
    case owner = "OWN"
    case laboratory = "LAB"
    case railway = "RAIL"
    case insurer = "INS"
    case post = "POST"
    case abroad = "FOR"

    /// The event's `source`: agency, office and system.
    func source(at port: SamplePort) -> String { "/\(rawValue)/\(office(at: port))/\(system)" }

    /// The office that speaks for the agency at a port.
    func office(at port: SamplePort) -> String {
        switch self {
        case .customs, .declarant, .antiSmuggling: port.customsOffice
        case .quarantine: port.quarantineOffice
        default: port.locode
        }
    }

    private var system: String {
        switch self {
        case .customs: "clearance"
        case .quarantine: "inspection"
        case .carrier, .railway, .aviation: "manifest"
        case .declarant, .owner: "broker"
        case .singleWindow: "window"
        case .treasury, .exchange, .insurer: "receipts"
        default: "office"
        }
    }

    /// The unit of the agency that does something at a port.
    func unit(_ desk: Desk, at port: SamplePort) -> String { "\(rawValue)-\(office(at: port))-0\(desk.rawValue)" }

    /// What a unit is for: who selects, who inspects and who disposes are three.
    enum Desk: Int, Sendable, CaseIterable {
        case documents = 1
        case selecting = 2
        case inspecting = 4
        case images = 5
        case disposing = 6
        case credit = 8
    }
}
