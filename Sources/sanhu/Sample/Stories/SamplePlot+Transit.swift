/// Goods in transit: one declaration, one seal from the coast to the place of destination (多式联运).
extension SamplePlot {
    /// The story of a container that goes on by rail. If its seal is broken on the way, it stops there.
    ///
    /// - Parameter number: Tells it from all others.
    init(transit number: Int, at port: SamplePort, arrival: SampleTime, isBroken: Bool, seed: UInt64) {
        self.init(SampleStory(kind: .transit, index: number, seed: seed, port: port))
        let (container, seal) = (
            SampleShipment.container(5_000_000 + number), "CN\(SampleKeys.digits(number, count: 8))"
        )
        let train = "X\(SampleKeys.digits(number % 90_000 + 8_000, count: 5))-\(arrival.dateText)"
        let declaration = SampleShipment.number(
            700_000_000 + number, at: port, year: arrival.date.year, isImport: true, seed)
        let manifest = tell("manifest.lodged", .railway, at: arrival - some(20 * 60...26 * 60)) { data in
            data.tag("conveyance", train)
            data.text("manifest", "M-" + train)
            data.text("action", "new")
            data.text("kind", "original")
            data.text("channel", "single-window")
            data.text("port", data.port.locode)
            data.tags("containers", [container], as: "container")
        }
        tell("conveyance.declared", .railway, 5...30, after: manifest) { data in
            data.tag("conveyance", train)
            data.text("train", train)
            data.text("direction", "departure")
            data.text("port", data.port.locode)
            data.text("channel", "single-window")
        }
        let lodged = tell("declaration.lodged", .declarant, at: arrival - some(120...600), after: manifest) { data in
            data.tag("declaration", declaration)
            data.text("kind", "goods")
            data.text("flow", "import")
            data.text("office", data.port.customsOffice)
            data.object("transport") { data in
                data.bool("isContainerised", true)
                data.objects("containers", [container]) { data, container in
                    data.tag("id", container, as: "container")
                    data.texts("seals", [seal])
                }
            }
            data.text("mode", "transit")
            data.text("channel", "single-window")
            data.text("port", data.port.locode)
        }
        let accepted = tell("declaration.accepted", .customs, 2...10, after: lodged) { data in
            data.tag("declaration", declaration)
            data.acting(.documents, .accept)
        }
        let landed = tellMove(
            container, "discharge", at: arrival + some(60...200), seal, after: accepted, conveyance: nil)
        let sealed = tellSeal("affixed", seal, on: container, declaration, true, .customs, 20...60, after: landed)
        let granted = tell("release.granted", .customs, 5...20, after: sealed) { data in
            data.tag("declaration", declaration)
            data.text("office", data.port.customsOffice)
            data.text("condition", "none")
            data.found("container", container)
            data.acting(.documents, .release)
        }
        tell("release.completed", .singleWindow, 1...2, after: granted, role: .concluded) { data in
            data.tag("declaration", declaration)
            data.found("container", container)
            data.agencies("agencies", [.customs])
            data.text("flow", "import")
        }
        let checked = tellSeal(
            "checked", seal, on: container, declaration, !isBroken, .railway, 60...240, after: granted)
        if isBroken {
            tellBreak(of: seal, on: container, declaration, after: checked, train)
        } else {
            tellMove(
                container, "transship", at: time(checked) + some(20...90), seal, after: checked, conveyance: train,
                isDirect: true)
            tell("conveyance.departed", .railway, 120...300, after: checked) { data in
                data.tag("conveyance", train)
                data.text("direction", "departure")
                data.text("port", data.port.locode)
            }
        }
        let payer = SampleEnterprise(.importer, at: port, seed: seed, random: &random)
        tell("fee.charged", .railway, 60...200, after: checked) { data in
            data.text("code", "RAIL-HAUL")
            data.tag("payer", payer.code, as: "enterprise")
            data.tag("container", container)
            data.int("quantity", 1)
            data.text("port", data.port.locode)
            data.money("amount", 180_000)
        }
    }

    @discardableResult
    private mutating func tellMove(
        _ container: String, _ move: String, at time: SampleTime, _ seal: String, after cause: Int, conveyance: String?,
        isDirect: Bool? = nil, role: SampleStep.Role = .told
    ) -> Int {
        tell("equipment.moved", isDirect == nil ? .terminal : .railway, at: time, after: cause, role: role) { data in
            data.tag("container", container)
            data.text("move", move)
            data.text("facility", "\(data.port.name) railway yard")
            data.text("seal", seal)
            if let isDirect { data.bool("direct", isDirect) }
            data.text("source", "terminal")
            data.text("port", data.port.locode)
            data.tag("conveyance", ifAny: conveyance)
        }
    }

    @discardableResult
    private mutating func tellSeal(
        _ act: String, _ number: String, on container: String, _ declaration: String, _ isIntact: Bool,
        _ agency: SampleAgency, _ minutes: ClosedRange<Int>, after cause: Int, previous: String? = nil
    ) -> Int {
        tell("seal.recorded", agency, minutes, after: cause) { data in
            data.tag("container", container)
            data.tag("declaration", declaration)
            data.text("act", act)
            data.text("number", number)
            data.bool("intact", isIntact)
            data.text("previousNumber", ifAny: previous)
            data.text("device", "LOCK-9")
            data.text("leg", act == "affixed" ? "1" : "2")
            data.text("place", data.port.yard)
            data.text("port", data.port.locode)
            data.text("lockData", "7f3a")
        }
    }

    /// It may not go on directly; it is held, looked at, and sealed anew.
    private mutating func tellBreak(
        of seal: String, on container: String, _ declaration: String, after checked: Int, _ train: String
    ) {
        let held = tell("hold.placed", .customs, 5...30, after: checked) { data in
            data.tag("container", container)
            data.text("scope", "container")
            data.text("legalBasis", "Customs Law Art. 6")
            data.text("reasonClass", "seal-broken")
            data.acting(.disposing, .hold)
        }
        tellMove(
            container, "transship", at: time(held) + some(5...20), seal, after: held, conveyance: train, isDirect: true,
            role: .refused("seal-chain"))
        let removed = tellSeal("removed", seal, on: container, declaration, false, .customs, 60...200, after: held)
        let inspected = tell("inspection.completed", .customs, 60...200, after: removed) { data in
            data.tags("containers", [container], as: "container")
            data.text("result", "no-finding")
            data.texts("opened", [container])
            data.text("method", "manual")
            data.acting(.inspecting, .inspect)
        }
        let renewed = tellSeal(
            "affixed", seal + "B", on: container, declaration, true, .customs, 20...60, after: inspected, previous: seal
        )
        let named = reference(held)
        let lifted = tell("hold.lifted", .customs, 5...30, after: renewed) { data in
            data.tag("container", container)
            data.text("hold", named.id)
            data.text("source", named.source)
            data.acting(.disposing, .lift)
        }
        tellMove(
            container, "transship", at: time(lifted) + some(20...90), seal + "B", after: lifted, conveyance: train,
            isDirect: true)
    }
}
