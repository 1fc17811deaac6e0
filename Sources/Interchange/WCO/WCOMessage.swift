/// A message of a scenario, told apart by what it is for.
struct WCOMessage: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// DEC, function 9.
        case lodgement
        /// DEC, function 13: the declarant asks to amend (COR) or to withdraw (INV), or presents the goods (GPR).
        case request(Request)
        /// RES, with its function code of two digits.
        case response(String)
        /// A message of an inventory system about goods that move.
        case movement(Movement)
        /// A copy of a declaration fetched from the authority. It tells references and times, but nothing happened.
        case report
    }

    enum Request: String, Hashable, Sendable {
        case amendment = "COR"
        case withdrawal = "INV"
        case presentation = "GPR"
    }

    enum Movement: String, Hashable, Sendable {
        case anticipatedArrival = "EAA"
        case arrival = "EAL"
        case departure = "EDL"
        case consolidationShut = "CST"
        case importArrival = "goods-arrival"
        case importValidation = "movement-validation"
    }

    let file: SourceFile
    let kind: Kind

    /// The `Declaration`, the `Response`, or the root of a movement message or report.
    let body: MessageElement

    /// When the sender's gateway took it in, where a wrapper says so.
    let receivedAt: MessageTime?

    /// The place among the files of the scenario.
    let index: Int

    /// The sender's own reference: of a response, the reference of what it answers.
    var localReference: String? {
        switch kind {
        case .lodgement, .request: body.value("FunctionalReferenceID")
        case .response: body.value("Declaration", "FunctionalReferenceID")
        case .movement: body.value("movementReference")
        case .report: nil
        }
    }

    /// The declaration's number, where the message itself carries it.
    var statedNumber: String? {
        switch kind {
        case .lodgement, .request: body.value("ID")
        case .response: body.value("Declaration", "ID")
        case .movement: body.value("entryNumber")
        case .report: nil
        }
    }

    /// The declaration's version a response is about.
    var version: String? { body.value("Declaration", "VersionID") }

    /// When the message itself says it happened; nil for a lodgement without an issue time.
    var statedTime: MessageTime? {
        switch kind {
        case .lodgement: receivedAt ?? body.value("IssueDateTime", "DateTimeString").flatMap(MessageTime.init)
        case .request: receivedAt
        case .response: body.value("IssueDateTime", "DateTimeString").flatMap(MessageTime.init)
        case .movement:
            (body.value("goodsArrivalDateTime") ?? body.value("goodsDepartureDateTime")).flatMap(MessageTime.init)
        case .report: nil
        }
    }
}
