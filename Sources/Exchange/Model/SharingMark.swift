/// What a schema says of a property (or, at its root, of the whole event): the keyword `x-sharing`.
///
/// ```json
/// "x-sharing": { "class": "conditional", "compartment": "trade-secret", "owner": "CUS", "subject": "/importer", "bytes": 512 }
/// ```
public struct SharingMark: Sendable, Hashable {
    public let sharingClass: SharingClass
    /// Under which head it is classified: `trade-secret`, `personal`, `tax-secret`, `method`, `investigation`, `security`,
    /// `third-country` or another name of `a`–`z`, `0`–`9` and `-`. Told to readers as the reason.
    public let compartment: String
    /// The agency that decides on its disclosure, whoever sent the event.
    public let owner: String
    /// Where in the data the name of its subject stands, as a JSON Pointer: whose key seals it, so that erasing the subject
    /// erases it. Nil: the owner.
    public let subject: String?
    /// The most bytes its value has; what is stored is padded to it.
    public let bytes: Int

    public init(_ sharingClass: SharingClass, compartment: String, owner: String, subject: String? = nil, bytes: Int) {
        self.sharingClass = sharingClass
        self.compartment = compartment
        self.owner = owner
        self.subject = subject
        self.bytes = bytes
    }
}
