extension DataCatalogue {
    /// The catalogue as a page, in Markdown: the matrix, who produces and who may read, then each form with its fields
    /// and examples. The same catalogue gives the same bytes.
    public func markdown() -> String {
        var page = Self.heading
        page += matrix()
        page += "\n## Outside of the matrix 矩阵之外\n\n"
        page += "How the port is governed, and how it speaks of what stands in the log.\n\n"
        page += forms.filter { $0.cell == nil }.map(Self.link).joined(separator: ", ") + "\n"
        page += members() + prohibitions() + purposeTable()
        var cell: SharingCell??
        for form in forms {
            if cell != .some(form.cell) {
                page += "\n## " + (form.cell.map(Self.title) ?? "Governance 治理与协作") + "\n"
                cell = .some(form.cell)
            }
            page += form.markdown()
        }
        return page
    }

    private static let heading = """
        # Data catalogue 数据共享目录

        Made by `sanhu charter catalogue` of the schemas and the charter in [Schemas](../Schemas/README.md). Change those, and make it anew.

        | class 类别 | who may read 谁可以读 |
        |---|---|
        | public 公开 | everyone |
        | shared 无条件共享 | every authority; participants and parties where the entry names them |
        | conditional 有条件共享 | its owner; whom a rule of the charter names, for the purpose it names; by grant |
        | restricted 限定共享 | its owner; by grant for a named case |
        | withheld 不予共享 | its owner |

        A property without a class of its own is seen by everyone who sees the entry: `shared`, unless the whole event is sealed or public. Whoever
        sent an event sees it. Prohibitions beat rules and grants. `*` marks what must be there; `→ tag` what becomes a tag of the entry.

        ## The matrix 共享矩阵


        """

    private func matrix() -> String {
        let categories = SharingCell.Category.allCases
        var text = "| | " + categories.map(\.title).joined(separator: " | ") + " |\n"
        text += "|---|" + categories.map { _ in "---|" }.joined() + "\n"
        for subject in SharingCell.Subject.allCases {
            let cells = categories.map { category in
                forms.filter { $0.cell == SharingCell(subject, category) }.map(Self.link).joined(separator: "<br>")
            }
            text += "| \(subject.title) | " + cells.joined(separator: " | ") + " |\n"
        }
        return text
    }

    private func members() -> String {
        var text = "\n## Members 成员\n\n| code | | kind |\n|---|---|---|\n"
        for agency in agencies {
            text += "| \(agency.code) | \(agency.title) | \(agency.kind.rawValue)\(agency.validity.text)"
            text += (agency.into.map { ", then \($0)" } ?? "") + " |\n"
        }
        return text
    }

    private func prohibitions() -> String {
        var text = "\n## Prohibitions 禁止共享\n\n| rule | readers | fields | purposes |\n|---|---|---|---|\n"
        for rule in rules where rule.effect == .prohibit {
            let fields = rule.fields.types + rule.fields.compartments + rule.fields.pointers
            text += "| \(rule.id) | \(rule.readers.text) | \(fields.joined(separator: ", ")) | "
            text += (rule.purposes.isEmpty ? "all" : rule.purposes.joined(separator: ", ")) + " |\n"
        }
        return text
    }

    private func purposeTable() -> String {
        var text = "\n## Purposes 用途\n\n| code | |\n|---|---|\n"
        for purpose in purposes {
            text += "| \(purpose.code) | \(purpose.title)\(purpose.isSecret ? "（secret）" : "") |\n"
        }
        return text
    }

    private static func link(_ form: CatalogueForm) -> String { "[\(form.name)](#\(form.anchor))" }

    private static func title(_ cell: SharingCell) -> String { "\(cell.subject.title) × \(cell.category.title)" }
}

extension SharingCell.Subject {
    fileprivate var title: String {
        switch self {
        case .conveyance: "Conveyances 运输工具"
        case .goods: "Goods 货物"
        case .articles: "Articles 物品"
        case .persons: "Persons 人员"
        }
    }
}

extension SharingCell.Category {
    fileprivate var title: String {
        switch self {
        case .declaration: "Declaration 申报"
        case .movement: "Movement 物流监控"
        case .inspection: "Inspection 查验"
        case .release: "Release 放行"
        case .credit: "Credit 企业资信"
        }
    }
}
