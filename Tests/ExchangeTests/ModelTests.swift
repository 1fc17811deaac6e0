import EventLog
import Exchange
import Testing

@Suite("What rules, grants and decisions speak of")
struct ModelTests {
    private static let price = Field(
        pointer: "/commercial",
        mark: SharingMark(.conditional, compartment: "trade-secret", owner: "CUS", bytes: 256))

    @Test("The classes are ordered from the most freely shared to the dearest")
    func classes() {
        #expect(SharingClass.allCases.sorted() == [.public, .shared, .conditional, .restricted, .withheld])
        #expect(SharingClass.allCases == SharingClass.allCases.sorted())
    }

    @Test("A selector without an aspect leaves it open, and one with it must match in all")
    func fieldSelector() {
        let type = "sanhu.declaration.lodged"
        #expect(FieldSelector().matches(Self.price, ofType: type))
        #expect(
            FieldSelector(types: [type], owners: ["CUS"], compartments: ["trade-secret"]).matches(
                Self.price, ofType: type))
        #expect(!FieldSelector(types: ["sanhu.release.granted"]).matches(Self.price, ofType: type))
        #expect(!FieldSelector(owners: ["TAX"]).matches(Self.price, ofType: type))
        #expect(!FieldSelector(compartments: ["personal"]).matches(Self.price, ofType: type))
        #expect(!FieldSelector(classes: [.restricted]).matches(Self.price, ofType: type))
        #expect(FieldSelector(pointers: ["/commercial"]).matches(Self.price, ofType: type))
        #expect(!FieldSelector(pointers: ["/comm"]).matches(Self.price, ofType: type))
        let inner = Field(pointer: "/commercial/price", mark: Self.price.mark)
        #expect(FieldSelector(pointers: ["/commercial"]).matches(inner, ofType: type))
        #expect(!FieldSelector(pointers: ["/commercial/price"]).matches(Self.price, ofType: type))
        // A name may begin with what joins the letter before it.
        let joined = Field(pointer: "/a/\u{301}b", mark: Self.price.mark)
        #expect(FieldSelector(pointers: ["/a"]).matches(joined, ofType: type))
        let composed = Field(pointer: "/\u{E9}", mark: Self.price.mark)
        #expect(!FieldSelector(pointers: ["/e\u{301}"]).matches(composed, ofType: type))
    }

    @Test("A validity holds from its beginning up to its end, and without it")
    func validity() {
        let (early, late) = (Timestamp(microseconds: 10), Timestamp(microseconds: 20))
        #expect(Validity(from: early, to: late).contains(early))
        #expect(!Validity(from: early, to: late).contains(late))
        #expect(!Validity(from: late).contains(early))
        #expect(Validity().contains(early))
        #expect(!Validity(from: early, to: early).contains(early))
    }

    @Test("A selector of readers that names agencies or roles does not match who has none")
    func readerSelector() {
        let officer = Reader(.authority, agency: "TAX", role: "assessor")
        #expect(ReaderSelector().matches(.public))
        #expect(ReaderSelector(kinds: [.authority], agencies: ["TAX"], roles: ["assessor"]).matches(officer))
        #expect(!ReaderSelector(agencies: ["TAX"]).matches(.public))
        #expect(!ReaderSelector(roles: ["assessor"]).matches(Reader(.authority, agency: "TAX")))
    }
}
