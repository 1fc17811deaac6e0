/// One event of the sample, before it is written: who, what, when, and which event it follows from.
struct SampleStep: Sendable {
    /// What it belongs to: a ship's call, or one declaration.
    enum Story: Sendable {
        case call(SampleCall)
        case shipment(SampleShipment)

        /// The name of the story, which its events' ids begin with.
        var name: String {
            switch self {
            case .call(let call): "v" + SampleKeys.digits(call.index, count: 6)
            case .shipment(let shipment): "d" + SampleKeys.digits(shipment.index, count: 6)
            }
        }

        /// The call, or the one that carries the goods.
        var call: SampleCall {
            switch self {
            case .call(let call): call
            case .shipment(let shipment): shipment.call
            }
        }
    }

    let story: Story
    let act: SampleAct
    let time: SampleTime
    /// Its number in its story; none comes twice.
    let ordinal: Int
    /// The event that it follows from: its number in the same story.
    let cause: Int?
}
