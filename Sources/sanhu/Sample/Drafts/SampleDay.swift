/// What is to be laid out together: a ship's call with its declarations, a flight, a draw.
struct SampleUnit: Sendable {
    /// Nothing of it is recorded earlier than ``SampleDay/foreshadow`` before.
    let anchor: SampleTime
    let plots: @Sendable () -> [SamplePlot]
}

/// A day at the port: what comes, and how it fares.
struct SampleDay: Sendable {
    /// The longest time before a ship's arrival, or a day's beginning, that anything is recorded that has to do with it.
    static let foreshadow = 48 * SampleTime.hour
    /// The number of ratings, drills and so on that come to this many declarations.
    private static let unit = 150

    let index: Int
    let generator: SampleGenerator
    let midnight: SampleTime

    init(_ index: Int, of generator: SampleGenerator) {
        self.index = index
        self.generator = generator
        midnight = generator.beginning + index * SampleTime.day
    }

    /// All there is of the day, in the order of anchors.
    func makeUnits() -> [SampleUnit] {
        let calls = makeCalls()
        var units = calls.map { call, shipments, draws in
            let isInfected = generator.isWhole && call.index & 0x3FF == 1
            return SampleUnit(anchor: call.arrival) { [seed = generator.seed] in
                [SamplePlot(of: call, seed: seed, isInfected: isInfected)]
                    + shipments.map { SamplePlot(of: $0, seed: seed, draw: draws[$0.index]) }
            }
        }
        guard generator.isWhole else { return units }
        units += makeOthers(calls.flatMap(\.shipments))
        if let draw = calls.lazy.flatMap(\.draws.values).first {
            units.append(
                SampleUnit(anchor: midnight) { [self] in
                    [SamplePlot(of: draw, day: index, from: midnight, at: generator.port, seed: generator.seed)]
                })
        }
        return units.sorted { $0.anchor < $1.anchor }
    }

    // MARK: Ships

    private typealias Call = (call: SampleCall, shipments: [SampleShipment], draws: [Int: SampleDraw])

    /// The calls in the order of their arrivals, with what they carry, and by which draw it was drawn.
    private func makeCalls() -> [Call] {
        let calls = plannedCalls()
        guard generator.isWhole else {
            return calls.map { call, indices in (call, indices.map { shipment($0, call, nil) }, [:]) }
        }
        let chance = calls.map { call, indices in
            indices.map { shipment($0, call, script(of: $0)) }
        }
        let pool = chance.flatMap { $0 }.filter { $0.isImport && script(of: $0.index) == nil && $0.index > 0 }
        let name = "D-\(midnight.dateText)"
        let draw = SampleDraw(
            day: index, name: name, containers: pool.flatMap(\.containers), at: generator.port, seed: generator.seed)
        guard let draw else { return zip(calls, chance).map { ($0.0, $1, [:]) } }
        let picks = Set(draw.picks)
        return zip(calls, chance).map { call, shipments in
            var draws: [Int: SampleDraw] = [:]
            let all = shipments.map { known in
                guard known.containers.contains(where: { picks.contains("container:" + $0) }) else { return known }
                draws[known.index] = draw
                return shipment(known.index, call.0, .drawn)
            }
            return (call.0, all, draws)
        }
    }

    private func plannedCalls() -> [(SampleCall, [Int])] {
        var random = SplitMix64(seed: generator.seed, part: UInt64(index), of: 0xDA75)
        let first = index * generator.declarationsPerDay
        var (sizes, left): ([Int], Int) = ([], generator.declarationsPerDay)
        while left > 0 {
            sizes.append(min(left, random.within(4...12)))
            left -= sizes[sizes.count - 1]
        }
        let arrivals = sizes.map { _ in midnight + random.below(SampleTime.day) }.sorted()
        var (calls, next): ([(SampleCall, [Int])], Int) = ([], first)
        for (number, size) in sizes.enumerated() {
            let indices = Array(next..<min(next + size, max(next, generator.limit)))
            next += size
            guard !indices.isEmpty else { break }
            let call = SampleCall(
                index: index << 10 | number & 0x3FF | (number >> 10) << 40, at: generator.port,
                arrival: arrivals[number], seed: generator.seed)
            calls.append((call, indices))
        }
        return calls
    }

    private func shipment(_ index: Int, _ call: SampleCall, _ script: SampleScript?) -> SampleShipment {
        SampleShipment(index: index, call: call, script: script, seed: generator.seed)
    }

    /// The script that a declaration has whatever chance says: those of every day are spread over it.
    private func script(of shipment: Int) -> SampleScript? {
        let daily = SampleScript.daily
        let stride = max(1, generator.declarationsPerDay / (daily.count + 1))
        let place = shipment % generator.declarationsPerDay
        let number = place / stride
        return place % stride == min(1, stride - 1) && number < daily.count ? daily[number] : nil
    }

    // MARK: All else

    private func makeOthers(_ shipments: [SampleShipment]) -> [SampleUnit] {
        let (port, seed, scale) = (generator.port, generator.seed, max(1, generator.declarationsPerDay / Self.unit))
        var random = SplitMix64(seed: seed, part: UInt64(index), of: 0x07E5)
        var units: [SampleUnit] = []
        /// Some of a kind, each at some time of the day.
        func add(_ count: Int, from hour: Int, to end: Int, _ make: @escaping @Sendable (Int, SampleTime) -> SamplePlot)
        {
            for number in 0..<count {
                let time = midnight + random.within(hour * SampleTime.hour...end * SampleTime.hour)
                let name = index * 1_000 * scale + number
                units.append(SampleUnit(anchor: time) { [make(name, time)] })
            }
        }
        let first = index * 1_000 * scale
        let objects = shipments.prefix(16).map(\.number)
        guard let object = objects.first else { return [] }
        add(4 * scale, from: 2, to: 20) {
            SamplePlot(transit: $0, at: port, arrival: $1, isBroken: $0 == first, seed: seed)
        }
        add(3 * scale, from: 6, to: 16) { SamplePlot(commerce: $0, at: port, at: $1, inventories: 12, seed: seed) }
        add(2 * scale, from: 5, to: 17) { SamplePlot(mail: $0, at: port, at: $1, parcels: 12, seed: seed) }
        add(2 * scale, from: 6, to: 22) { SamplePlot(flight: $0, at: port, landing: $1, passengers: 12, seed: seed) }
        add(SamplePlot.kindsOfAssistance, from: 8, to: 17) {
            let place = $0 - first
            return SamplePlot(
                assistance: $0, kind: place, about: objects[place % objects.count], at: port, at: $1, seed: seed)
        }
        add(3, from: 8, to: 17) { SamplePlot(disclosure: $0, about: object, at: port, at: $1, seed: seed) }
        add(1, from: 8, to: 17) { SamplePlot(complaint: $0 + 500, about: object, at: port, at: $1, seed: seed) }
        add(1, from: 7, to: 10) { SamplePlot(watch: $0, at: port, at: $1, seed: seed) }
        add(scale, from: 8, to: 12) { SamplePlot(office: $0, at: port, at: $1, seed: seed) }
        add(1, from: 8, to: 16) { SamplePlot(wrong: $0, at: port, at: $1, seed: seed) }
        return units
    }
}
