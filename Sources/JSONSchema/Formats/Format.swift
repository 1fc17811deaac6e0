/// The formats that are asserted here: those of the specification that the port needs, and the port's own.
package enum Format: String, CaseIterable, Sendable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case ipv4
    case ipv6
    case uri
    case uriReference = "uri-reference"
    case uuid
    case jsonPointer = "json-pointer"
    case regex
    case container = "iso6346"
    case location = "un-locode"
    case commodity = "hs-code"
    case enterprise = "uscc"
    case ship = "imo-number"
    case country = "iso3166-1-alpha-2"
    case currency = "iso4217"

    /// Whether a text, given as valid UTF-8, is of the format.
    ///
    /// - Complexity: O(*n*).
    package func accepts(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .dateTime: TimeFormat.isDateTime(text)
        case .date: TimeFormat.isDate(text)
        case .time: TimeFormat.isTime(text)
        case .duration: DurationFormat.accepts(text)
        case .email: EmailFormat.accepts(text)
        case .ipv4: AddressFormat.isIPv4(text)
        case .ipv6: AddressFormat.isIPv6(text)
        case .uri: URIFormat.accepts(text, needsScheme: true)
        case .uriReference: URIFormat.accepts(text, needsScheme: false)
        case .uuid: UUIDFormat.accepts(text)
        case .jsonPointer: JSONPointerFormat.accepts(text)
        case .regex: RegexFormat.accepts(text)
        case .container: ContainerFormat.accepts(text)
        case .location: LocationFormat.accepts(text)
        case .commodity: CommodityFormat.accepts(text)
        case .enterprise: EnterpriseFormat.accepts(text)
        case .ship: ShipFormat.accepts(text)
        case .country: CountryFormat.accepts(text)
        case .currency: CurrencyFormat.accepts(text)
        }
    }

    /// What a text of the format is, for messages.
    var expectation: String {
        switch self {
        case .dateTime: "a date and time with its offset, like 2026-03-01T08:30:00Z (RFC 3339)"
        case .date: "a date like 2026-03-01 (RFC 3339)"
        case .time: "a time with its offset, like 08:30:00Z (RFC 3339)"
        case .duration: "a duration like P3DT4H (RFC 3339, appendix A)"
        case .email: "an e-mail address (RFC 5321)"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .uri: "a URI with a scheme (RFC 3986)"
        case .uriReference: "a URI or a reference to one (RFC 3986)"
        case .uuid: "a UUID (RFC 9562)"
        case .jsonPointer: "a JSON pointer (RFC 6901)"
        case .regex: "a regular expression (ECMA-262)"
        case .container: "a container number with its check digit (ISO 6346)"
        case .location: "a UN/LOCODE: a country and three characters"
        case .commodity: "an HS code of 6, 8 or 10 digits"
        case .enterprise: "a unified social credit code with its check character (GB 32100)"
        case .ship: "an IMO ship number of 7 digits with its check digit"
        case .country: "a country code of two letters (ISO 3166-1)"
        case .currency: "a currency code of three letters (ISO 4217)"
        }
    }
}
