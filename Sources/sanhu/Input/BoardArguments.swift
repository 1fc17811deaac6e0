public import ArgumentParser
public import Clearance

extension BoardKind: ExpressibleByArgument {}
