import JSON
import Testing

@testable import Exchange

@Suite("The cell of the matrix that a schema names")
struct SharingCellTests {
    private static func cell(_ text: String) throws -> SharingCell? {
        try SharingCell(of: JSONDocument(parsing: Array(#"{"x-cell":\#(text)}"#.utf8)).root)
    }

    @Test("There are twenty, and each is read as it is written")
    func all() throws {
        #expect(Set(SharingCell.all).count == 20)
        for cell in SharingCell.all {
            let text = #"{"subject":"\#(cell.subject.rawValue)","category":"\#(cell.category.rawValue)"}"#
            #expect(try Self.cell(text) == cell)
        }
        #expect(try SharingCell(of: JSONDocument(parsing: Array("{}".utf8)).root) == nil)
    }

    @Test(
        "Another one is refused, with its place and what there is",
        arguments: [
            (#"{"subject":"cargo","category":"release"}"#, "/x-cell/subject"),
            (#"{"subject":"goods","category":"fees"}"#, "/x-cell/category"),
            (#"{"subject":"goods"}"#, "/x-cell/category"), (#"{"category":"release"}"#, "/x-cell/subject"),
            (#"{"subject":"goods","category":1}"#, "/x-cell/category"), (#""goods""#, "/x-cell"),
            (#"{"subject":"goods","category":"release","port":"x"}"#, "/x-cell/port"),
        ])
    func refused(_ text: String, _ pointer: String) throws {
        let error = try CharterLab.fault { _ = try Self.cell(text) }
        #expect(error?.code == .schemaRefused && error?.pointer == pointer, "\(text)")
    }

    @Test("A schema that names one which does not exist is not registered")
    func registration() throws {
        func register(_ category: String) throws -> SharingCell? {
            let document = #"{"type":"object","x-cell":{"subject":"goods","category":"\#(category)"}}"#
            let registered = RegisteredSchema(
                uri: "urn:sanhu:schema:a.b:1", type: "sanhu.a.b", document: Array(document.utf8), replaces: nil,
                validity: Validity())
            let cell = try EventSchema(registered).cell
            #expect(registered.cell == cell)
            return cell
        }
        #expect(try register("release") == SharingCell(.goods, .release))
        let error = try CharterLab.fault { _ = try register("fees") }
        #expect(error?.code == .schemaRefused && error?.pointer == "/x-cell/category")
        #expect(error?.reason.contains("urn:sanhu:schema:a.b:1") == true, "\(error?.reason ?? "")")
    }
}
