public import JSON

/// Why a disclosure, a sealed payload, a request to seal or a token is not accepted, and where.
public struct DisclosureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable {
        /// Not base64url of a JSON array of salt, name and value, or of salt and value.
        case malformedDisclosure
        /// Not JSON, or no object.
        case malformedPayload
        /// An `_sd` that is no array of digests, or a `...` that is not alone in an array's element with a digest.
        case malformedDigests
        /// An `_sd_alg` that is not `sha-256`.
        case unknownAlgorithm
        /// An `_sd_alg` that is not at the top of the payload.
        case misplacedAlgorithm
        /// A claim named `_sd`, `...` or `_sd_alg`.
        case reservedName
        /// A disclosed name that the object has already.
        case nameTaken
        /// A disclosure with a name where an array has its digest, or one without where an object has it.
        case wrongPlace
        /// A digest that stands in two places.
        case repeatedDigest
        /// A disclosure that was given twice.
        case repeatedDisclosure
        /// A disclosure whose digest stands nowhere, or only in what was not disclosed.
        case unreferencedDisclosure
        /// Nesting deeper than the limit.
        case tooDeep
        /// More disclosures or digests than the limit.
        case tooMany
        /// More bytes than the limit.
        case tooLarge
        /// A mark or a padding of something that cannot have one, or of one thing twice.
        case invalidMark
        /// A salt that two marks share.
        case repeatedSalt
        /// Digests and decoys of an object that are not as many as was asked for.
        case wrongCount
        /// Not the parts of an SD-JWT.
        case malformedToken
        /// No Key Binding JWT where one was asked for.
        case missingKeyBinding
        /// A Key Binding JWT that is not of that type, lacks a claim, or is bound to something else.
        case wrongKeyBinding
    }

    public let code: Code

    /// Where: in the payload with what is disclosed in its place; the place of a digest is `…/_sd/0` or `…/0/...`.
    /// Empty if the fault is in no place of the payload.
    public let pointer: JSONPointer

    /// What happened, to what, and what can be done.
    public let reason: String

    public init(_ code: Code, at pointer: JSONPointer = JSONPointer(tokens: []), _ reason: String) {
        self.code = code
        self.pointer = pointer
        self.reason = reason
    }

    public var description: String {
        pointer.tokens.isEmpty ? reason : "\(reason) (at \(pointer))"
    }
}
