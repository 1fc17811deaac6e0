/// What the rules of the port refuse: one attempt for each.
extension SamplePlot {
    init(wrong number: Int, at port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .wrong, index: number, seed: seed, port: port))
        let first = 900_000_000 + number * 10
        let names = (0..<4).map {
            SampleShipment.number(first + $0, at: port, year: time.date.year, isImport: true, seed)
        }
        tellOverdraft(names[0], number, at: time)
        tellEarlyRelease(of: names[1], at: time)
        tellOverGuarantee(of: names[2], number, at: time)
        tellBadResults(of: names[3], at: time)
        tellBadMessages(
            number, SampleShipment.number(first + 9, at: port, year: time.date.year, isImport: true, seed), at: time)
        tell("disposition.decided", .maritime, at: time + some(0...300), role: .refused("competence")) { data in
            data.tag("declaration", names[3])
            data.text("matter", SampleItem.disposeGoods.matter ?? "")
            data.text("decision", "pass")
            data.acting(.disposing)
            data.text("powerItem", SampleItem.disposeGoods.code(of: .customs))
        }
        tell("selection.drawn", .customs, at: time + some(0...300), role: .refused("draw")) { data in
            data.tag("draw", "D-W\(number)")
            data.text("stage", "drawn")
            data.text("poolHash", String(repeating: "0", count: 64))
            data.int("poolSize", 1)
            data.acting(.selecting, .draw)
            data.texts("picks", ["container:" + SampleShipment.container(9_000_000 + number)])
        }
    }

    /// What comes in wrong: out of order, about nothing, with a number misread.
    private mutating func tellBadMessages(_ number: Int, _ declaration: String, at time: SampleTime) {
        tell("declaration.accepted", .customs, at: time + some(0...300), role: .refused("sequence")) { data in
            data.tag("declaration", declaration)
            data.acting(.documents, .accept)
        }
        tell("hold.lifted", .customs, at: time + some(0...300), role: .refused("reference")) { data in
            data.tag("declaration", declaration)
            data.text("hold", "hold-\(number)")
            data.acting(.disposing, .lift)
        }
        let right = SampleShipment.container(8_000_000 + number)
        let digit = (right.utf8.last.map { Int($0) - 48 } ?? 0) + 1
        let misread = right.dropLast() + String(digit % 10)
        tell("equipment.moved", .terminal, at: time + some(0...300), role: .refused("identifiers")) { data in
            data.tag("container", String(misread))
            data.text("move", "gate-in")
            data.text("port", data.port.locode)
        }
    }

    /// A permit is to be written off further than it goes.
    private mutating func tellOverdraft(_ declaration: String, _ number: Int, at time: SampleTime) {
        let permit = "W-\(number)"
        let issued = tell("permit.issued", .commerce, at: time) { data in
            data.tag("permit", permit)
            data.text("kind", "automatic-import-licence")
            data.int("quantity", 100)
            data.text("unit", "KGM")
            data.item(.issuePermit)
        }
        func writeOff(_ item: Int, _ quantity: Int) -> SampleStep.Write {
            { data in
                data.tag("declaration", declaration)
                data.tag("permit", permit)
                data.int("item", item)
                data.int("quantity", quantity)
                data.text("unit", "KGM")
                data.item(.writeOff)
            }
        }
        let once = tell("permit.writtenoff", .customs, 5...60, after: issued, writeOff(1, 90))
        tell("permit.writtenoff", .customs, 5...60, after: once, role: .refused("permit-balance"), writeOff(2, 20))
    }

    /// The port's release is to be completed before anybody has accepted the declaration.
    private mutating func tellEarlyRelease(of declaration: String, at time: SampleTime) {
        let lodged = tell("declaration.lodged", .declarant, at: time) { data in
            data.tag("declaration", declaration)
            data.text("kind", "goods")
            data.text("flow", "import")
            data.text("office", data.port.customsOffice)
            data.text("channel", "other")
            data.objects("paperReferences", [0]) { data, _ in
                data.text("type", "declaration")
                data.text("reference", "folder 12")
            }
            data.text("port", data.port.locode)
        }
        tell("release.completed", .singleWindow, 5...60, after: lodged, role: .refused("one-release")) { data in
            data.tag("declaration", declaration)
            data.agencies("agencies", [.customs])
        }
    }

    /// More is to be secured than the guarantee covers.
    private mutating func tellOverGuarantee(of declaration: String, _ number: Int, at time: SampleTime) {
        let guarantee = "G-W\(number)"
        let lodged = tell("guarantee.lodged", .insurer, at: time) { data in
            data.tag("guarantee", guarantee)
            data.text("kind", "customs-duty-insurance")
            data.text("guarantor", data.agency.rawValue)
            data.money("limit", 10_000_000)
        }
        tell("release.granted", .customs, 5...60, after: lodged, role: .refused("guarantee-limit")) { data in
            data.tag("declaration", declaration)
            data.text("condition", "guarantee")
            data.tag("guarantee", guarantee)
            data.money("secured", 10_000_001)
            data.acting(.documents, .release)
        }
    }

    /// A laboratory that is on no list reports, and a result that is not good is to be recognised.
    private mutating func tellBadResults(of declaration: String, at time: SampleTime) {
        func report(_ accreditation: String) -> SampleStep.Write {
            { data in
                data.tag("declaration", declaration)
                data.tag("sample", "S-\(declaration)")
                data.text("laboratory", SamplePolicies.laboratory)
                data.text("accreditation", accreditation)
                data.text("method", SamplePolicies.method)
                data.text("scope", SamplePolicies.scope)
                data.day("sampledOn", time)
                data.text("result", "fail")
            }
        }
        tell(
            "lab.reported", .laboratory, at: time + some(0...100), role: .refused("laboratory"), report("CNAS L9999"))
        let failed = tell(
            "lab.reported", .laboratory, at: time + some(0...100), report(SamplePolicies.accreditation))
        let result = reference(failed)
        tell("result.recognised", .customs, 5...60, after: failed, role: .refused("recognition")) { data in
            data.tag("declaration", declaration)
            data.text("event", result.id)
            data.reference("recognised", result)
            data.item(.recognise)
        }
    }
}
