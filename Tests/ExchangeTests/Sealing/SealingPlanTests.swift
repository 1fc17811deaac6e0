import JSON
import JSONSchema
import Testing

@testable import Exchange

@Suite("Plans of what is sealed")
struct SealingPlanTests {
    private static let mark = #""x-sharing":{"class":"conditional","compartment":"tax","owner":"CUS","bytes":8}"#
    private static let other = #""x-sharing":{"class":"restricted","compartment":"tax","owner":"CUS","bytes":8}"#

    @Test("Fields come in the schema's order, persons after their array, each with the way to its subject")
    func fields() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        #expect(
            plan.fields.map(\.pointer) == ["/price", "/commercial/seller", "/crew", "/crew/0", "/crew/1", "/crew/2"])
        #expect(plan.fields[1].mark.subject == "/importer")
        #expect(plan.fields[4].mark.subject == "/crew/1/id")
        #expect(plan.hosts.map(\.slots) == [[0, 2], [1], [3, 4, 5]])
        #expect(plan.slots.map(\.parent) == [nil, nil, nil, 2, 2, 2])
        #expect(plan.tags.map(\.kind) == ["hs", "enterprise"])
        #expect(plan.tags.map(\.slot) == [nil, 1])
        #expect(plan.wholeEvent == nil)
    }

    @Test("Marks are followed through references and allOf, also where several schemas speak of one property")
    func references() throws {
        let plan = try SealingFixture.plan(
            """
            {"type":"object","$ref":"#/$defs/base","allOf":[{"properties":{"b":{"$ref":"#/$defs/secret"}}},
              {"required":["deep"]}],
             "$defs":{"secret":{\(Self.mark)},
              "base":{"properties":{"a":{"$ref":"#/$defs/secret"},"b":{"type":"string"},
                "deep":{"type":"object","properties":{"c/d":{"allOf":[{"$ref":"#/$defs/secret"}]}}}}}}}
            """)
        #expect(plan.fields.map(\.pointer) == ["/a", "/b", "/deep/c~1d"])
    }

    @Test("A mark at the root seals the whole event; of class public it seals nothing")
    func root() throws {
        let inner = "\"type\":\"object\",\"properties\":{\"a\":{\(Self.other)}}"
        let sealed = try SealingFixture.plan("{\(Self.mark),\(inner)}")
        #expect(sealed.fields.map(\.pointer) == ["", "/a"])
        #expect(sealed.wholeEvent?.sharingClass == .conditional)
        #expect(sealed.slots.map(\.parent) == [nil, 0])
        let open = try SealingFixture.plan(
            #"{"x-sharing":{"class":"public","compartment":"none","owner":"CUS","bytes":8},"# + "\(inner)}")
        #expect(open.fields.map(\.pointer) == ["/a"])
        #expect(open.wholeEvent?.sharingClass == .public)
    }

    @Test("A schema that recurs below what is not marked is fine, one that recurs over a mark is not")
    func recursion() throws {
        let plan = try SealingFixture.plan(
            "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"},\"a\":{\(Self.mark)}},"
                + "\"$defs\":{\"n\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}}}}}")
        #expect(plan.fields.count == 1)
        #expect(throws: ExchangeError.self) {
            try SealingFixture.plan(
                "{\"type\":\"object\",\"required\":[\"n\"],"
                    + "\"properties\":{\"n\":{\"$ref\":\"#\"},\"a\":{\(Self.mark)}}}"
            )
        }
    }

    @Test(
        "Marks that are misspelt are refused, and where",
        arguments: [
            (#"true"#, "/properties/p/x-sharing"),
            (#"{"class":"secret","compartment":"c","owner":"CUS","bytes":1}"#, "/properties/p/x-sharing/class"),
            (#"{"compartment":"c","owner":"CUS","bytes":1}"#, "/properties/p/x-sharing/class"),
            (#"{"class":"shared","owner":"CUS","bytes":1}"#, "/properties/p/x-sharing/compartment"),
            (#"{"class":"shared","compartment":"C D","owner":"CUS","bytes":1}"#, "/properties/p/x-sharing/compartment"),
            (#"{"class":"shared","compartment":"c","bytes":1}"#, "/properties/p/x-sharing/owner"),
            (#"{"class":"shared","compartment":"c","owner":"CUS"}"#, "/properties/p/x-sharing/bytes"),
            (#"{"class":"shared","compartment":"c","owner":"CUS","bytes":0}"#, "/properties/p/x-sharing/bytes"),
            (#"{"class":"shared","compartment":"c","owner":"CUS","bytes":1048576}"#, "/properties/p/x-sharing/bytes"),
            (
                #"{"class":"shared","compartment":"c","owner":"CUS","bytes":1,"subject":"importer"}"#,
                "/properties/p/x-sharing/subject"
            ),
            (
                #"{"class":"shared","compartment":"c","owner":"CUS","bytes":1,"clas":"x"}"#,
                "/properties/p/x-sharing/clas"
            ),
        ])
    func misspelt(_ mark: String, _ pointer: String) throws {
        let error = #expect(throws: ExchangeError.self) {
            try SealingFixture.plan(#"{"type":"object","properties":{"p":{"x-sharing":\#(mark)}}}"#)
        }
        #expect(error?.code == .schemaRefused)
        #expect(error?.pointer == pointer)
    }

    @Test(
        "Marks are refused where the number of digests would tell what there is",
        arguments: [
            #""properties":{"o":{"type":"object","properties":{"p":{MARK}}}}"#,
            #""required":["o"],"properties":{"o":{"properties":{"p":{MARK}}}}"#,
            #""required":["o"],"properties":{"o":{"type":["object","null"],"properties":{"p":{MARK}}}}"#,
            #""oneOf":[{"properties":{"p":{MARK}}}]"#, #""anyOf":[{"properties":{"p":{MARK}}}]"#,
            #""if":{"properties":{"p":{MARK}}}"#, #""then":{"properties":{"p":{MARK}}}"#,
            #""else":{"properties":{"p":{MARK}}}"#, #""not":{"properties":{"p":{MARK}}}"#,
            #""patternProperties":{"p":{MARK}}"#, #""additionalProperties":{MARK}"#,
            #""unevaluatedProperties":{MARK}"#, #""dependentSchemas":{"a":{"properties":{"p":{MARK}}}}"#,
            #""properties":{"a":{"items":{MARK}}}"#, #""properties":{"a":{"items":{"properties":{"p":{MARK}}}}}"#,
            #""properties":{"a":{"prefixItems":[{MARK}]}}"#, #""properties":{"a":{"contains":{MARK}}}"#,
            #""properties":{"a":{MARK,"properties":{"p":{MARK}}}}"#,
            #""properties":{"a":{MARK,"items":{"properties":{"p":{MARK}}}}}"#,
            #""properties":{"a":{MARK,"type":"array","items":{MARK}}}"#,
            #""properties":{"a":{MARK,"maxItems":2,"items":{MARK}}}"#,
            #""properties":{"a":{MARK,"type":"array","maxItems":2,"items":{MARK}}}"#,
            ##""properties":{"a":{"oneOf":[{"$ref":"#/$defs/m"}]}},"$defs":{"m":{MARK}}"##,
            ##""properties":{"a":{"$dynamicRef":"#m"}},"$defs":{"m":{"$dynamicAnchor":"m",MARK}}"##,
            #""properties":{"a":{MARK}},"allOf":[{"properties":{"a":{OTHER}}}]"#,
            #""properties":{"a":{MARK,"type":"array","items":{"x-tag":{"kind":"hs"}}}}"#,
            #""properties":{"a":{"x-tag":{"kind":"Bad"}}}"#, #""properties":{"a":{"x-tag":{"kind":"hs","b":1}}}"#,
            #""properties":{"a":{"x-tag":{"kind":"hs"}}},"anyOf":[{"properties":{"a":{"x-tag":{"kind":"hs"}}}}]"#,
        ])
    func refused(_ schema: String) throws {
        let text = schema.replacing("MARK", with: Self.mark).replacing("OTHER", with: Self.other)
        let error = #expect(throws: ExchangeError.self) { try SealingFixture.plan("{\"type\":\"object\",\(text)}") }
        #expect(error?.code == .schemaRefused)
        #expect(error?.pointer?.isEmpty == false)
    }

    @Test("A root that may be other than an object, and names of the format, are refused")
    func names() throws {
        let loose = #expect(throws: ExchangeError.self) {
            try SealingFixture.plan("{\"properties\":{\"a\":{\(Self.mark)}}}")
        }
        #expect(loose?.code == .schemaRefused)
        for name in ["_sd", "...", "_sd_alg"] {
            let error = #expect(throws: ExchangeError.self) {
                try SealingFixture.plan("{\"type\":\"object\",\"properties\":{\"\(name)\":{}}}")
            }
            #expect(error?.code == .reservedName)
        }
        #expect(throws: ExchangeError.self) { try SealingPlan("https://nowhere.example/", in: SchemaRegistry()) }
    }
}
