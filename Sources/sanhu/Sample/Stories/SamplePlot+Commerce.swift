/// E-commerce (跨境电商) and mail.
extension SamplePlot {
    /// Inventories that are released one by one, and declared together at the end (清单核放、汇总申报).
    init(commerce number: Int, at port: SamplePort, at time: SampleTime, inventories: Int, seed: UInt64) {
        self.init(SampleStory(kind: .commerce, index: number, seed: seed, port: port))
        let (platform, year) = (SampleEnterprise(.exporter, at: port, seed: seed, random: &random), time.date.year)
        let first = 600_000_000 + number * 60
        func name(_ index: Int) -> String {
            SampleShipment.number(first + index, at: port, year: year, isImport: false, seed)
        }
        var (members, last, value): ([String], Int, Int) = ([], 0, 0)
        for index in 0..<inventories {
            let (inventory, cents) = (name(index), random.within(900...60_000))
            (value, members) = (value + cents, members + [inventory])
            let lodged = tell("declaration.lodged", .declarant, at: time + some(0...120)) { data in
                data.tag("declaration", inventory)
                data.text("kind", "inventory")
                data.text("flow", "export")
                data.text("office", port.customsOffice)
                data.int("itemCount", 1)
                data.object("parties") { $0.text("exporter", platform.code) }
                data.found("enterprise", platform.code)
                data.text("consignmentReference", "CEB-\(inventory.suffix(9))")
                data.object("commercial") { data in
                    data.decimal("price", cents)
                    data.text("currency", "CNY")
                }
                data.text("mode", "periodic")
                data.text("channel", "single-window")
                data.text("zone", "special-supervision")
                data.text("port", port.locode)
            }
            let accepted = tell("declaration.accepted", .customs, 1...3, after: lodged) { data in
                data.tag("declaration", inventory)
                data.acting(.documents, .accept)
            }
            let granted = tell("release.granted", .customs, 3...40, after: accepted) { data in
                data.tag("declaration", inventory)
                data.text("office", port.customsOffice)
                data.text("condition", "none")
                data.acting(.documents, .release)
            }
            let grant = id(granted)
            tell("release.completed", .singleWindow, 1...1, after: granted, role: .concluded) { data in
                data.tag("declaration", inventory)
                data.texts("grants", [grant])
                data.agencies("agencies", [.customs])
                data.text("flow", "export")
            }
            if index == 0 || known(granted) > known(last) { last = granted }
        }
        let (sum, consolidated, all) = (value, name(59), members)
        let lodged = tell("declaration.lodged", .declarant, 200...500, after: last) { data in
            data.tag("declaration", consolidated)
            data.text("kind", "consolidated")
            data.text("flow", "export")
            data.text("office", port.customsOffice)
            data.int("itemCount", all.count)
            data.object("parties") { $0.text("exporter", platform.code) }
            data.found("enterprise", platform.code)
            data.object("commercial") { data in
                data.decimal("price", sum)
                data.text("currency", "CNY")
            }
            data.text("mode", "periodic")
            data.text("channel", "single-window")
            data.tags("members", all, as: "member")
        }
        let accepted = tell("declaration.accepted", .customs, 5...30, after: lodged) { data in
            data.tag("declaration", consolidated)
            data.acting(.documents, .accept)
        }
        tell("release.granted", .customs, 5...30, after: accepted) { data in
            data.tag("declaration", consolidated)
            data.text("office", port.customsOffice)
            data.text("condition", "none")
            data.acting(.documents, .release)
        }
    }

    /// A bag of mail: each parcel goes through one machine, before two screens (一机两屏).
    init(mail number: Int, at port: SamplePort, at time: SampleTime, parcels: Int, seed: UInt64) {
        self.init(SampleStory(kind: .mail, index: number, seed: seed, port: port))
        for index in 0..<parcels {
            let parcel = "RR\(SampleKeys.digits(number % 1_000_000 * 100 + index, count: 9))CN"
            tellParcel(parcel, at: time + some(0...60), isSuspicious: index == 0)
        }
    }

    private mutating func tellParcel(_ parcel: String, at time: SampleTime, isSuspicious: Bool) {
        func move(_ move: String) -> SampleStep.Write {
            { data in
                data.tag("parcel", parcel)
                data.text("move", move)
                data.text("facility", "Mail centre")
                data.text("port", data.port.locode)
            }
        }
        let came = tell("equipment.moved+article", .post, at: time, move("in"))
        let declared = tell("declaration.lodged+article", .post, 1...10, after: came) { data in
            data.tag("declaration", parcel)
            data.text("kind", "parcel")
            data.tag("parcel", parcel)
            data.text("flow", "import")
            data.text("port", data.port.locode)
            data.text("description", "Gifts")
            data.int("quantity", 1)
        }
        let second = quarantine(at: self.time(declared) + SampleTime.hour)
        var seen = declared
        for (screen, agency) in [SampleAgency.customs, second == .customs ? .border : second].enumerated() {
            let verdict = isSuspicious && screen == 1 ? "suspicious" : "clear"
            seen = tell("image.reviewed", agency, 2...15, after: seen) { data in
                data.tag("parcel", parcel)
                data.tag("image", "IMG-" + parcel)
                data.text("device", "SCAN-M1")
                data.text("screen", data.agency.rawValue)
                data.text("algorithm", "clear")
                data.text("verdict", verdict)
                data.tags("participants", ["CUS", agency.rawValue], as: "agency")
                data.acting(.images)
            }
        }
        if isSuspicious {
            let (last, image) = (seen, "IMG-" + parcel)
            seen = tell("inspection.completed+article", .customs, 20...60, after: last) { data in
                data.tag("declaration", parcel)
                data.tag("parcel", parcel)
                data.text("result", "finding")
                data.text("image", image)
                data.texts("findingIds", ["F-1"])
                data.acting(.inspecting, .inspect)
                data.objects("findings", [0]) { data, _ in data.text("text", "Seeds") }
            }
            let decided = tell("disposition.decided", .customs, 5...30, after: seen) { data in
                data.tag("declaration", parcel)
                data.text("finding", "F-1")
                data.text("matter", SampleItem.disposeGoods.matter ?? "")
                data.text("decision", "destroy")
                data.acting(.disposing, .disposeGoods)
            }
            tell("violation.recorded+article", .customs, 5...20, after: decided) { data in
                data.tag("parcel", parcel)
                data.bool("published", false)
                data.acting(.disposing, .violation)
                data.text("kind", "seeds without a permit")
            }
            return
        }
        let granted = tell("release.granted+article", .customs, 5...20, after: seen) { data in
            data.tag("declaration", parcel)
            data.tag("parcel", parcel)
            data.text("condition", "none")
            data.text("port", data.port.locode)
            data.acting(.documents, .release)
        }
        tell("equipment.moved+article", .post, 20...90, after: granted, move("out"))
    }
}
