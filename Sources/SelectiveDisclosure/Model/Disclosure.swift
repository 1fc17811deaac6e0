public import JSON
internal import Transparency

/// One value with its salt and, if it is a member of an object, its name: what is kept back, or handed over to show
/// what a digest stands for.
///
/// Source: RFC 9901, sections 4.2.1 (object properties: `[salt, name, value]`), 4.2.2 (array elements: `[salt, value]`)
/// and 4.2.3. The digest is over ``encoded`` as it stands, so a disclosure that was read keeps its bytes, white space
/// and all; one that is made here is compact. Base64url is strict, so ``json`` alone gives ``encoded`` again.
public struct Disclosure: Hashable, Sendable, CustomStringConvertible {
    /// The disclosure as it is written, hashed and handed over: base64url of ``json``.
    public let encoded: [UInt8]
    /// The JSON array, byte for byte.
    public let json: [UInt8]
    /// What stands for it in the payload.
    public let digest: DisclosureDigest
    /// The array without white space between its tokens.
    let content: JSONDocument

    /// Reads a disclosure as it is handed over.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedDisclosure` or `.tooLarge`.
    /// - Complexity: O(*n*) in the number of characters.
    public init(encoded: [UInt8], limits: DisclosureLimits = DisclosureLimits()) throws(DisclosureError) {
        guard encoded.count / 4 * 3 <= limits.maximumDisclosureBytes else { throw Self.tooLarge(limits) }
        guard let json = Base64.decode(encoded.span, .url), !json.isEmpty else {
            throw DisclosureError(
                .malformedDisclosure, "A disclosure is not base64url: A–Z, a–z, 0–9, - and _, without padding.")
        }
        try self.init(encoded: encoded, json: json, limits: limits)
    }

    /// Reads a disclosure as it is handed over.
    ///
    /// - Throws: As ``init(encoded:limits:)``.
    public init(_ text: some StringProtocol, limits: DisclosureLimits = DisclosureLimits()) throws(DisclosureError) {
        try self.init(encoded: Array(text.utf8), limits: limits)
    }

    /// Takes a disclosure by its JSON array, whose bytes are kept.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedDisclosure` or `.tooLarge`.
    public init(json: [UInt8], limits: DisclosureLimits = DisclosureLimits()) throws(DisclosureError) {
        var encoded: [UInt8] = []
        Base64.append(json.span, .url, to: &encoded)
        try self.init(encoded: encoded, json: json, limits: limits)
    }

    /// Makes the disclosure of an object's member (section 4.2.1).
    ///
    /// - Parameter value: JSON; white space between its tokens is dropped.
    /// - Throws: ``DisclosureError`` with code `.reservedName`, or `.malformedDisclosure` if the value is not JSON.
    public init(
        salt: DisclosureSalt, name: String, value: [UInt8], limits: DisclosureLimits = DisclosureLimits()
    ) throws(DisclosureError) {
        guard ReservedName(name) == nil else { throw ReservedName.refusal(of: name, at: JSONPointer(tokens: [])) }
        try self.init(composing: salt, name, value, limits)
    }

    /// Makes the disclosure of an array's element (section 4.2.2).
    ///
    /// - Parameter element: JSON; white space between its tokens is dropped.
    /// - Throws: ``DisclosureError`` with code `.malformedDisclosure` if the element is not JSON.
    public init(
        salt: DisclosureSalt, element: [UInt8], limits: DisclosureLimits = DisclosureLimits()
    ) throws(DisclosureError) {
        try self.init(composing: salt, nil, element, limits)
    }

    private init(
        composing salt: DisclosureSalt, _ name: String?, _ value: [UInt8], _ limits: DisclosureLimits
    ) throws(DisclosureError) {
        var json = Array("[\"".utf8)
        salt.append(to: &json)
        json.append(contentsOf: "\",".utf8)
        if let name {
            JSONText.appendQuoted(name, to: &json)
            json.append(UInt8(ascii: ","))
        }
        json.append(contentsOf: value)
        json.append(UInt8(ascii: "]"))
        let made = try Disclosure(json: json, limits: limits)
        // A value of the form `1,2` would make an array of another shape.
        guard (made.nameNode == nil) == (name == nil) else { throw Self.malformed }
        try self.init(json: made.content.bytes, limits: limits)
    }

    private init(encoded: [UInt8], json: [UInt8], limits: DisclosureLimits) throws(DisclosureError) {
        do throws(JSONError) {
            content = try JSONDocument(compacting: json, limits: limits.disclosure)
        } catch {
            if error.code == .tooLarge { throw Self.tooLarge(limits) }
            throw DisclosureError(.malformedDisclosure, "A disclosure is not JSON that is accepted: \(error).")
        }
        self.encoded = encoded
        self.json = json
        digest = DisclosureDigest(ofEncoded: encoded)
        guard hasShape else { throw Self.malformed }
    }

    /// Whether the content is an array of two or three, the salt and the name strings.
    private var hasShape: Bool {
        let nodes = content.tape.nodes
        guard nodes[0].kind == .array, nodes.count >= 3, nodes[1].kind == .string else { return false }
        let second = Int(nodes[2].end)
        guard second < nodes.count else { return true }
        return nodes[2].kind == .string && Int(nodes[second].end) == nodes.count
    }

    private static var malformed: DisclosureError {
        DisclosureError(
            .malformedDisclosure,
            "A disclosure is not an array of salt, name and value or of salt and value, salt and name being strings.")
    }

    private static func tooLarge(_ limits: DisclosureLimits) -> DisclosureError {
        DisclosureError(.tooLarge, "A disclosure has at most \(limits.maximumDisclosureBytes) bytes.")
    }

    /// The name's node in ``content``, or nil.
    var nameNode: Int? { Int(content.tape.nodes[2].end) < content.tape.nodes.count ? 2 : nil }

    /// The value's node in ``content``.
    var valueNode: Int { nameNode == nil ? 2 : 3 }

    /// The salt, which need not be one of 128 bits if somebody else made the disclosure.
    public var salt: String { content.tape.decodedString(at: 1, in: content.bytes.span) }

    /// The member's name, or nil for an array's element.
    public var name: String? {
        nameNode.map { content.tape.decodedString(at: $0, in: content.bytes.span) }
    }

    /// The value; digests in it are not resolved.
    public var value: JSONValue { content.root.elements.last ?? content.root }

    /// Whether ``VerifiedDisclosures`` can take it: compact, and no reserved name in it is written with escapes.
    package var isPlain: Bool { content.bytes.count == json.count && !ReservedName.isEscaped(in: content) }

    /// The disclosure as it is written.
    public var description: String { String(decoding: encoded, as: UTF8.self) }

    public static func == (left: Disclosure, right: Disclosure) -> Bool { left.encoded == right.encoded }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
