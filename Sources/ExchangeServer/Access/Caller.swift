internal import EventLog
internal import Exchange
internal import ExchangeProtocol

/// Who calls, as the charter and what it showed say.
struct Caller: Sendable, Hashable {
    /// How it said who it is.
    enum Basis: Sendable, Hashable {
        case nobody
        /// By a token, of this id.
        case token(String)
        /// By a client certificate with a key of the charter.
        case certificate
        /// It was believed, in development.
        case development
    }

    /// The member; nil for the public.
    let agency: String?
    let officer: String?
    let role: String?
    let purpose: String?
    let caseName: String?
    let basis: Basis
    /// Until when it counts.
    let until: Timestamp

    static let `public` = Caller(
        agency: nil, officer: nil, role: nil, purpose: nil, caseName: nil, basis: .nobody,
        until: Timestamp(microseconds: .max))

    /// The member that calls.
    ///
    /// - Throws: ``Problem`` with 401 if nobody says who it is.
    func member() throws(Problem) -> String {
        guard let agency else { throw Self.unnamed }
        return agency
    }

    static var unnamed: Problem {
        Problem(
            401, "noToken", "Nobody says who asks",
            "This is for members. Hand in a token, `Authorization: Bearer …`, or a client certificate.")
    }

    /// As whom it reads. Role, purpose and case stand in the token; who came by a certificate may say them as parameters.
    func reader(_ parameters: inout RequestParameters) throws(Problem) -> Reader {
        let (role, purpose) = try claims(&parameters)
        let caseName = try claim("case", caseName, &parameters)
        guard let agency else { return .public }
        return Reader(member: agency, role: role, purpose: purpose, caseName: caseName)
    }

    /// In which role and for which purpose it asks; no case.
    func claims(_ parameters: inout RequestParameters) throws(Problem) -> (role: String?, purpose: String?) {
        (try claim("role", role, &parameters), try claim("purpose", purpose, &parameters))
    }

    private func claim(
        _ name: String, _ own: String?, _ parameters: inout RequestParameters
    ) throws(Problem) -> String? {
        guard let given = try parameters.one(name) else { return own }
        switch basis {
        case .certificate, .development: return given
        case .token where given == own: return own
        case .token:
            throw Problem(
                403, "claimNotInToken", "The claim is not in the token",
                "“\(name)” is said by the token, not by a parameter. Issue a token that says it.")
        case .nobody: throw Self.unnamed
        }
    }
}
