import Testing

@testable import Interchange

@Suite("Reading XML messages")
struct XMLMessageReaderTests {
    private func read(_ text: String, _ reader: XMLMessageReader = XMLMessageReader()) throws(ImportFault)
        -> MessageElement
    {
        try reader.read(Array(text.utf8), name: "a.xml")
    }

    private func fault(_ text: String, _ reader: XMLMessageReader = XMLMessageReader()) -> ImportFault? {
        do throws(ImportFault) {
            _ = try read(text, reader)
            return nil
        } catch {
            return error
        }
    }

    @Test("leaves comments, prefixes and namespace declarations out and trims text")
    func simplifies() throws {
        let root = try read("<a:r xmlns:a='u' a:k='v'><!-- no --><a:c>  one <!-- no -->two\n</a:c><d/></a:r>")
        #expect(root.name == "r")
        #expect(root.attributes == ["k": "v"])
        #expect(root.value("c") == "one two")
        #expect(root.value("d") == nil)
        #expect(root.children.map(\.name) == ["c", "d"])
    }

    @Test("takes the remains of a broken prefix off a name")
    func mendsNames() throws {
        #expect(try read("<_2MetaData><_2_1:Response xmlns:_2_1='u'/></_2MetaData>").name == "MetaData")
        #expect(XMLName.local("_2_1:Response") == "Response")
        #expect(XMLName.local("_private") == "_private")
    }

    @Test("reads CDATA, a byte order mark and blank lines before the XML declaration")
    func readsAroundTheEdges() throws {
        #expect(try read("<r><![CDATA[a < b]]></r>").text == "a < b")
        #expect(try read("\u{FEFF}<r>x</r>").text == "x")
        #expect(try read("\n\n <?xml version=\"1.0\" encoding=\"UTF-8\"?><r>x</r>").text == "x")
    }

    @Test("tells the line where a file stops being well-formed")
    func tellsTheLine() {
        let mismatch = fault("\n<r>\n  <a>\n  </b>\n</r>")
        #expect(mismatch?.line == 4)
        #expect(mismatch?.reason.contains("end tag") == true)
        #expect(fault("<r>\n<a>")?.reason.contains("not well-formed") == true)
        #expect(fault("<r><!-- a -- b --></r>")?.reason.contains("comment") == true)
        #expect(fault("no markup")?.reason.contains("not well-formed") == true)
        #expect(fault("")?.reason == "is empty")
    }

    @Test(
        "refuses document type declarations before parsing",
        arguments: [
            "<?xml version='1.0'?>\n<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>",
            "<!-- harmless -->\n<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'><r/>",
            "\n<!doctype r><r/>",
        ])
    func refusesDoctype(_ text: String) {
        #expect(fault(text)?.reason.contains("document type declaration") == true)
        #expect(fault(text)?.line == 2)
    }

    @Test("does not mistake a comment or CDATA for a declaration")
    func allowsMention() throws {
        #expect(try read("<r><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE y>]]></r>").text == "<!DOCTYPE y>")
    }

    @Test("refuses entities it was not told of, and encodings the scan could not read")
    func refusesTheRest() {
        #expect(fault("<r>&x;</r>") != nil)
        let wide = Array("<\0r\0/\0>\0".utf8)
        #expect(throws: ImportFault.self) { try XMLMessageReader().read([0xFF, 0xFE] + wide, name: "a.xml") }
        #expect(throws: ImportFault.self) { try XMLMessageReader().read(wide, name: "a.xml") }
    }

    @Test("resolves references to characters, in text and in attributes")
    func resolvesCharacters() throws {
        let root = try read("<r k='&quot;&#65;'>a &amp; b &lt;&#x4E2D;&gt;\r\nc</r>")
        #expect(root.text == "a & b <中>\nc")
        #expect(root.attributes["k"] == "\"A")
    }

    @Test(
        "refuses what is not well-formed",
        arguments: [
            "<r/><r/>", "<r/>x", "x<r/>", "<r k=1/>", "<r k='1' k='2'/>", "<r k='<'/>", "<r k='1'l='2'/>", "<r k/>",
            "<r>]]></r>", "<r>a & b</r>", "<r>&#0;</r>", "<r>&#xD800;</r>", "<r>&#+65;</r>", "<r>\u{1}</r>", "<r",
            "<1/>",
            "<r><?xml version='1.0'?></r>", "<?xml version='1.0' encoding='ISO-8859-1'?><r/>", "<r><![CDATA[x</r>",
            "<r><!-- x</r>", "</r>", "<!ELEMENT r ANY><r/>", "<a:r></r>",
        ])
    func refusesMalformed(_ text: String) {
        #expect(fault(text) != nil)
    }

    @Test("survives bytes that are not UTF-8, wherever they stand")
    func survivesInvalidText() {
        for text in ["<r><!-- ? --></r>", "<r?/>", "<r k='?'/>", "<r>?</r>", "<?x ??><r/>"] {
            let bytes = text.utf8.map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
            #expect(throws: ImportFault.self) { try XMLMessageReader().read(bytes, name: "a.xml") }
        }
    }

    @Test("holds to its limits of size, depth and number of elements")
    func holdsLimits() {
        let deep = String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65)
        #expect(fault(deep)?.reason.contains("64 deep") == true)
        let allowed = String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)
        #expect(fault(allowed) == nil)
        let many = "<r>" + String(repeating: "<a/>", count: 11) + "</r>"
        #expect(fault(many, XMLMessageReader(maximumElements: 11))?.reason.contains("more than 11 elements") == true)
        #expect(fault(many, XMLMessageReader(maximumElements: 12)) == nil)
        #expect(
            fault("<r>aaaa</r>", XMLMessageReader(maximumBytes: 10))?.reason.contains("over the limit of 10") == true)
    }
}
