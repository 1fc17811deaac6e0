internal import ExchangeProtocol

extension SubscriptionDesk {
    static func unknown(_ name: SubscriptionName) -> Problem {
        Problem(
            404, "unknownSubscription", "There is no such subscription",
            "\(name.agency.prefix(64)) has no subscription “\(name.name.prefix(64))”. PUT /subscriptions/NAME makes one."
        )
    }

    static var busy: Problem {
        Problem(
            503, "busy", "The subscription is being changed", "The subscription is being changed. Ask again.",
            retry: .later, retryAfter: 1)
    }

    static var tooMany: Problem {
        Problem(
            422, "limitExceeded", "A limit is exceeded",
            "An agency has at most \(SubscriptionLimits.perAgency) subscriptions. Delete one, or let consumers share one."
        )
    }

    static func startIsFixed(_ live: LiveSubscription) -> Problem {
        Problem(
            409, "startIsFixed", "The subscription has begun",
            "It began at position \(live.definition.from), and its cursor is at \(live.figures.cursor). Leave “from” out, or "
                + "delete the subscription and make it anew.")
    }

    static let redefined = Problem(
        409, "redefined", "The subscription was changed",
        "The subscription was changed. Ask again: it goes on from its cursor.", retry: .later, retryAfter: 1)

    static let deleted = Problem(
        404, "unknownSubscription", "There is no such subscription", "The subscription was deleted.")
}
