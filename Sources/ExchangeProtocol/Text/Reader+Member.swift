internal import EventLog
package import Exchange

extension Reader {
    /// A member as commands read for it. The charter says of what kind it is.
    package init(member agency: String, role: String?, purpose: String?, caseName: String?) {
        // What is addressed to an agency names it: a participant sees entries that name it.
        let address = try? Tag(kind: "agency", value: agency)
        self.init(
            .authority, agency: agency, role: role, identities: address.map { [$0] } ?? [], purpose: purpose,
            caseName: caseName)
    }
}
