import Foundation
import Testing

@testable import Interchange

@Suite("Finding scenarios")
struct FileFinderTests {
    private let finder = FileFinder(suffix: ".xml")

    @Test("a folder of folders holds scenarios, a folder with files is one with everything below it")
    func groups() throws {
        let folder = try Folder()
        for name in ["hmrc/B/10.xml", "hmrc/B/9.xml", "hmrc/B/answers/1.xml", "hmrc/A/x.XML", "hmrc/list.csv"] {
            try folder.write("<r/>", to: name)
        }
        let groups = finder.groups(under: [folder.path])
        #expect(groups.map(\.name) == ["A", "B"])
        #expect(groups[1].files.map { ($0.path as NSString).lastPathComponent } == ["9.xml", "10.xml", "1.xml"])
        let one = finder.groups(under: [folder.path + "/hmrc/B/"])
        #expect(one.map(\.name) == ["B"])
        #expect(one.first?.files.count == 3)
    }

    @Test("files given by name form a scenario per folder, each file once, whatever they are called")
    func groupsNames() throws {
        let folder = try Folder()
        let paths = try ["S/2.xml", "S/1.txt", "T/1.xml"].map { try folder.write("<r/>", to: $0) }
        let groups = finder.groups(under: paths + [paths[0]])
        #expect(groups.map(\.name) == ["S", "T"])
        #expect(groups.map(\.files.count) == [2, 1])
    }

    @Test("what is no ordinary file, or is not there, is kept with the reason, so that it is accounted for")
    func keepsObstacles() throws {
        let folder = try Folder()
        try folder.write("<r/>", to: "S/1.xml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/S/2.xml", withDestinationPath: folder.path + "/S/1.xml")
        let files = finder.groups(under: [folder.path, folder.path + "/none.xml"]).flatMap(\.files)
        #expect(files.count == 3)
        #expect(files.filter { $0.obstacle != nil }.count == 2)
        let outcome = Outcome(WCOImporter(paths: [folder.path + "/none.xml"]))
        #expect(outcome.summary.filesRefused == 1)
    }
}
