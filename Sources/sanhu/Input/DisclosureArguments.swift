public import ArgumentParser
public import Exchange

extension AssistanceKind: ExpressibleByArgument {}
extension AssistanceAnswer.Result: ExpressibleByArgument {}
extension DisclosureStanding.State: ExpressibleByArgument {}
