import Testing

@testable import Interchange

@Suite("Nomenclature")
struct HSNomenclatureTests {
    @Test("takes the six-digit codes of a table by the name of their column")
    func reads() throws {
        let folder = try Folder()
        let path = try folder.write("section,hscode\nI,01\nI,010121\n\"I\",\"010129\"\n", to: "hs.csv")
        let nomenclature = try HSNomenclature(contentsOf: path)
        #expect(nomenclature.contains("010121"))
        #expect(nomenclature.contains("010129"))
        #expect(!nomenclature.contains("01"))
    }

    @Test("refuses a table without the column, and a path without a file")
    func refuses() throws {
        let folder = try Folder()
        let path = try folder.write("code\n1\n", to: "hs.csv")
        #expect(throws: ImportFault.self) { try HSNomenclature(contentsOf: path) }
        #expect(throws: ImportFault.self) { try HSNomenclature(contentsOf: folder.path + "/none.csv") }
    }
}
