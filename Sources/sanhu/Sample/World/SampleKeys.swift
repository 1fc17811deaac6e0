import Clearance

/// Makes the keys by which a port names things, with the check digits that their standards ask for.
enum SampleKeys {
    /// A container number as ISO 6346 has it: owner code, category, serial number and check digit.
    ///
    /// - Parameters:
    ///   - owner: Four capital letters, the last of them `U` for a freight container.
    ///   - serial: The serial number; its last six digits count.
    static func container(owner: String, serial: Int) -> String {
        let body = owner + digits(serial, count: 6)
        return body + digit { () throws(IdentifierError) in try ContainerNumber.checkDigit(of: body) }
    }

    /// A ship's number as the IMO gives it: six digits and a check digit.
    static func imo(serial: Int) -> String {
        let body = digits(serial, count: 6)
        return body + digit { () throws(IdentifierError) in try ShipNumber.checkDigit(of: body) }
    }

    private static func digit(_ check: () throws(IdentifierError) -> Int) -> String {
        do throws(IdentifierError) {
            return String(try check())
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// A unified social credit code, 统一社会信用代码 of GB 32100, of an enterprise registered with the market regulator.
    ///
    /// - Parameters:
    ///   - division: Six digits, the administrative division that registered it.
    ///   - organisation: Eight digits or capital letters, the body of its organisation code (GB 11714).
    static func creditCode(division: String, organisation: String) -> String {
        let body = "91" + division + organisation + organisationCheck(organisation)
        do throws(IdentifierError) {
            return body + String(try EnterpriseCode.checkCharacter(of: body))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The letters of GB 32100: without I, O, S, V and Z, which are easily misread.
    static let creditAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// The check character of an organisation code, GB 11714, of which the code of GB 32100 is made.
    private static func organisationCheck(_ organisation: String) -> String {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        var sum = 0
        for (byte, weight) in zip(organisation.utf8, weights) {
            let isDigit = byte <= UInt8(ascii: "9")
            sum += (isDigit ? Int(byte - UInt8(ascii: "0")) : Int(byte - UInt8(ascii: "A")) + 10) * weight
        }
        switch 11 - sum % 11 {
        case 10: return "X"
        case 11: return "0"
        case let check: return String(check)
        }
    }

    /// A declaration's number, 报关单号: customs office, year, import (1) or export (0), serial number.
    static func declaration(office: String, year: Int, isImport: Bool, serial: Int) -> String {
        office + digits(year, count: 4) + (isImport ? "1" : "0") + digits(serial, count: 9)
    }

    /// The last digits of a number, with zeros before it where it has fewer.
    static func digits(_ number: Int, count: Int) -> String {
        let text = String(number)
        let missing = count - text.utf8.count
        return missing >= 0 ? String(repeating: "0", count: missing) + text : String(text.suffix(count))
    }
}
