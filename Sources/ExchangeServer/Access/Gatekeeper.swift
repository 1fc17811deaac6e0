internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers

/// Establishes who calls: by a token that a key of the charter signed, or a client certificate with such a key.
final class Gatekeeper: Sendable {
    /// How far clocks may differ, in microseconds.
    static let skew: Int64 = 30_000_000

    private let ledger: ExchangeLedger
    private let clock: LogClock
    private let revoked: RevokedTokens
    private let cache = NIOLockedValueBox(TokenCache())

    init(_ ledger: ExchangeLedger, revoked: RevokedTokens, clock: @escaping LogClock = { .now() }) {
        self.ledger = ledger
        self.revoked = revoked
        self.clock = clock
    }

    /// Who shows a token, or a certificate, or nothing.
    ///
    /// - Parameters:
    ///   - authorization: The header; a token wins over a certificate.
    ///   - certificate: What the client showed in the handshake.
    func caller(authorization: String?, certificate: ClientCertificate?) throws(Problem) -> Caller {
        guard let authorization else {
            guard let certificate else { return .public }
            return try caller(certificate)
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem(.malformed("the header is not “Bearer” and a token"))
        }
        do throws(TokenFault) {
            return try caller(token: String(parts[1]), certificate)
        } catch {
            throw Problem(error)
        }
    }

    /// Forgets what was verified: something was revoked.
    func forget() { cache.withLockedValue { $0.removeAll() } }

    private func charter() throws(Problem) -> Charter {
        do throws(ExchangeError) {
            return try ledger.charter()
        } catch {
            throw Problem(error)
        }
    }

    private func caller(token text: String, _ certificate: ClientCertificate?) throws(TokenFault) -> Caller {
        guard let charter = try? charter() else { throw .malformed("the ledger has no charter") }
        let now = clock()
        // What counts only with a certificate is looked at each time, so that one without finds nothing here.
        let name = certificate.map { text + " " + $0.thumbprint } ?? text
        if let known = cache.withLockedValue({ $0.caller(name, charter: charter.position, at: now) }) { return known }
        let signed = try SignedToken(text)
        let token = signed.token
        let caller = try check(signed, charter, at: now, certificate)
        guard !revoked.contains(agency: token.agency, id: token.id) else { throw .revoked }
        let turn = charter.turningPoint(after: now) ?? caller.until
        cache.withLockedValue {
            $0.keep(caller, name, charter: charter.position, until: min(turn, caller.until))
        }
        return caller
    }

    private func check(
        _ signed: SignedToken, _ charter: Charter, at now: Timestamp, _ certificate: ClientCertificate?
    ) throws(TokenFault) -> Caller {
        let token = signed.token
        guard token.audience == charter.origin else { throw .wrongAudience(charter.origin) }
        guard token.expires > token.issued, token.expires - token.issued <= AccessToken.maximumLifetime else {
            throw .livesTooLong
        }
        let until = Timestamp(microseconds: token.end.microseconds + Self.skew)
        guard now < until else { throw .expired }
        guard token.issued * 1_000_000 <= now.microseconds + Self.skew else { throw .notYet }
        guard let key = charter.key(token.key, at: now), key.agency == token.agency,
            charter.maySign(token.key, at: now), charter.agency(token.agency, at: now) != nil
        else { throw .unknownKey(token.agency) }
        guard signed.isSigned(by: key.publicKey) else { throw .wrongSignature }
        if let bound = token.certificate, bound != certificate?.thumbprint { throw .wrongCertificate }
        if let role = token.role {
            let holds =
                if let officer = token.officer {
                    charter.hasRole(role, officer: officer, of: token.agency, at: now)
                } else {
                    charter.hasRole(role, of: token.agency, at: now)
                }
            guard holds else { throw .wrongRole(role) }
        }
        return Caller(
            agency: token.agency, officer: token.officer, role: token.role, purpose: token.purpose,
            caseName: token.caseName, basis: .token(token.id), until: until)
    }

    /// Who shows a certificate whose key is one of the charter's. Nothing else in it counts: the charter is who vouches.
    private func caller(_ certificate: ClientCertificate) throws(Problem) -> Caller {
        let (charter, now) = (try charter(), clock())
        guard let key = charter.key(withPublicKey: certificate.publicKey, at: now), charter.maySign(key.id, at: now),
            charter.agency(key.agency, at: now) != nil
        else {
            throw Problem(
                401, "unknownCertificate", "The certificate is not accepted",
                "The key of the client certificate is not one that the charter has in force. Show another, or none.")
        }
        guard certificate.validity.contains(now.microseconds / 1_000_000) else {
            throw Problem(
                401, "expiredCertificate", "The certificate is not accepted",
                "The client certificate is not valid now. Make another for the same key.")
        }
        return Caller(
            agency: key.agency, officer: nil, role: nil, purpose: nil, caseName: nil, basis: .certificate,
            until: Timestamp(microseconds: certificate.validity.upperBound * 1_000_000))
    }
}
