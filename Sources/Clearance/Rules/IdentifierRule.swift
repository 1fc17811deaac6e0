internal import EventLog
public import Views

extension PortRules {
    /// Numbers that have a check digit have the right one (S98): a slip of the pen names another's container.
    ///
    /// It concerns what has the form of such a number. Other names, of lorries, of enterprises abroad, are not judged.
    public static let identifiers = Rule(
        name: "identifiers", version: 1, types: Identifier.types,
        requirement:
            "Containers (ISO 6346), enterprises (GB 32100) and ships (IMO) are named by numbers with the right check "
            + "digit.",
        looks: { event throws(RuleFault) in
            guard let wrong = Identifier.firstWrong(of: event) else { return nil }
            return Rule.Scope(wrong.tag, types: [event.type])
        },
        initial: false,
        fold: { _, _ in },
        requires: { _, event in
            guard let wrong = Identifier.firstWrong(of: event) else { return .satisfied }
            return .broken(against: [], remedy: "\(wrong.tag.value): \(wrong.reason)")
        })
}

/// Numbers with check digits, as tags name them.
enum Identifier {
    static let types = Set(
        [
            "conveyance.declared", "conveyance.arrived", "conveyance.departed", "manifest.lodged", "equipment.moved",
            "seal.recorded", "declaration.lodged", "declaration.amended", "deliveryorder.issued", "hold.placed",
            "inspection.ordered", "credit.rated", "guarantee.lodged", "fee.charged",
        ].map { "sanhu." + $0 })

    /// The first tag whose number is wrong, and why.
    static func firstWrong(of event: LedgerEvent) -> (tag: Tag, reason: String)? {
        for tag in event.tags {
            if let error = error(in: tag) { return (tag, error.reason) }
        }
        return nil
    }

    private static func error(in tag: Tag) -> IdentifierError? {
        let value = String(tag.value)
        do throws(IdentifierError) {
            if tag.isOf(kind: "container"), isForm(value, letters: 4, digits: 7) { _ = try ContainerNumber(value) }
            if tag.isOf(kind: "enterprise"), isEnterprise(value) { _ = try EnterpriseCode(value) }
            if tag.isOf(kind: "conveyance"), value.hasPrefix("IMO"), isForm(value, letters: 3, digits: 7) {
                _ = try ShipNumber(String(value.dropFirst(3)))
            }
            return nil
        } catch {
            return error
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isForm(_ value: String, letters: Int, digits: Int) -> Bool {
        let bytes = Array(value.utf8)
        return bytes.count == letters + digits && bytes.prefix(letters).allSatisfy(isLetter)
            && bytes.suffix(digits).allSatisfy(isDigit)
    }

    /// Eighteen letters and digits, of which the first eight are digits but for the second: 登记管理部门, 机构类别, 行政区划.
    private static func isEnterprise(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        return bytes.count == 18 && bytes.allSatisfy { isLetter($0) || isDigit($0) } && isDigit(bytes[0])
            && bytes[2..<8].allSatisfy(isDigit)
    }
}
