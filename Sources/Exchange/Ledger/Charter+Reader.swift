internal import EventLog

extension Charter {
    /// Who a reader is by the charter: its agency a member, its role held. Whoever claims what is not so is the public.
    ///
    /// Parties have no agency; that they are who they say is for those to establish who hand the claim in.
    func confirmed(_ claim: Reader, at time: Timestamp) -> Reader {
        guard let code = claim.agency else {
            guard claim.kind == .party else { return .public }
            return Reader(
                .party, identities: claim.identities, purpose: claim.purpose, caseName: claim.caseName)
        }
        guard let member = agency(code, at: time) else { return .public }
        if let role = claim.role, !hasRole(role, of: code, at: time) { return .public }
        return Reader(
            member.kind, agency: code, role: claim.role, identities: claim.identities, purpose: claim.purpose,
            caseName: claim.caseName)
    }
}
