internal import ExchangeProtocol

/// Who calls, for as long as an answer lasts: an answer without end outlives what was shown when it was asked for.
struct Standing: Sendable {
    let caller: Caller
    private let authorization: String?
    private let certificate: ClientCertificate?
    /// Who looks at it again; nil where who calls is believed, in development.
    private let gatekeeper: Gatekeeper?

    /// Finds out who calls.
    init(
        authorization: String?, certificate: ClientCertificate?, by gatekeeper: Gatekeeper
    ) throws(Problem) {
        caller = try gatekeeper.caller(authorization: authorization, certificate: certificate)
        (self.authorization, self.certificate, self.gatekeeper) = (authorization, certificate, gatekeeper)
    }

    /// Who is believed.
    init(believing caller: Caller) {
        self.caller = caller
        (authorization, certificate, gatekeeper) = (nil, nil, nil)
    }

    /// Refuses to go on for who may no longer: the token or certificate has ended or was revoked, its key is in the charter no
    /// more, or the role is not held any longer. Call it after what is to be sent was read, and before it is sent.
    ///
    /// - Throws: ``Problem`` with 401, as a new request would get.
    /// - Complexity: O(1), and a signature is verified after each event of the charter.
    func check() throws(Problem) {
        guard let gatekeeper else { return }
        let found = try gatekeeper.caller(authorization: authorization, certificate: certificate)
        guard found == caller else { throw Problem(.unknownKey(caller.agency ?? "the caller")) }
    }
}
