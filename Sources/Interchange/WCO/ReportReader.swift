/// Reads what a report fetched from the authority tells about references and times. A report gives no event.
enum ReportReader {
    struct Version: Hashable, Sendable {
        let number: String?
        let reference: String?
        let version: String?

        /// When the authority stored this version.
        let created: MessageTime?
    }

    /// The versions a `DeclarationVersionResponse` or a `DeclarationFullResponse` lists.
    static func versions(in report: MessageElement) -> [Version] {
        let listed = report.descendants("DeclarationVersionDetails", "Declaration").filter { $0["LRN"] != nil }
        let full = report.descendants("FullDeclarationDataDetails", "HighLevelSummaryDetails")
        return (listed + full).map { element in
            Version(
                number: element.value("MRN") ?? element.value("ID"),
                reference: element.value("LRN"),
                version: element.value("VersionID"),
                created: element.value("CreatedDateTime", "DateTimeString").flatMap(MessageTime.init))
        }
    }
}
