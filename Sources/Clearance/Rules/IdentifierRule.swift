internal import EventLog
internal import JSONSchema
public import Views

extension PortRules {
    /// Numbers that have a check digit have the right one (S98): a slip of the pen names another's container.
    ///
    /// It concerns what has the form of such a number. Other names, of lorries, of enterprises abroad, are not judged.
    public static let identifiers = Rule(
        name: "identifiers", version: 2, types: Identifier.types,
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
        for tag in event.tags where !isSound(tag) {
            if let error = error(in: tag) { return (tag, error.reason) }
        }
        return nil
    }

    /// Whether nothing is wrong with a tag for certain: without making a text of it, as there are tags in every event.
    private static func isSound(_ tag: Tag) -> Bool {
        let isContainer = tag.isOf(kind: "container")
        let isShip = !isContainer && tag.isOf(kind: "conveyance")
        guard isContainer || isShip || tag.isOf(kind: "enterprise") else { return true }
        let text = tag.text.utf8Span.span
        let kind = (isContainer ? "container:" : isShip ? "conveyance:" : "enterprise:").utf8.count
        let value = text.extracting(kind...)
        for at in value.indices where !isLetter(value[at]) && !isDigit(value[at]) { return false }
        // Written as numbers are: wrong is one that has the form of one, and another check digit.
        if isContainer {
            guard value.count == 11 else { return true }
            guard [UInt8(ascii: "U"), UInt8(ascii: "J"), UInt8(ascii: "Z")].contains(value[3]) else { return false }
            for at in 0..<11 where at < 4 ? !isLetter(value[at]) : !isDigit(value[at]) { return true }
            return CheckDigit.containerRemainder(value).map { $0 % 10 == Int(value[10] - UInt8(ascii: "0")) } ?? false
        }
        guard isShip else { return value.count != 18 }
        guard value.count == 10 else { return true }
        guard value[0] == UInt8(ascii: "I"), value[1] == UInt8(ascii: "M"), value[2] == UInt8(ascii: "O") else {
            return false
        }
        let number = value.extracting(3...)
        for at in number.indices where !isDigit(number[at]) { return true }
        return CheckDigit.ship(number).map { $0 == Int(number[6] - UInt8(ascii: "0")) } ?? false
    }

    /// What is wrong with a name that is such a number, or one but for the way it is written.
    private static func error(in tag: Tag) -> IdentifierError? {
        let value = String(tag.value)
        if let error = error(in: value, of: tag) { return error }
        let plain = plain(value)
        guard plain != value, isNumber(plain, of: tag), error(in: plain, of: tag) == nil else { return nil }
        // By another name it would be another object: nobody would find what is said of it.
        return IdentifierError(.character, "“\(value.prefix(64))” is \(plain): write it so.")
    }

    /// In capital letters, without what people write between the parts of a number.
    private static func plain(_ value: String) -> String {
        guard value.utf8.count <= 64 else { return value }
        let kept = value.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): nil
            default: byte
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static func isNumber(_ value: String, of tag: Tag) -> Bool {
        tag.isOf(kind: "container") && isForm(value, letters: 4, digits: 7)
            || tag.isOf(kind: "enterprise") && isEnterprise(value)
            || tag.isOf(kind: "conveyance") && value.hasPrefix("IMO") && isForm(value, letters: 3, digits: 7)
    }

    private static func error(in value: String, of tag: Tag) -> IdentifierError? {
        guard isNumber(value, of: tag) else { return nil }
        do throws(IdentifierError) {
            if tag.isOf(kind: "container") { _ = try ContainerNumber(value) }
            if tag.isOf(kind: "enterprise") { _ = try EnterpriseCode(value) }
            if tag.isOf(kind: "conveyance") { _ = try ShipNumber(String(value.dropFirst(3))) }
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
